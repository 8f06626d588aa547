/** The ensemble as a live picture: members on a ring, the links between them, the term in the middle. */
import { useRef } from 'react';
import type { EnsembleView } from '../../../cluster/api/ensemble.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import { selectIsLive, selectNow, selectRoute } from '../../store/selectors.ts';
import { useSelect } from '../../store/store-context.tsx';
import { classNames } from '../../ui/class-names.ts';
import { useRowHeight } from '../../ui/use-row-height.ts';
import { useSize } from '../../ui/use-size.ts';
import { conditionLabels, conditionOf, highestCommit } from '../member-state.ts';
import { useAge } from '../use-age.ts';
import { LinkLine, VoteArrow } from './link-lines.tsx';
import { linksOf, votesOf } from './links.ts';
import { MemberDisc } from './member-disc.tsx';
import { MemberMenu } from './member-menu.tsx';
import { PictureMiddle } from './picture-middle.tsx';
import { type Point, ringPosition, type Stage, stageFor } from './ring-geometry.ts';

/** How long a new leader is marked as such. */
const justElectedMs = 5_000;

/** With more members than this only the leader's links carry their round trip: the rest would overlap. */
const allTimesMembersMax = 3;

interface Places {
  readonly stage: Stage;
  at(member: number): Point;
}

export function EnsemblePicture({ ensemble }: { readonly ensemble: EnsembleView }) {
  const t = useTranslate();
  const frame = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(frame);
  const rem = useRowHeight(1);
  const live = useSelect(selectIsLive);
  const { members, leader } = ensemble;
  const stage = stageFor({ width, height, rem, members: members.length });
  const points = new Map(members.map(({ id }, at) => [id, ringPosition(stage, at, members.length)]));
  const places: Places = { stage, at: (member) => points.get(member) ?? stage.centre };
  const leaderText = leader === null ? t('overview.leaderNone') : t('overview.leaderIs', { member: leader });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset groups inputs; this groups the members of a picture.
    <div
      ref={frame}
      role="group"
      aria-label={t('overview.pictureText', { count: members.length, leader: leaderText })}
      className={classNames('relative size-full', !live && 'opacity-80')}
    >
      {width > 0 && (
        <>
          <Drawing ensemble={ensemble} places={places} />
          <MemberButtons ensemble={ensemble} places={places} />
        </>
      )}
    </div>
  );
}

function Drawing({ ensemble, places }: { readonly ensemble: EnsembleView; readonly places: Places }) {
  const nowMs = useSelect(selectNow);
  const live = useSelect(selectIsLive);
  const changedAtMs = useSelect((state) => state.ensemble.leaderChangedAtMs);
  const route = useSelect(selectRoute);
  const ageOf = useAge();
  const { members, leader } = ensemble;
  const { stage, at } = places;
  const judgedAt = live ? nowMs : null;
  const commit = highestCommit(members);
  const justElected = changedAtMs !== null && nowMs - changedAtMs < justElectedMs;
  return (
    <svg width={stage.width} height={stage.height} className="absolute inset-0" aria-hidden>
      {linksOf(members, { leader, nowMs: judgedAt }).map((link) => (
        <LinkLine
          key={`${link.a}-${link.b}`}
          stage={stage}
          link={link}
          ends={{ from: at(link.a), to: at(link.b) }}
          showTime={link.ofLeader || members.length <= allTimesMembersMax}
        />
      ))}
      {votesOf(members, judgedAt).map(({ from, to }) => (
        <VoteArrow key={from} stage={stage} ends={{ from: at(from), to: at(to) }} />
      ))}
      <PictureMiddle
        stage={stage}
        ensemble={ensemble}
        judgedAt={judgedAt}
        changedAtMs={justElected ? changedAtMs : null}
      />
      {members.map((member) => (
        <MemberDisc
          key={member.id}
          stage={stage}
          member={member}
          condition={conditionOf(member, judgedAt)}
          position={at(member.id)}
          behind={Math.max(0, commit - (member.report?.applied ?? commit))}
          showTerm={stage.labels === 'full' || member.report?.term !== ensemble.term}
          age={ageOf(member.reportedAtMs)}
          justElected={justElected && member.id === leader}
          selected={route.screen === 'overview' && route.member === member.id}
        />
      ))}
    </svg>
  );
}

/** The discs as buttons that open the member's menu. */
function MemberButtons({ ensemble, places }: { readonly ensemble: EnsembleView; readonly places: Places }) {
  const t = useTranslate();
  const nowMs = useSelect(selectNow);
  const live = useSelect(selectIsLive);
  const { radius } = places.stage;
  return ensemble.members.map((member) => {
    const { x, y } = places.at(member.id);
    const condition = conditionOf(member, live ? nowMs : null);
    return (
      <MemberMenu
        key={member.id}
        member={member}
        trigger={
          <button
            type="button"
            aria-label={`${t('common.member', { id: member.id })}: ${t(conditionLabels[condition])}`}
            className="absolute rounded-full hover:bg-[rgb(127_127_127/9%)]"
            style={{ left: x - radius, top: y - radius, width: 2 * radius, height: 2 * radius }}
          />
        }
      />
    );
  });
}
