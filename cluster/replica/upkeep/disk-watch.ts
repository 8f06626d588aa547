/**
 * The state of a member's disk. A full one is waited for, as long as it takes; one that answers with
 * errors gets half a minute, then the member stops. Meanwhile nothing is acknowledged, and this member
 * does not lead.
 */
import type { Clock } from '../../ports/clock.ts';
import type { DiskFailure } from '../../ports/disk.ts';
import type { Trace } from '../../ports/trace.ts';
import type { Eligibility } from './eligibility.ts';

/** Longest time that a disk may answer with errors before its member gives up, in milliseconds. */
export const failingDiskPatienceMs = 30_000;

/** `sinceMs`: wall time. */
export type DiskState =
  | { readonly kind: 'ok' }
  | { readonly kind: 'full'; readonly sinceMs: number }
  | { readonly kind: 'failing'; readonly sinceMs: number };

export class DiskWatch {
  readonly #clock: Clock;
  readonly #trace: Trace;
  readonly #eligibility: Eligibility;
  readonly #gaveUp: (failure: DiskFailure) => void;
  #state: DiskState = { kind: 'ok' };
  #failingSinceMs = 0;

  constructor(options: {
    readonly clock: Clock;
    readonly trace: Trace;
    readonly eligibility: Eligibility;
    /** The disk has failed for longer than anybody waits. */
    readonly gaveUp: (failure: DiskFailure) => void;
  }) {
    this.#clock = options.clock;
    this.#trace = options.trace;
    this.#eligibility = options.eligibility;
    this.#gaveUp = options.gaveUp;
  }

  get state(): DiskState {
    return this.#state;
  }

  /** A write was refused; it will be tried again. */
  failed(failure: DiskFailure): void {
    const kind = failure.code === 'noSpace' ? 'full' : 'failing';
    const nowMs = this.#clock.monotonicMs();
    if (this.#state.kind !== kind) this.#enter(kind, failure);
    if (kind === 'failing' && nowMs - this.#failingSinceMs > failingDiskPatienceMs) this.#gaveUp(failure);
  }

  recovered(): void {
    if (this.#state.kind === 'ok') return;
    const troubledMs = this.#clock.wallMs() - this.#state.sinceMs;
    this.#state = { kind: 'ok' };
    this.#trace.emit('info', 'diskRecovered', { troubledMs });
    this.#eligibility.allow('diskTrouble');
  }

  #enter(kind: 'full' | 'failing', failure: DiskFailure): void {
    this.#state = { kind, sinceMs: this.#clock.wallMs() };
    this.#failingSinceMs = this.#clock.monotonicMs();
    const facts = { file: failure.path, reason: failure.message };
    this.#trace.emit('error', kind === 'full' ? 'diskFull' : 'diskFailing', facts);
    this.#eligibility.hinder('diskTrouble');
  }
}
