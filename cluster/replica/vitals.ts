/** Counters and recent durations of one member: what `mntr` and the console show. */

/** Durations kept for percentiles. */
const recentDurationsMax = 512;

export class Vitals {
  received = 0;
  sent = 0;
  #latencyCount = 0;
  #latencyTotalMs = 0;
  #latencyMinMs = Number.POSITIVE_INFINITY;
  #latencyMaxMs = 0;
  readonly #fsyncsMs: number[] = [];
  #fsyncNext = 0;

  answered(latencyMs: number): void {
    this.#latencyCount += 1;
    this.#latencyTotalMs += latencyMs;
    if (latencyMs < this.#latencyMinMs) this.#latencyMinMs = latencyMs;
    if (latencyMs > this.#latencyMaxMs) this.#latencyMaxMs = latencyMs;
  }

  persisted(durationMs: number): void {
    this.#fsyncsMs[this.#fsyncNext] = durationMs;
    this.#fsyncNext = (this.#fsyncNext + 1) % recentDurationsMax;
  }

  /** Milliseconds a request spent in this member since its start. */
  get latencyMs(): { readonly min: number; readonly average: number; readonly max: number } {
    if (this.#latencyCount === 0) return { min: 0, average: 0, max: 0 };
    return {
      min: this.#latencyMinMs,
      average: this.#latencyTotalMs / this.#latencyCount,
      max: this.#latencyMaxMs,
    };
  }

  /** 99th percentile of the last group commits, or null before the first. */
  get fsyncP99Ms(): number | null {
    if (this.#fsyncsMs.length === 0) return null;
    const sorted = [...this.#fsyncsMs].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? null;
  }
}
