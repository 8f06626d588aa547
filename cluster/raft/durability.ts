/**
 * What this member's disk certainly holds. Batches reach the disk in the order they were staged, and
 * a batch may replace entries of an earlier one, so an index alone does not say what is durable: an
 * entry may be written, truncated and written again (the ABA problem) while confirmations are late.
 */
import { type LogIndex, previousIndex, type Term } from '../base/ids.ts';

/** A batch on its way to the disk; it replaces everything from `from` on. */
export interface PendingBatch {
  readonly from: LogIndex;
  readonly last: LogIndex;
  readonly term: Term;
}

export class Durability {
  #persisted: LogIndex;
  #pending: PendingBatch[] = [];

  constructor(persisted: LogIndex) {
    this.#persisted = persisted;
  }

  /** Entries up to here are on disk, and no batch under way replaces them. */
  get persisted(): LogIndex {
    return this.#persisted;
  }

  stage(batch: PendingBatch): void {
    this.#pending.push(batch);
    this.#persisted = lower(this.#persisted, previousIndex(batch.from));
  }

  /**
   * The batch that ended in (`upTo`, `term`) is durable, and so are all before it. When two pending
   * batches end alike, the earlier one is meant: claiming too little is safe. A confirmation that
   * names no pending batch (it held only hard state) changes nothing.
   */
  confirm({ upTo, term }: { readonly upTo: LogIndex; readonly term: Term }): void {
    const at = this.#pending.findIndex((batch) => batch.last === upTo && batch.term === term);
    if (at === -1) return;
    this.#pending = this.#pending.slice(at + 1);
    let persisted = upTo;
    for (const later of this.#pending) persisted = lower(persisted, previousIndex(later.from));
    this.#persisted = persisted;
  }

  /** A durable snapshot took the log's place: whatever is still on its way means nothing any more. */
  restartAt(index: LogIndex): void {
    this.#pending = [];
    this.#persisted = index;
  }
}

function lower(left: LogIndex, right: LogIndex): LogIndex {
  return left < right ? left : right;
}
