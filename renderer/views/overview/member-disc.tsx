/** One member in the picture. Each condition has its own outline and sign; colour comes on top. */
import type { MemberView } from '../../../cluster/api/ensemble.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import { conditionLabels, isCurrent, type MemberCondition } from '../member-state.ts';
import { useFormats } from '../use-formats.ts';
import { labelPlace, type Point, type Stage } from './ring-geometry.ts';

interface DiscLook {
  readonly fill: string;
  readonly stroke: string;
  readonly ink: string;
  readonly dash?: string;
  readonly width: number;
}

const looks: Readonly<Record<MemberCondition, DiscLook>> = {
  leader: { fill: 'var(--accent)', stroke: 'var(--accent)', ink: 'var(--on-accent)', width: 2 },
  follower: { fill: 'var(--surface)', stroke: 'var(--ok)', ink: 'var(--ink)', width: 2 },
  candidate: {
    fill: 'var(--warn-soft)',
    stroke: 'var(--warn)',
    ink: 'var(--warn)',
    dash: '10 5',
    width: 2.5,
  },
  preCandidate: { fill: 'var(--surface)', stroke: 'var(--warn)', ink: 'var(--warn)', dash: '10 5', width: 2 },
  starting: {
    fill: 'var(--surface)',
    stroke: 'var(--line-strong)',
    ink: 'var(--ink-2)',
    dash: '3 4',
    width: 2,
  },
  stopping: {
    fill: 'var(--surface)',
    stroke: 'var(--line-strong)',
    ink: 'var(--ink-2)',
    dash: '3 4',
    width: 2,
  },
  stopped: {
    fill: 'var(--sunken)',
    stroke: 'var(--line-strong)',
    ink: 'var(--ink-3)',
    dash: '2 5',
    width: 1.5,
  },
  paused: { fill: 'var(--warn-soft)', stroke: 'var(--warn)', ink: 'var(--warn)', width: 1.5 },
  crashed: { fill: 'var(--bad-soft)', stroke: 'var(--bad)', ink: 'var(--bad)', width: 2 },
  silent: { fill: 'var(--surface)', stroke: 'var(--warn)', ink: 'var(--warn)', dash: '2 5', width: 2 },
};

export function MemberDisc(props: {
  readonly stage: Stage;
  readonly member: MemberView;
  readonly condition: MemberCondition;
  readonly position: Point;
  readonly behind: number;
  /** Left out where there is little room and it says nothing new. */
  readonly showTerm: boolean;
  /** Age of its last report, in words. */
  readonly age: string;
  readonly justElected: boolean;
  readonly selected: boolean;
}) {
  const t = useTranslate();
  const { stage, condition, position } = props;
  const { radius } = stage;
  const look = looks[condition];
  return (
    <g transform={`translate(${position.x} ${position.y})`}>
      {props.justElected && (
        <circle
          r={radius + 6}
          fill="none"
          stroke="var(--accent)"
          strokeWidth="3"
          className="animate-[elected_180ms_ease-out_3_both]"
        />
      )}
      {props.selected && (
        <circle r={radius + 9} fill="none" stroke="var(--accent)" strokeWidth="1.5" strokeDasharray="2 3" />
      )}
      <circle
        r={radius}
        fill={look.fill}
        stroke={look.stroke}
        strokeWidth={look.width}
        {...(look.dash === undefined ? {} : { strokeDasharray: look.dash })}
      />
      {condition === 'leader' && (
        <circle r={radius + 5} fill="none" stroke="var(--accent)" strokeWidth="1.5" />
      )}
      <text y={-radius * 0.02} textAnchor="middle" fontSize={radius * 0.62} fontWeight="600" fill={look.ink}>
        {props.member.id}
      </text>
      <text y={radius * 0.44} textAnchor="middle" fontWeight="500" fill={look.ink} className="text-2xs">
        {t(conditionLabels[condition])}
      </text>
      <Sign condition={condition} radius={radius} />
      {props.stage.labels !== 'none' && <Label {...props} />}
    </g>
  );
}

/** The second sign beside colour, on the disc's upper right: crown, bars, cross, square, question mark. */
function Sign({ condition, radius }: { readonly condition: MemberCondition; readonly radius: number }) {
  const shape = signs[condition];
  if (shape === undefined) return null;
  if (condition === 'leader') {
    return (
      <path
        d="M-13 6 L-15 -7 L-7 -1 L0 -11 L7 -1 L15 -7 L13 6 Z"
        transform={`translate(0 ${-radius - 12})`}
        fill="var(--accent)"
      />
    );
  }
  const { stroke } = looks[condition];
  return (
    <g transform={`translate(${radius * 0.72} ${-radius * 0.72})`}>
      <circle r="11" fill="var(--surface)" stroke={stroke} strokeWidth="1.5" />
      <path
        d={shape}
        stroke={stroke}
        strokeWidth="2"
        fill="none"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </g>
  );
}

const signs: Readonly<Partial<Record<MemberCondition, string>>> = {
  leader: 'crown',
  candidate: 'M0 5 L0 -5 M-4 -1 L0 -5 L4 -1',
  preCandidate: 'M-4.5 0 L-4.4 0 M0 0 L0.1 0 M4.5 0 L4.6 0',
  starting: 'M-3 -4 L4 0 L-3 4 Z',
  stopping: 'M-3.5 -3.5 H3.5 V3.5 H-3.5 Z',
  stopped: 'M-3.5 -3.5 H3.5 V3.5 H-3.5 Z',
  paused: 'M-2.5 -4 V4 M2.5 -4 V4',
  crashed: 'M-4 -4 L4 4 M4 -4 L-4 4',
  silent: 'M-2.8 -2.6 Q-2.6 -5.4 0.2 -5.4 Q3 -5.2 2.8 -2.6 Q2.4 -1 0 0 V1.4 M0 5 V5.1',
};

function Label(props: {
  readonly stage: Stage;
  readonly member: MemberView;
  readonly condition: MemberCondition;
  readonly position: Point;
  readonly behind: number;
  readonly showTerm: boolean;
  readonly age: string;
}) {
  const t = useTranslate();
  const { count } = useFormats();
  const { report, clientPort } = props.member;
  const place = labelPlace(props.stage, props.position);
  const current = isCurrent(props.condition);
  if (report === null) return null;
  const detail = () => {
    if (!current) return props.age;
    if (props.behind > 0) return t('overview.behind', { count: props.behind });
    return `:${clientPort}`;
  };
  return (
    <g
      textAnchor={place.anchor}
      className="text-xs"
      opacity={current ? 1 : 0.75}
      stroke="var(--surface)"
      strokeWidth="5"
      strokeLinejoin="round"
      paintOrder="stroke"
      transform={`translate(${place.x} ${place.y})`}
    >
      <text fill="var(--ink)">
        {props.showTerm && `${t('overview.termOf', { term: report.term })} · `}
        {t('overview.appliedOf', { index: count(report.applied) })}
      </text>
      <text y="1.35em" fill={current && props.behind === 0 ? 'var(--ink-3)' : 'var(--warn)'}>
        {detail()}
      </text>
    </g>
  );
}
