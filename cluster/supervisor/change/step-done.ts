/** Whether a step of a change is done already: by facts, so that a change can be gone on with after any interruption. */
import type { ChangeStep } from '../../api/changes.ts';
import type { EnsembleView } from '../../api/ensemble.ts';
import { unreachable } from '../../base/assert.ts';
import type { ChangeRecord, EnsembleRecord } from '../ensemble-file.ts';
import { type Agreed, belongs, has, type RecordedSeat } from './agreed.ts';

/** A learner this close to the commit index may be promoted; the leader has the last word. Some milliseconds of heavy writing. */
const caughtUpEntriesMax = 500;

export interface Facts {
  readonly change: ChangeRecord;
  readonly record: EnsembleRecord;
  /** Null: no member leads. */
  readonly agreed: Agreed | null;
  readonly view: Pick<EnsembleView, 'members'>;
}

export function isStepDone(step: ChangeStep, facts: Facts): boolean {
  const { change, record, agreed, view } = facts;
  const oldSeat = seatOf(change.member, change.oldIncarnation);
  const newSeat = seatOf(change.member, change.newIncarnation);
  const known = record.members.find(({ id }) => id === change.member) ?? null;
  // From here on the old directory is somewhere else, and whatever has this id is the new one.
  const isNew = newSeat !== null && known?.incarnation === newSeat.incarnation;
  const hasLeft = change.kind === 'remove' ? known === null : isNew;
  const state = view.members.find(({ id }) => id === change.member)?.process.kind ?? 'stopped';
  switch (step) {
    case 'handOver':
      return hasLeft || oldSeat === null || (agreed !== null && agreed.leader !== change.member);
    case 'removeSeat':
      return hasLeft || oldSeat === null || isOut(oldSeat, agreed);
    case 'stopProcess':
      return hasLeft || state === 'stopped' || state === 'crashed';
    case 'archive':
      return hasLeft;
    case 'makeDirectory':
      return isNew && known?.standing !== 'making' && state === 'up';
    case 'introduce':
      // Telling everyone again costs nothing.
      return false;
    case 'addLearner':
      return agreed?.settled === true && takesPart(newSeat, agreed);
    case 'catchUp':
      return isVoter(newSeat, agreed) || (takesPart(newSeat, agreed) && isCaughtUp(change.member, agreed));
    case 'promote':
      return agreed?.settled === true && isVoter(newSeat, agreed);
    default:
      return unreachable(step);
  }
}

/** How much of the log a learner has, by its leader; null when that is not known. */
export function catchingUp(
  member: number,
  agreed: Agreed | null,
): { readonly done: number; readonly total: number } | null {
  const follower = agreed?.report.followers.find(({ id }) => id === member);
  if (agreed === null || follower === undefined) return null;
  return { done: Math.min(follower.match, agreed.report.commit), total: agreed.report.commit };
}

function isCaughtUp(member: number, agreed: Agreed | null): boolean {
  const progress = catchingUp(member, agreed);
  return progress !== null && progress.done > 0 && progress.total - progress.done <= caughtUpEntriesMax;
}

function isVoter(seat: RecordedSeat | null, agreed: Agreed | null): boolean {
  return seat !== null && agreed !== null && has(agreed.membership.voters, seat);
}

function takesPart(seat: RecordedSeat | null, agreed: Agreed | null): boolean {
  return seat !== null && agreed !== null && belongs(agreed.membership, seat);
}

function isOut(seat: RecordedSeat, agreed: Agreed | null): boolean {
  return agreed?.settled === true && !belongs(agreed.membership, seat);
}

function seatOf(id: number, incarnation: number | null): RecordedSeat | null {
  return incarnation === null ? null : { id, incarnation };
}
