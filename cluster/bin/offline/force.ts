/**
 * A forced recovery as the operator sees it: planned under an id that names exactly this situation, and
 * carried out only under that id.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { incarnation, memberId, term } from '../../base/ids.ts';
import { removedSeatsMax, type Seat } from '../../base/membership.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { createDisk } from '../../node/disk.ts';
import { decodeHardState, encodeHardState } from '../../raft/codec.ts';
import { archiveName, memberFolders, saveRecord } from '../../supervisor/data-folder.ts';
import type { EnsembleRecord, Tombstone } from '../../supervisor/ensemble-file.ts';
import { forgetLife } from '../../supervisor/life-record.ts';
import { makeFolder } from '../../supervisor/make-folder.ts';
import { withTombstones } from '../../supervisor/standings.ts';
import { forceRecovery } from '../../wal/offline/force-recovery.ts';
import { planRecovery, type RecoveryPlan } from '../../wal/offline/recovery-plan.ts';
import { againstRecovery, type Refusal } from './preconditions.ts';
import { directoryName, type Survey } from './survey.ts';

export interface PlannedRecovery {
  /** Names exactly this plan: another situation has another one. */
  readonly id: string;
  readonly survivor: number;
  readonly folder: string;
  readonly plan: RecoveryPlan;
  /** Members that are given up. */
  readonly lost: readonly number[];
}

/** What would be done, or what speaks against it. */
export function planForced(survivor: number, survey: Survey): Result<PlannedRecovery, readonly Refusal[]> {
  const refusals = againstRecovery(survivor, survey);
  const folder = survey.members.find(({ member }) => member === survivor)?.folder;
  if (refusals.length > 0 || folder === undefined) return fail(refusals);
  const planned = planRecovery(survey.comparison, {
    survivor: directoryName(survivor),
    termOf: (bytes) => {
      const read = decodeHardState(bytes);
      return read.ok ? read.value.term : null;
    },
  });
  if (!planned.ok) return fail([unplannable(survivor, planned.error.kind)]);
  const plan = aboveUnseenTerms(withRecordedSeats(planned.value, survey.record), survey);
  const lost = survey.members.map(({ member }) => member).filter((member) => member !== survivor);
  return ok({ id: planId(plan, survey), survivor, folder, plan, lost });
}

/** Where the survivor's directory is copied to before anything is written, relative to the data folder. */
export interface Recovered {
  readonly archive: string;
}

/** Appends first, records second: what the log says counts, and the supervisor brings its record in step with it. */
export async function carryOut(
  { plan, folder, survivor }: PlannedRecovery,
  { path, record, nowMs }: { readonly path: string; readonly record: EnsembleRecord; readonly nowMs: number },
): Promise<Result<Recovered, Refusal>> {
  const archive = `${archiveName(survivor, nowMs)}-before-recovery`;
  try {
    makeFolder(join(path, archive));
  } catch (failure) {
    return fail(notArchived(survivor, failure instanceof Error ? failure.message : String(failure)));
  }
  const forced = await forceRecovery({
    disk: createDisk(folder),
    archive: createDisk(join(path, archive)),
    plan,
    hardState: encodeHardState({ term: plan.term, votedFor: null }),
  });
  if (!forced.ok) return forced;
  // The plan takes it as it is, be it an older copy.
  forgetLife(memberFolders(path, survivor).lifeFile);
  const saved = saveRecord(path, recordAfter(record, { survivor, nowMs }));
  return saved.ok ? ok({ archive }) : saved;
}

function recordAfter(
  record: EnsembleRecord,
  { survivor, nowMs }: { readonly survivor: number; readonly nowMs: number },
): EnsembleRecord {
  const lost = record.members.filter(({ id, standing }) => id !== survivor && standing !== 'lost');
  const buried: Tombstone[] = lost.map(({ id, incarnation: life }) => ({
    member: id,
    incarnation: life,
    why: 'recovered',
    atMs: nowMs,
    archive: null,
  }));
  const members = record.members.map((member) => ({
    ...member,
    standing: member.id === survivor ? ('voter' as const) : ('lost' as const),
  }));
  // A change that was under way is void: its member is lost, or the survivor.
  return { ...record, members, removed: withTombstones(record.removed, buried), change: null };
}

/**
 * Directories that cannot be read may have known later terms than any that can, and their clients later
 * zxids: the new term is put above those as well, by more elections than anybody saw while one member
 * was away (own choice; there are 2²¹ terms).
 */
const unseenTerms = 1_000;

function aboveUnseenTerms(plan: RecoveryPlan, { members }: Survey): RecoveryPlan {
  const isSeen = members.every(({ finding }) => finding.kind === 'readable');
  return isSeen ? plan : { ...plan, term: term(plan.term + unseenTerms) };
}

/** Seats that only the record knows of, such as one that was about to join, are given up as well. */
function withRecordedSeats(plan: RecoveryPlan, { members, removed }: EnsembleRecord): RecoveryPlan {
  const recorded: Seat[] = [
    ...removed.map((tombstone) => ({ id: tombstone.member, incarnation: tombstone.incarnation })),
    ...members,
  ].map(({ id, incarnation: life }) => ({ id: memberId(id), incarnation: incarnation(life) }));
  const isIn = (seats: readonly Seat[], { id, incarnation: life }: Seat): boolean =>
    seats.some((seat) => seat.id === id && seat.incarnation === life);
  const { membership, seat } = plan;
  const more = recorded.filter((one) => !isIn([seat, ...membership.removed], one));
  return {
    ...plan,
    membership: { ...membership, removed: [...more, ...membership.removed].slice(-removedSeatsMax) },
  };
}

/** Twelve hexadecimal digits of a hash over all that the plan rests on. */
function planId({ last, term, membership, lost, mayCommit }: RecoveryPlan, { members }: Survey): string {
  const facts = members.map(({ member, record, finding }) => {
    if (finding.kind !== 'readable' && finding.kind !== 'foreign')
      return { member, record, is: finding.kind };
    const { identity, last: end, lives, votingBound, fenced } = finding.inspection;
    const state = finding.kind === 'readable' && finding.state.ok ? finding.state.value.digest : null;
    return { member, record, is: finding.kind, identity, end, lives, votingBound, fenced, state };
  });
  const rest = { last, term, membership, lost, mayCommit };
  return createHash('sha256')
    .update(JSON.stringify([rest, facts]))
    .digest('hex')
    .slice(0, 12);
}

function unplannable(survivor: number, kind: string): Refusal {
  return {
    code: kind,
    what: `No plan can be made from member ${survivor}: its directory holds nothing, or another ensemble's data.`,
    meaning: 'There is nothing to go on from; nothing was changed.',
    todo: 'Choose another survivor.',
  };
}

function notArchived(member: number, problem: string): Refusal {
  return {
    code: 'notArchived',
    what: `The archive for the directory of member ${member} could not be made: ${problem}.`,
    meaning: 'Nothing is written before there is a way back; nothing was changed.',
    todo: 'Check free space and permissions of the data folder, then plan anew.',
  };
}
