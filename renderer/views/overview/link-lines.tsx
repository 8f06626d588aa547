/** The links of the picture: what carries, what is idle, what is cut and in which direction. */

import { unreachable } from '../../../cluster/base/assert.ts';
import { useFormats } from '../use-formats.ts';
import type { Link, LinkState } from './links.ts';
import { between, hasRoomForSign, type Line, type Point, type Stage, signPlace } from './ring-geometry.ts';

/** How far the two directions of a link are apart when they differ. */
const apart = 7;

export function LinkLine(props: {
  readonly stage: Stage;
  readonly link: Link;
  readonly ends: Line;
  readonly showTime: boolean;
}) {
  const { stage, link, ends } = props;
  const { duration } = useFormats();
  if (link.forth !== link.back) {
    return (
      <g>
        <OneWay stage={stage} ends={ends} state={link.forth} />
        <OneWay stage={stage} ends={{ from: ends.to, to: ends.from }} state={link.back} />
      </g>
    );
  }
  const line = between(stage, ends, 0);
  const hasRoom = hasRoomForSign(stage, line);
  const time = props.showTime && hasRoom && link.roundTripMs !== null ? duration(link.roundTripMs) : null;
  return (
    <g>
      <Stroke line={line} state={link.forth} strong={link.ofLeader} />
      {link.forth === 'cut' && <Cross at={signPlace(stage, line)} />}
      {time !== null && <TimeLabel at={signPlace(stage, line)} text={time} />}
    </g>
  );
}

function OneWay(props: { readonly stage: Stage; readonly ends: Line; readonly state: LinkState }) {
  const line = between(props.stage, props.ends, apart);
  return (
    <g>
      <Stroke line={line} state={props.state} strong={false} />
      <Arrow line={line} color={props.state === 'cut' ? 'var(--bad)' : 'var(--ink-2)'} />
      {props.state === 'cut' && <Cross at={signPlace(props.stage, line)} />}
    </g>
  );
}

function Stroke(props: { readonly line: Line; readonly state: LinkState; readonly strong: boolean }) {
  const { from, to } = props.line;
  return (
    <line
      x1={from.x}
      y1={from.y}
      x2={to.x}
      y2={to.y}
      strokeLinecap="round"
      {...strokeOf(props.state, props.strong)}
    />
  );
}

function strokeOf(state: LinkState, strong: boolean) {
  switch (state) {
    case 'live':
      return strong
        ? { stroke: 'var(--accent)', strokeWidth: 2.25 }
        : { stroke: 'var(--line-strong)', strokeWidth: 1.25 };
    case 'idle':
      return { stroke: 'var(--line-strong)', strokeWidth: 1.25, strokeDasharray: '7 5' };
    case 'cut':
      return { stroke: 'var(--bad)', strokeWidth: 1.75, strokeDasharray: '6 6' };
    case 'unknown':
      return { stroke: 'var(--line-strong)', strokeWidth: 2, strokeDasharray: '0.1 7' };
    default:
      return unreachable(state);
  }
}

function Arrow({ line, color }: { readonly line: Line; readonly color: string }) {
  const degrees = (Math.atan2(line.to.y - line.from.y, line.to.x - line.from.x) * 180) / Math.PI;
  return (
    <path
      d="M0 0 L-10 -5 L-10 5 Z"
      fill={color}
      transform={`translate(${line.to.x} ${line.to.y}) rotate(${degrees})`}
    />
  );
}

function Cross({ at }: { readonly at: Point }) {
  return (
    <g transform={`translate(${at.x} ${at.y})`}>
      <circle r="9" fill="var(--bad-soft)" stroke="var(--bad)" strokeWidth="1.25" />
      <path
        d="M-3.5 -3.5 L3.5 3.5 M3.5 -3.5 L-3.5 3.5"
        stroke="var(--bad)"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </g>
  );
}

/** Wide enough for the text in the type of the label, in em. */
const labelWidth = (text: string) => text.length * 0.62 + 0.9;

function TimeLabel({ at, text }: { readonly at: Point; readonly text: string }) {
  const width = labelWidth(text);
  return (
    <g transform={`translate(${at.x} ${at.y})`} className="text-2xs">
      <rect
        x={`${-width / 2}em`}
        y="-0.8em"
        width={`${width}em`}
        height="1.6em"
        rx="4"
        fill="var(--surface)"
      />
      <text dy="0.35em" textAnchor="middle" fill="var(--ink-2)" className="font-mono">
        {text}
      </text>
    </g>
  );
}

/** A vote given in an open election. */
export function VoteArrow(props: { readonly stage: Stage; readonly ends: Line }) {
  const line = between(props.stage, props.ends, -apart);
  const { from, to } = line;
  return (
    <g>
      <line
        x1={from.x}
        y1={from.y}
        x2={to.x}
        y2={to.y}
        stroke="var(--warn)"
        strokeWidth="2"
        strokeDasharray="4 3"
      />
      <Arrow line={line} color="var(--warn)" />
    </g>
  );
}
