/** The ensemble as a live picture: members on a ring, the links between them, the term in the middle. */
import type { EnsembleView } from '../../../cluster/api/ensemble.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import { selectIsLive, selectNow, selectRoute } from '../../store/selectors.ts';
import { useSelect } from '../../store/store-context.tsx';
import { classNames } from '../../ui/class-names.ts';
import { conditionLabels, conditionOf, highestCommit } from '../member-state.ts';
import { useFormats } from '../use-formats.ts';
import { LinkLine } from './link-lines.tsx';
import { linksOf } from './links.ts';
import { MemberDisc } from './member-disc.tsx';
import { MemberMenu } from './member-menu.tsx';
import { centre, memberRadius, ringPosition, stage } from './ring-geometry.ts';

/** How long a new leader is marked as such. */
const justElectedMs = 5_000;

/** With more members than this only the leader's links carry their round trip: the rest would overlap. */
const allTimesMembersMax = 3;

export function EnsemblePicture({ ensemble }: { readonly ensemble: EnsembleView }) {
  const t = useTranslate();
  const nowMs = useSelect(selectNow);
  const live = useSelect(selectIsLive);
  const changedAtMs = useSelect((state) => state.ensemble.leaderChangedAtMs);
  const route = useSelect(selectRoute);
  const { members, leader } = ensemble;
  const judgedAt = live ? nowMs : null;
  const places = new Map(members.map(({ id }, at) => [id, ringPosition(at, members.length)]));
  const commit = highestCommit(members);
  const justElected = changedAtMs !== null && nowMs - changedAtMs < justElectedMs;
  const leaderText = leader === null ? t('overview.leaderNone') : t('overview.leaderIs', { member: leader });

  return (
    <svg
      viewBox={`0 0 ${stage.width} ${stage.height}`}
      role="group"
      aria-label={t('overview.pictureText', { count: members.length, leader: leaderText })}
      className={classNames('h-full w-full', !live && 'opacity-55 grayscale')}
    >
      <g aria-hidden>
        {linksOf(members, { leader, nowMs: judgedAt }).map((link) => {
          const a = places.get(link.a);
          const b = places.get(link.b);
          if (a === undefined || b === undefined) return null;
          const showTime = link.ofLeader || members.length <= allTimesMembersMax;
          return <LinkLine key={`${link.a}-${link.b}`} link={link} a={a} b={b} showTime={showTime} />;
        })}
        <Middle ensemble={ensemble} judgedAt={judgedAt} changedAtMs={justElected ? changedAtMs : null} />
        {members.map((member) => (
          <MemberDisc
            key={member.id}
            member={member}
            condition={conditionOf(member, judgedAt)}
            position={places.get(member.id) ?? centre}
            behind={Math.max(0, commit - (member.report?.applied ?? commit))}
            justElected={justElected && member.id === leader}
            selected={route.screen === 'overview' && route.member === member.id}
          />
        ))}
      </g>
      {members.map((member) => {
        const { x, y } = places.get(member.id) ?? centre;
        const label = `${t('common.member', { id: member.id })}: ${t(conditionLabels[conditionOf(member, judgedAt)])}`;
        return (
          <foreignObject
            key={member.id}
            x={x - memberRadius - 6}
            y={y - memberRadius - 6}
            width={2 * memberRadius + 12}
            height={2 * memberRadius + 12}
          >
            <MemberMenu
              member={member}
              trigger={
                <button
                  type="button"
                  aria-label={label}
                  className="size-full rounded-full hover:bg-[rgb(127_127_127/8%)]"
                />
              }
            />
          </foreignObject>
        );
      })}
    </svg>
  );
}

function Middle(props: {
  readonly ensemble: EnsembleView;
  readonly judgedAt: number | null;
  readonly changedAtMs: number | null;
}) {
  const t = useTranslate();
  const { count, duration } = useFormats();
  const nowMs = useSelect(selectNow);
  const { ensemble, judgedAt, changedAtMs } = props;
  const conditions = ensemble.members.map((member) => conditionOf(member, judgedAt));
  const electing = conditions.includes('candidate') || conditions.includes('preCandidate');
  const y =
    ensemble.members.length === 1 ? centre.y + 40 : centre.y + (ensemble.members.length === 3 ? 26 : 0);
  const line = () => {
    if (electing) return { text: t('overview.electing'), color: 'var(--warn)' };
    if (ensemble.health.level === 'stopped') return { text: t('overview.stopped'), color: 'var(--ink-3)' };
    if (ensemble.leader === null) return { text: t('overview.noLeader'), color: 'var(--bad)' };
    if (changedAtMs === null) return { text: '', color: 'var(--ink-3)' };
    const age = duration(Math.max(0, Math.floor((nowMs - changedAtMs) / 1_000)) * 1_000);
    return { text: t('overview.justElected', { age }), color: 'var(--accent)' };
  };
  const { text, color } = line();
  return (
    <g textAnchor="middle" transform={`translate(${centre.x} ${y})`}>
      {ensemble.members.length > 3 && <circle r="52" fill="var(--surface)" />}
      <text y="-20" fontSize="11.5" fill="var(--ink-3)">
        {t('overview.term')}
      </text>
      <text y="10" fontSize="30" fontWeight="600" fill="var(--ink)">
        {count(ensemble.term)}
      </text>
      <text y="30" fontSize="11.5" fontWeight="500" fill={color}>
        {text}
      </text>
    </g>
  );
}
