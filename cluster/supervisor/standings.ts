/** Keeps the record's standings in step with what the ensemble agreed on. */
import type { Standing } from '../api/membership.ts';
import { removedSeatsMax } from '../base/membership.ts';
import { type Agreed, has } from './change/agreed.ts';
import type { EnsembleRecord, MemberRecord, Tombstone } from './ensemble-file.ts';

/** The parts of the record that are out of step, corrected; null when nothing is. */
export function standingsAfter(
  record: EnsembleRecord,
  { settled, membership }: Pick<Agreed, 'settled' | 'membership'>,
  nowMs: number,
): Pick<EnsembleRecord, 'members' | 'removed'> | null {
  if (!settled || record.state === 'creating') return null;
  // A seat that the change under way gives up is that change's business.
  const changing = record.change?.member ?? null;
  const buried: Tombstone[] = [];
  const members = record.members.map((member) => {
    const standing = standingOf(member);
    if (standing === member.standing) return member;
    if (standing === 'lost') {
      if (member.id === changing) return member;
      const { id, incarnation } = member;
      buried.push({ member: id, incarnation, why: 'removed', atMs: nowMs, archive: null });
    }
    return { ...member, standing };
  });
  const isSame = members.every((member, at) => member === record.members[at]);
  return isSame ? null : { members, removed: withTombstones(record.removed, buried) };

  function standingOf(member: MemberRecord): Standing {
    if (member.standing === 'making' || member.standing === 'lost') return member.standing;
    if (has(membership.voters, member)) return 'voter';
    if (has(membership.learners, member)) return 'learner';
    return has(membership.removed, member) ? 'lost' : member.standing;
  }
}

/** The newest are kept, as many as the members remember; a seat is buried once. */
export function withTombstones(known: readonly Tombstone[], more: readonly Tombstone[]): Tombstone[] {
  const fresh = more.filter(
    ({ member, incarnation }) =>
      !known.some((other) => other.member === member && other.incarnation === incarnation),
  );
  return [...known, ...fresh].slice(-removedSeatsMax);
}
