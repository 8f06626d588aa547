/**
 * A member whose store differs from the majority's keeps out of everything for good: it serves nobody,
 * votes for nobody and does not campaign, but it still runs and says why. Its log may be as good as any;
 * which entry its store got wrong nobody knows, so the way out is a new directory.
 */
import type { LogIndex } from '../base/ids.ts';
import { DiskFailure } from '../ports/disk.ts';
import type { Trace } from '../ports/trace.ts';
import type { Wal } from '../wal/wal.ts';
import type { Eligibility } from './upkeep/eligibility.ts';

export class Fence {
  readonly #wal: Wal;
  readonly #trace: Trace;
  readonly #eligibility: Eligibility;
  readonly #raised: () => void;
  #reason: string | null = null;
  /** The reason is on disk: it will be known after a restart. */
  #noted = true;

  constructor(options: {
    readonly wal: Wal;
    readonly trace: Trace;
    readonly eligibility: Eligibility;
    /** From now on this member serves nobody. */
    readonly raised: () => void;
  }) {
    this.#wal = options.wal;
    this.#trace = options.trace;
    this.#eligibility = options.eligibility;
    this.#raised = options.raised;
  }

  get reason(): string | null {
    return this.#reason;
  }

  /** This member was fenced in an earlier life. */
  restore(reason: string): void {
    this.#reason = reason;
    this.#trace.emit('error', 'fenced', { reason });
  }

  /** This member holds something else than the majority does at `index`. */
  raise(index: LogIndex): void {
    if (this.#reason !== null) return;
    this.#reason = `its store differs from the majority's at entry ${index}`;
    this.#noted = false;
    this.#trace.emit('error', 'fenced', { reason: this.#reason, index });
    this.#note();
    this.#eligibility.hinder('fenced');
    this.#raised();
  }

  /** Notes it again where the disk refused. */
  tick(): void {
    if (!this.#noted) this.#note();
  }

  #note(): void {
    try {
      this.#wal.fence(this.#reason ?? '');
      this.#noted = true;
    } catch (failure) {
      if (!(failure instanceof DiskFailure)) throw failure;
    }
  }
}
