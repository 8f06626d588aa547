/** The steps by which a seat is given up: leadership away, out of the membership, process ended, directory archived. */
import type { ApiError } from '../../api/errors.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { archiveDirectory } from '../data-folder.ts';
import type { ChangeRecord, MemberRecord, Tombstone } from '../ensemble-file.ts';
import { notRecorded } from '../failures.ts';
import { withTombstones } from '../standings.ts';
import { agree } from './agree.ts';
import { belongs } from './agreed.ts';
import type { ChangeEnvironment } from './environment.ts';
import { stoppedInStep } from './refusals.ts';

type Outcome = Promise<Result<null, ApiError>>;

export function handOver(environment: ChangeEnvironment, { member }: ChangeRecord): Outcome {
  return agree(environment, {
    member,
    operation: { kind: 'transfer', to: null },
    isDone: ({ leader }) => leader !== member,
    otherwise: `No other member took over from member ${member}`,
  });
}

export function removeSeat(
  environment: ChangeEnvironment,
  { member, oldIncarnation }: ChangeRecord,
): Outcome {
  const seat = { id: member, incarnation: oldIncarnation ?? 0 };
  return agree(environment, {
    member,
    operation: { kind: 'remove', members: [member] },
    isDone: ({ settled, membership }) => settled && !belongs(membership, seat),
    otherwise: `Member ${member} was not removed`,
  });
}

/** The process of a seat that was given up ends by itself as well; whichever comes first. */
export async function stopProcess({ crew }: ChangeEnvironment, { member }: ChangeRecord): Outcome {
  await crew.get(member)?.stop();
  return ok(null);
}

/** Moves the directory aside, then puts on record that its seat is no more. */
export async function archive({ roster, crew }: ChangeEnvironment, change: ChangeRecord): Outcome {
  const { member, kind } = change;
  const archived = moveAside(roster.path, change);
  if (!archived.ok) return archived;
  const removed = withTombstones(roster.record.removed, tombstonesOf(change, archived.value));
  const members = membersAfter(roster.record.members, change);
  const saved = roster.update({ members, removed });
  if (!saved.ok) return fail(notRecorded(saved.error));
  if (kind === 'remove') await crew.dismiss(member);
  void crew.introduce();
  return ok(null);
}

function moveAside(path: string, { member, archive: target }: ChangeRecord): Result<string | null, ApiError> {
  try {
    return ok(target !== null && archiveDirectory(path, member, target) ? target : null);
  } catch (failure) {
    const problem = failure instanceof Error ? failure.message : String(failure);
    const what = `The data directory of member ${member} could not be archived: ${problem}.`;
    return fail(stoppedInStep(member, what));
  }
}

function tombstonesOf(
  { member, kind, oldIncarnation: incarnation, startedAtMs: atMs }: ChangeRecord,
  archived: string | null,
): readonly Tombstone[] {
  if (incarnation === null) return [];
  const why = kind === 'remove' ? 'removed' : 'replaced';
  return [{ member, incarnation, why, atMs, archive: archived }];
}

function membersAfter(
  members: readonly MemberRecord[],
  { member, kind, newIncarnation }: ChangeRecord,
): MemberRecord[] {
  if (kind === 'remove' || newIncarnation === null) return members.filter(({ id }) => id !== member);
  return members.map((known) =>
    known.id === member ? { ...known, incarnation: newIncarnation, standing: 'making' } : known,
  );
}
