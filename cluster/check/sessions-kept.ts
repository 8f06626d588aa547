/**
 * A session expires only after a whole timeout of silence. A new leader has heard nobody yet, so it
 * grants every session a full timeout from its election on (DESIGN.md 5.3).
 */
import type { SessionId, Term } from '../base/ids.ts';
import { Violation } from './violation.ts';

/** Silence is counted in ticks, and the first one may be short. */
const clockGrainMs = 100;

export class SessionsKept {
  readonly #electedMs = new Map<Term, number>();
  readonly #timeoutMs = new Map<SessionId, number>();

  elected(term: Term, atMs: number): void {
    if (!this.#electedMs.has(term)) this.#electedMs.set(term, atMs);
  }

  /** It exists, and may be silent for so long. */
  opened(session: SessionId, timeoutMs: number): void {
    this.#timeoutMs.set(session, timeoutMs);
  }

  /** The leader of `term` ended it for its silence. */
  expired(session: SessionId, { term, atMs }: { readonly term: Term; readonly atMs: number }): void {
    const timeoutMs = this.#timeoutMs.get(session) ?? 0;
    const sinceMs = this.#electedMs.get(term) ?? 0;
    if (atMs - sinceMs >= timeoutMs - clockGrainMs) return;
    throw new Violation(
      'sessions are kept',
      `${session} expired ${atMs - sinceMs} ms after the leader of term ${term} was elected, before its timeout of ${timeoutMs} ms`,
    );
  }
}
