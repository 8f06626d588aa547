/**
 * Drives a consensus engine: step, then one write and one fsync for everything queued (group
 * commit), then the messages that waited for it, then apply. Order is the whole point of this file:
 *
 *   step ──► send ──► [queue of batches] ──► wal.append ──► sendAfterPersist ──► step(persisted)
 *        └─► apply (in slices, so that a long catch-up does not stall heartbeats)
 *
 * Everything runs to completion on one thread; steps never nest.
 */
import { assert } from '../base/assert.ts';
import type { Entry } from '../base/entry.ts';
import type { LogIndex, MemberId } from '../base/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type {
  Consensus,
  ConsensusInput,
  ConsensusStatus,
  Effects,
  Envelope,
  PersistBatch,
  ReadOutcome,
} from '../ports/consensus.ts';
import type { DiskFailure } from '../ports/disk.ts';
import type { Wal } from '../wal/wal.ts';

export interface DriverHost {
  send(to: MemberId, message: Uint8Array): void;
  apply(entry: Entry): void;
  /** The slice of entries handed to `apply` is done. */
  appliedUpTo(index: LogIndex): void;
  readAnswered(outcome: ReadOutcome): void;
  /** Role, term or leader may have changed. */
  statusChanged(status: ConsensusStatus): void;
  /** One group commit took so long, in milliseconds. */
  persisted(durationMs: number): void;
  /** The disk failed: this member must stop. */
  diskFailed(failure: DiskFailure): void;
}

/** Entries applied in one turn of the loop: about 5 ms of work. */
const applySliceMax = 1_000;

interface Unpersisted {
  readonly batch: PersistBatch | null;
  readonly send: readonly Envelope[];
}

export class ConsensusDriver {
  readonly #consensus: Consensus;
  readonly #wal: Wal;
  readonly #clock: Clock;
  readonly #host: DriverHost;
  #queue: Unpersisted[] = [];
  #toApply: Entry[] = [];
  #applied = 0;
  #writing = false;
  #stepping = false;
  #applying = false;
  #stopped = false;

  constructor(options: {
    readonly consensus: Consensus;
    readonly wal: Wal;
    readonly clock: Clock;
    readonly host: DriverHost;
  }) {
    this.#consensus = options.consensus;
    this.#wal = options.wal;
    this.#clock = options.clock;
    this.#host = options.host;
  }

  /** Feeds one input. Returns false when proposals were refused. */
  step(input: ConsensusInput): boolean {
    if (this.#stopped) return false;
    assert(!this.#stepping, 'a step inside a step', { kind: input.kind });
    this.#stepping = true;
    const effects = this.#consensus.step(input);
    this.#stepping = false;
    this.#carryOut(effects);
    return !effects.refused;
  }

  /** After this, nothing is sent, written or applied any more. */
  stop(): void {
    this.#stopped = true;
  }

  /** Takes the work in before it tells anybody: the host may step again from inside its callbacks. */
  #carryOut(effects: Effects): void {
    for (const entry of effects.apply) this.#toApply.push(entry);
    if (effects.persist !== null || effects.sendAfterPersist.length > 0) {
      this.#queue.push({ batch: effects.persist, send: effects.sendAfterPersist });
    }
    this.#sendAll(effects.send);
    this.#write();
    this.#host.statusChanged(this.#consensus.status());
    for (const outcome of effects.reads) this.#host.readAnswered(outcome);
    if (this.#toApply.length > 0 && !this.#applying) this.#applySlice();
  }

  #write(): void {
    if (this.#writing || this.#stopped || this.#queue.length === 0) return;
    const taken = this.#queue;
    this.#queue = [];
    const batches: PersistBatch[] = [];
    for (const { batch } of taken) if (batch !== null) batches.push(batch);
    if (batches.length === 0) {
      for (const { send } of taken) this.#sendAll(send);
      return;
    }
    this.#writing = true;
    const startedMs = this.#clock.monotonicMs();
    this.#wal.append(batches, (failure) => {
      if (this.#stopped) return;
      this.#writing = false;
      if (failure !== null) {
        this.stop();
        this.#host.diskFailed(failure);
        return;
      }
      this.#host.persisted(this.#clock.monotonicMs() - startedMs);
      this.#afterWrite(taken);
    });
  }

  #afterWrite(written: readonly Unpersisted[]): void {
    let last: Entry | undefined;
    for (const { batch, send } of written) {
      this.#sendAll(send);
      last = batch?.entries.at(-1) ?? last;
    }
    if (last !== undefined) this.step({ kind: 'persisted', upTo: last.index, term: last.term });
    this.#write();
  }

  #sendAll(envelopes: readonly Envelope[]): void {
    for (const { to, message } of envelopes) this.#host.send(to, message);
  }

  #applySlice(): void {
    if (this.#stopped) return;
    this.#applying = true;
    const end = Math.min(this.#toApply.length, this.#applied + applySliceMax);
    let last: Entry | undefined;
    for (; this.#applied < end; this.#applied += 1) {
      last = this.#toApply[this.#applied];
      assert(last !== undefined, 'an entry to apply is missing');
      this.#host.apply(last);
    }
    const finished = this.#applied === this.#toApply.length;
    if (finished) {
      this.#toApply = [];
      this.#applied = 0;
      this.#applying = false;
    }
    if (last !== undefined) {
      this.step({ kind: 'applied', upTo: last.index });
      this.#host.appliedUpTo(last.index);
    }
    if (!finished) this.#clock.soon(() => this.#applySlice());
  }
}
