/**
 * Drives a consensus engine: step, then write and fsync (`LogWriter`), then the messages that waited
 * for it, then apply. Order is the whole point of this file:
 *
 *   step ──► send ──► [queue of batches] ──► LogWriter ──► sendAfterPersist ──► step(persisted)
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
  ConsensusRefusal,
  ConsensusStatus,
  Effects,
  Envelope,
  ReadOutcome,
  SnapshotOffer,
  SnapshotPoint,
} from '../ports/consensus.ts';
import type { DiskFailure } from '../ports/disk.ts';
import type { Wal } from '../wal/wal.ts';
import { LogWriter, type Unpersisted } from './log-writer.ts';

export interface DriverHost {
  send(to: MemberId, message: Uint8Array): void;
  apply(entry: Entry): void;
  /** The slice of entries handed to `apply` is done. */
  appliedUpTo(index: LogIndex): void;
  readAnswered(outcome: ReadOutcome): void;
  /** Role, term, leader or membership may have changed. */
  statusChanged(status: ConsensusStatus): void;
  /** The leader cannot feed this member from its log. */
  snapshotOffered(offer: SnapshotOffer): void;
  /** One group commit took so long, in milliseconds. */
  persisted(durationMs: number): void;
  /** The disk refused; it is tried again until it does not, and nothing is acknowledged meanwhile. */
  diskFailed(failure: DiskFailure): void;
  diskRecovered(): void;
}

/** Entries applied in one turn of the loop: about 5 ms of work. */
const applySliceMax = 1_000;

/** `notNeeded`: the log got there by itself. */
type InstallOutcome = 'installed' | 'notNeeded';

export class ConsensusDriver {
  readonly #consensus: Consensus;
  readonly #wal: Wal;
  readonly #clock: Clock;
  readonly #host: DriverHost;
  readonly #writer: LogWriter;
  #toApply: Entry[] = [];
  #applied = 0;
  #stepping = false;
  #applying = false;
  #stopped = false;

  constructor(options: {
    readonly consensus: Consensus;
    readonly wal: Wal;
    readonly clock: Clock;
    readonly host: DriverHost;
  }) {
    const { consensus, wal, clock, host } = options;
    this.#consensus = consensus;
    this.#wal = wal;
    this.#clock = clock;
    this.#host = host;
    this.#writer = new LogWriter({
      wal,
      clock,
      host: {
        written: (batches) => this.#written(batches),
        persisted: (durationMs) => host.persisted(durationMs),
        diskFailed: (failure) => host.diskFailed(failure),
        diskRecovered: () => host.diskRecovered(),
      },
    });
  }

  /** Feeds one input. Answers why proposals or a request were not taken, or null. */
  step(input: ConsensusInput): ConsensusRefusal | null {
    if (this.#stopped) return 'mayNotLead';
    assert(!this.#stepping, 'a step inside a step', { kind: input.kind });
    this.#stepping = true;
    const effects = this.#consensus.step(input);
    this.#stepping = false;
    this.#carryOut(effects);
    return effects.refused;
  }

  /**
   * Puts a snapshot in the place of log and store, once no write is under way, unless the log has got
   * there by itself meanwhile: `done` tells which. `replace` is to replace the store.
   */
  install(
    point: SnapshotPoint,
    { replace, done }: { readonly replace: () => void; readonly done: (outcome: InstallOutcome) => void },
  ): void {
    let begun = false;
    this.#writer.exclusively(() => {
      // Once the disk was told, there is no way back: a failure is tried again.
      if (!begun && !this.#consensus.needsSnapshot(point)) {
        done('notNeeded');
        return;
      }
      begun = true;
      this.#wal.rebase(point);
      // While a refusing disk was tried again, the log went on in memory: none of that was promised to anybody.
      this.#writer.discard();
      this.#toApply = [];
      this.#applied = 0;
      replace();
      this.step({ kind: 'snapshotInstalled', snapshot: point });
      this.#host.appliedUpTo(point.index);
      done('installed');
    });
  }

  /** After this, nothing is sent, written or applied any more. */
  stop(): void {
    this.#stopped = true;
    this.#writer.stop();
  }

  /** Takes the work in before it tells anybody: the host may step again from inside its callbacks. */
  #carryOut(effects: Effects): void {
    for (const entry of effects.apply) this.#toApply.push(entry);
    if (effects.persist !== null || effects.sendAfterPersist.length > 0) {
      this.#writer.push({ batch: effects.persist, send: effects.sendAfterPersist });
    }
    this.#sendAll(effects.send);
    this.#writer.write();
    this.#host.statusChanged(this.#consensus.status());
    for (const outcome of effects.reads) this.#host.readAnswered(outcome);
    if (effects.fetchSnapshot !== null) this.#host.snapshotOffered(effects.fetchSnapshot);
    if (this.#toApply.length > 0 && !this.#applying) this.#applySlice();
  }

  #written(written: readonly Unpersisted[]): void {
    let last: Entry | undefined;
    for (const { batch, send } of written) {
      this.#sendAll(send);
      last = batch?.entries.at(-1) ?? last;
    }
    if (last !== undefined) this.step({ kind: 'persisted', upTo: last.index, term: last.term });
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
