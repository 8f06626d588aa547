/** The steps by which a new seat is taken: directory made, introduced, learner, caught up, voter. */
import type { ApiError } from '../../api/errors.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { clearUnfinishedMember } from '../data-folder.ts';
import type { ChangeRecord } from '../ensemble-file.ts';
import { closing, notRecorded } from '../failures.ts';
import { planPorts } from '../ports.ts';
import type { Roster } from '../roster.ts';
import { agree } from './agree.ts';
import { agreedOf, belongs, has } from './agreed.ts';
import { type ChangeEnvironment, nextLook } from './environment.ts';
import { stepLate, stoppedInStep } from './refusals.ts';
import { catchingUp, isStepDone } from './step-done.ts';

type Outcome = Promise<Result<null, ApiError>>;

/** A learner that gets nothing new for so long is stuck; loading a large snapshot takes less. */
const noProgressMs = 120_000;

/** Puts the member on record, then starts its process, which makes the directory and waits to be taken in. */
export async function makeDirectory(environment: ChangeEnvironment, change: ChangeRecord): Outcome {
  const { roster, crew } = environment;
  const { member } = change;
  const recorded = await recordMember(roster, change);
  if (!recorded.ok) return recorded;
  const process = crew.get(member) ?? crew.enlist(member);
  if (roster.member(member)?.standing === 'making') {
    clearUnfinishedMember(roster.path, roster.record, member);
    crew.mayMake(member);
  }
  // Started with all others a moment ago; its own deadline ends the wait.
  while (process.state.kind === 'starting') await nextLook(environment);
  const { kind } = process.state;
  if (kind === 'up') return ok(null);
  if (kind === 'paused') return process.resume();
  return process.start();
}

/** Ports and incarnation are durable before anything uses them. */
async function recordMember(roster: Roster, { member, newIncarnation }: ChangeRecord): Outcome {
  const { members, clientPortBase } = roster.record;
  if (roster.member(member) !== null) return ok(null);
  const taken = new Set(members.flatMap(({ clientPort, peerPort }) => [clientPort, peerPort]));
  const wished = clientPortBase === 0 ? 0 : clientPortBase + member - 1;
  const ports = await planPorts([taken.has(wished) ? 0 : wished, 0], taken);
  const [clientPort, peerPort] = ports ?? [];
  if (clientPort === undefined || peerPort === undefined || newIncarnation === null) {
    return fail(stoppedInStep(member, `No free ports were found for member ${member}.`));
  }
  const entry = {
    id: member,
    clientPort,
    peerPort,
    incarnation: newIncarnation,
    standing: 'making',
  } as const;
  const sorted = [...members, entry].sort((left, right) => left.id - right.id);
  const saved = roster.update({ members: sorted });
  return saved.ok ? saved : fail(notRecorded(saved.error));
}

/** A member that does not answer now reads it when it wakes up; what counts is that the leader knows. */
export async function introduce({ crew }: ChangeEnvironment): Outcome {
  await crew.introduce();
  return ok(null);
}

export function addLearner(
  environment: ChangeEnvironment,
  { member, newIncarnation }: ChangeRecord,
): Outcome {
  const incarnation = newIncarnation ?? 0;
  return agree(environment, {
    member,
    operation: { kind: 'addLearner', seat: { member, incarnation } },
    isDone: ({ settled, membership }) => settled && belongs(membership, { id: member, incarnation }),
    otherwise: `Member ${member} was not taken in as a learner`,
  });
}

/** Waits as long as the learner gets on; tells `progress` how far it is. */
export async function catchUp(
  environment: ChangeEnvironment,
  change: ChangeRecord,
  progress: (progress: { readonly done: number; readonly total: number }) => void,
): Outcome {
  const { member } = change;
  let movedMs = performance.now();
  let before = '';
  for (;;) {
    if (environment.isClosing()) return fail(closing());
    const view = environment.view();
    const agreed = agreedOf(view);
    if (isStepDone('catchUp', { change, record: environment.roster.record, agreed, view })) return ok(null);
    const learner = view.members.find(({ id }) => id === member);
    const state = learner?.process.kind ?? 'stopped';
    if (state === 'crashed' || state === 'stopped') {
      return fail(stoppedInStep(member, `Member ${member} is ${state}, so it does not catch up.`));
    }
    const count = catchingUp(member, agreed);
    if (count !== null) progress(count);
    // Whatever it receives counts: entries, or the parts of a snapshot.
    const now = JSON.stringify([count?.done, learner?.report?.last, learner?.report?.snapshots.length]);
    if (now !== before) movedMs = performance.now();
    before = now;
    if (performance.now() - movedMs > noProgressMs) {
      return fail(stepLate(member, { what: `Member ${member} received nothing`, waitedMs: noProgressMs }));
    }
    await nextLook(environment);
  }
}

export function promote(environment: ChangeEnvironment, { member, newIncarnation }: ChangeRecord): Outcome {
  const seat = { id: member, incarnation: newIncarnation ?? 0 };
  return agree(environment, {
    member,
    operation: { kind: 'promote', members: [member] },
    isDone: ({ settled, membership }) => settled && has(membership.voters, seat),
    otherwise: `Member ${member} was not promoted`,
  });
}
