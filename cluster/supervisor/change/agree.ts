/** Asks the leader, whoever it is at the moment, until the ensemble has agreed, or says why it did not. */
import type { ApiError } from '../../api/errors.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { closing } from '../failures.ts';
import { requestOf } from '../member-asks.ts';
import type { MemberOperationRequest, OperationRefusal } from '../member-operations.ts';
import { type Agreed, agreedOf } from './agreed.ts';
import { type ChangeEnvironment, nextLook } from './environment.ts';
import { noLeader, refusedByMember, stepLate } from './refusals.ts';

/** An election, a joint configuration and back, and a slow disk in between. */
const agreeTimeoutMs = 15_000;
/** A request that was taken and has not shown in a report is made again after this long: its leader may be gone. */
const repeatAfterMs = 2_000;

/** Refusals that pass by themselves, or only mean that the reports are older than the leader's knowledge. */
const passing: ReadonlySet<OperationRefusal> = new Set([
  'notLeader',
  'full',
  'handingOver',
  'changing',
  'lagging',
  'unknownMember',
  'alreadyMember',
  'notLearner',
]);

export interface Agreement {
  readonly member: number;
  /** What is asked of the leader. */
  readonly operation: MemberOperationRequest;
  readonly isDone: (agreed: Agreed) => boolean;
  /** What did not happen, should it not: "Member 3 was not removed". */
  readonly otherwise: string;
}

/** Settles when `isDone` holds, or with the reason why it does not. */
export async function agree(
  environment: ChangeEnvironment,
  { member, operation, isDone, otherwise }: Agreement,
): Promise<Result<null, ApiError>> {
  const startedMs = performance.now();
  let askedMs = Number.NEGATIVE_INFINITY;
  let last: ApiError = noLeader();
  for (;;) {
    if (environment.isClosing()) return fail(closing());
    const agreed = agreedOf(environment.view());
    if (agreed !== null && isDone(agreed)) return ok(null);
    const nowMs = performance.now();
    if (nowMs - startedMs > agreeTimeoutMs) return fail(late(member, { otherwise, last }));
    const leader = agreed === null ? null : environment.crew.get(agreed.leader);
    if (leader !== null && agreed?.settled === true && nowMs - askedMs > repeatAfterMs) {
      const answer = await requestOf(leader, operation);
      if (answer.ok && answer.value === null) askedMs = nowMs;
      else if (answer.ok && answer.value !== null) {
        last = refusedByMember({ asked: leader.id, about: member }, answer.value);
        if (!passing.has(answer.value)) return fail(last);
      } else if (!answer.ok) last = answer.error;
    }
    await nextLook(environment);
  }
}

function late(
  member: number,
  { otherwise, last }: { readonly otherwise: string; readonly last: ApiError },
): ApiError {
  const waited = stepLate(member, { what: otherwise, waitedMs: agreeTimeoutMs });
  return { ...waited, meaning: `${last.what} ${waited.meaning}` };
}
