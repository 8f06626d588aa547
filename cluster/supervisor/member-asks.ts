/** Questions to a member's process, with their answers in the words of the console. */
import type { ApiError } from '../api/errors.ts';
import type { LogPage } from '../api/log.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { wrongAnswer } from './failures.ts';
import type { Member } from './member.ts';
import type { MemberOperationRequest, OperationRefusal } from './member-operations.ts';

/** Entries from `from` on; null: the last `count`. */
export async function readLog(
  member: Member,
  range: { readonly from: number | null; readonly count: number },
): Promise<Result<LogPage, ApiError>> {
  const answer = await member.ask((request) => ({ kind: 'readLog', request, ...range }));
  if (!answer.ok) return answer;
  return answer.value.kind === 'logPage' ? ok(answer.value.page) : fail(wrongAnswer(member.id));
}

/** Null: it was begun. Otherwise why the member did not take it. */
export async function requestOf(
  member: Member,
  operation: MemberOperationRequest,
): Promise<Result<OperationRefusal | null, ApiError>> {
  const answer = await member.ask((request) => ({ kind: 'operate', request, operation }));
  if (!answer.ok) return answer;
  if (answer.value.kind !== 'operated') return fail(wrongAnswer(member.id));
  const { outcome } = answer.value;
  return ok(outcome.kind === 'taken' ? null : outcome.refusal);
}
