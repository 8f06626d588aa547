/** Requests to a member that await an answer: numbered, each with a deadline. */
import type { ApiError } from '../api/errors.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { MemberMessage } from './member-messages.ts';

export type MemberAnswer = Extract<MemberMessage, { readonly request: number }>;

interface Waiting {
  settle(answer: Result<MemberAnswer, ApiError>): void;
  readonly timer: NodeJS.Timeout;
}

export class MemberRequests {
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;

  /** Sends a request under a new number; settles with its answer, or with `late` after `timeoutMs`. */
  ask(
    send: (request: number) => void,
    deadline: { readonly timeoutMs: number; readonly late: ApiError },
  ): Promise<Result<MemberAnswer, ApiError>> {
    const request = this.#next;
    this.#next += 1;
    return new Promise((settle) => {
      const timer = setTimeout(() => this.#settle(request, fail(deadline.late)), deadline.timeoutMs);
      this.#waiting.set(request, { settle, timer });
      send(request);
    });
  }

  /** An answer whose request has timed out is dropped. */
  answered(answer: MemberAnswer): void {
    this.#settle(answer.request, ok(answer));
  }

  /** The process ended: nothing more will be answered. */
  failAll(error: ApiError): void {
    for (const request of [...this.#waiting.keys()]) this.#settle(request, fail(error));
  }

  #settle(request: number, answer: Result<MemberAnswer, ApiError>): void {
    const waiting = this.#waiting.get(request);
    if (waiting === undefined) return;
    this.#waiting.delete(request);
    clearTimeout(waiting.timer);
    waiting.settle(answer);
  }
}
