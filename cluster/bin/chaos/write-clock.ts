/** When writes were acknowledged: how long there was none at a time, and in how many seconds there was one. */

export interface Availability {
  /** Longest time between two acknowledged writes, milliseconds. */
  readonly longestGapMs: number;
  /** When it began, milliseconds after the start. */
  readonly longestGapAtMs: number;
  /** The longest while a majority was under no fault. */
  readonly longestGapWithMajorityMs: number;
  /** Seconds in which a write was acknowledged, of all whole seconds. */
  readonly servedSeconds: number;
  readonly seconds: number;
}

export class WriteClock {
  readonly #nowMs: () => number;
  readonly #startedMs: number;
  #lastMs: number;
  #longestGapMs = 0;
  #longestGapAtMs = 0;
  #longestGapWithMajorityMs = 0;
  /** Since when a majority is under no fault; null while it is. */
  #majoritySinceMs: number | null;
  readonly #served = new Set<number>();

  /** Begins now. `nowMs` is monotonic. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#startedMs = nowMs();
    this.#lastMs = this.#startedMs;
    this.#majoritySinceMs = this.#startedMs;
  }

  /** Says whether a majority is under no fault from now on. */
  majority(is: 'undisturbed' | 'disturbed'): void {
    const nowMs = this.#nowMs();
    this.#look(nowMs);
    this.#majoritySinceMs = is === 'disturbed' ? null : (this.#majoritySinceMs ?? nowMs);
  }

  acknowledged(): void {
    const nowMs = this.#nowMs();
    this.#look(nowMs);
    this.#lastMs = nowMs;
    this.#served.add(Math.floor((nowMs - this.#startedMs) / 1_000));
  }

  /** Up to now, a gap that has not ended included. */
  availability(): Availability {
    const nowMs = this.#nowMs();
    this.#look(nowMs);
    const seconds = Math.floor((nowMs - this.#startedMs) / 1_000);
    return {
      longestGapMs: this.#longestGapMs,
      longestGapAtMs: this.#longestGapAtMs,
      longestGapWithMajorityMs: this.#longestGapWithMajorityMs,
      servedSeconds: [...this.#served].filter((second) => second < seconds).length,
      seconds,
    };
  }

  #look(nowMs: number): void {
    if (this.#majoritySinceMs !== null) {
      const gapMs = nowMs - Math.max(this.#lastMs, this.#majoritySinceMs);
      this.#longestGapWithMajorityMs = Math.max(this.#longestGapWithMajorityMs, gapMs);
    }
    const gapMs = nowMs - this.#lastMs;
    if (gapMs <= this.#longestGapMs) return;
    this.#longestGapMs = gapMs;
    this.#longestGapAtMs = this.#lastMs - this.#startedMs;
  }
}
