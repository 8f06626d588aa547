/**
 * Hands leadership over when this member's disk is slow and its followers' are not: heartbeats hide a
 * slow disk, so without this rule a leader keeps the whole ensemble slow forever (DRILLS.md, D08). A
 * policy, off unless a limit is set.
 */
import type { Clock } from '../../ports/clock.ts';
import type { ConsensusStatus } from '../../ports/consensus.ts';
import type { Trace } from '../../ports/trace.ts';
import type { Eligibility } from './eligibility.ts';

/** Group commits that are looked at, and how many there must be. */
const recentMax = 64;
const recentMin = 20;
/** How long a member whose disk was slow does not lead, in milliseconds. */
const restMs = 60_000;

export class SlowDisk {
  readonly #limitMs: number | null;
  readonly #clock: Clock;
  readonly #trace: Trace;
  readonly #eligibility: Eligibility;
  #recentMs: number[] = [];
  #restsUntilMs: number | null = null;

  constructor(options: {
    /** The fsync p99 that is too slow; null: the policy is off. */
    readonly limitMs: number | null;
    readonly clock: Clock;
    readonly trace: Trace;
    readonly eligibility: Eligibility;
  }) {
    this.#limitMs = options.limitMs;
    this.#clock = options.clock;
    this.#trace = options.trace;
    this.#eligibility = options.eligibility;
  }

  persisted(durationMs: number): void {
    if (this.#limitMs === null) return;
    if (this.#recentMs.length >= recentMax) this.#recentMs.shift();
    this.#recentMs.push(durationMs);
  }

  /** Looks at what was measured. Called every second or so. */
  check(status: ConsensusStatus): void {
    const nowMs = this.#clock.monotonicMs();
    if (this.#restsUntilMs !== null) {
      if (nowMs < this.#restsUntilMs) return;
      this.#restsUntilMs = null;
      this.#recentMs = [];
      this.#eligibility.allow('slowDisk');
      return;
    }
    const p99Ms = this.#p99Ms();
    if (this.#limitMs === null || p99Ms === null || p99Ms <= this.#limitMs) return;
    if (status.role !== 'leader' || !othersAreAhead(status)) return;
    this.#restsUntilMs = nowMs + restMs;
    this.#trace.emit('warn', 'diskSlow', { fsyncP99Ms: Math.round(p99Ms), limitMs: this.#limitMs });
    this.#eligibility.hinder('slowDisk');
  }

  #p99Ms(): number | null {
    if (this.#recentMs.length < recentMin) return null;
    const sorted = [...this.#recentMs].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length * 0.99)] ?? null;
  }
}

/** A majority holds what this member's own disk does: it is this one that is slow, not the load. */
function othersAreAhead({ followers, membership, persisted }: ConsensusStatus): boolean {
  const voters = new Set(membership.voters.map(({ id }) => id));
  const ahead = followers.filter(({ id, match }) => voters.has(id) && match >= persisted);
  return ahead.length > voters.size / 2 - 1 && ahead.length > 0;
}
