/**
 * The leader's session expiry (ZooKeeper's SessionTrackerImpl). Time is consensus time: ticks this
 * process lived through, so that a paused or sleeping machine expires nobody on waking up. A new
 * leader grants every session a full timeout.
 */
import type { SessionId } from '../../base/ids.ts';

interface Deadline {
  readonly timeoutTicks: number;
  atTick: number;
  closing: boolean;
}

export class SessionClock {
  readonly #tickMs: number;
  readonly #deadlines = new Map<SessionId, Deadline>();
  #now = 0;

  constructor(options: { readonly tickMs: number }) {
    this.#tickMs = options.tickMs;
  }

  /** Starts over with these sessions, each with its full timeout. */
  reset(sessions: Iterable<{ readonly id: SessionId; readonly timeoutMs: number }>): void {
    this.#deadlines.clear();
    for (const session of sessions) this.opened(session.id, session.timeoutMs);
  }

  opened(id: SessionId, timeoutMs: number): void {
    const timeoutTicks = Math.ceil(timeoutMs / this.#tickMs);
    this.#deadlines.set(id, { timeoutTicks, atTick: this.#now + timeoutTicks, closing: false });
  }

  closed(id: SessionId): void {
    this.#deadlines.delete(id);
  }

  /** The session's client was heard. Too late once its expiry has been proposed. */
  touch(id: SessionId): void {
    const deadline = this.#deadlines.get(id);
    if (deadline !== undefined) deadline.atTick = this.#now + deadline.timeoutTicks;
  }

  tick(): void {
    this.#now += 1;
  }

  /** Sessions whose time is over, each returned once. */
  takeExpired(): readonly SessionId[] {
    const expired: SessionId[] = [];
    for (const [id, deadline] of this.#deadlines) {
      if (deadline.closing || deadline.atTick > this.#now) continue;
      deadline.closing = true;
      expired.push(id);
    }
    return expired;
  }
}
