/**
 * One write and one fsync for everything queued (group commit), in order, however often the disk has
 * to be tried: a batch that could not be written is kept and written again to a fresh segment, and
 * nothing behind it happens before. So a full disk stalls a member and loses nothing.
 */
import { assert } from '../base/assert.ts';
import type { Clock } from '../ports/clock.ts';
import type { Envelope, PersistBatch } from '../ports/consensus.ts';
import { DiskFailure } from '../ports/disk.ts';
import type { Wal } from '../wal/wal.ts';

/** What one step wants written, and what may be sent once it is durable. */
export interface Unpersisted {
  readonly batch: PersistBatch | null;
  readonly send: readonly Envelope[];
}

export interface LogWriterHost {
  /** These are durable, in this order. */
  written(batches: readonly Unpersisted[]): void;
  /** One group commit took so long, in milliseconds. */
  persisted(durationMs: number): void;
  /** The disk refused; it is tried again until it does not. */
  diskFailed(failure: DiskFailure): void;
  /** The disk took what it had refused. */
  diskRecovered(): void;
}

/** Pause before a disk that refused is tried again, in milliseconds. */
const retryMs = 250;

export class LogWriter {
  readonly #wal: Wal;
  readonly #clock: Clock;
  readonly #host: LogWriterHost;
  #queue: Unpersisted[] = [];
  /** An action that needs the log to itself. */
  #exclusive: (() => void) | null = null;
  #state: 'idle' | 'writing' | 'troubled' | 'stopped' = 'idle';
  /** The disk refused, and has not taken anything since. */
  #refused = false;

  constructor(options: { readonly wal: Wal; readonly clock: Clock; readonly host: LogWriterHost }) {
    this.#wal = options.wal;
    this.#clock = options.clock;
    this.#host = options.host;
  }

  /** Messages alone that repeat the last ones are passed over: a disk may be full for days, and heartbeats go on. */
  push(unpersisted: Unpersisted): void {
    const last = this.#queue.at(-1);
    if (last !== undefined && isRepetition(unpersisted, last)) return;
    this.#queue.push(unpersisted);
  }

  /** Forgets what is queued and not being written: it is void, and so are the messages that wait for it. */
  discard(): void {
    this.#queue = [];
  }

  /** Starts writing what is queued, unless a write is under way: its end does. */
  write(): void {
    if (this.#state !== 'idle' || this.#queue.length === 0) return;
    const taken = this.#queue;
    this.#queue = [];
    if (taken.every(({ batch }) => batch === null)) this.#host.written(taken);
    else this.#append(taken);
  }

  /**
   * Runs `action` in a turn of its own, once nothing is queued or being written: it may change the log
   * by itself. When it throws a `DiskFailure` it is run again later, before anything else is written.
   */
  exclusively(action: () => void): void {
    assert(this.#exclusive === null, 'one exclusive action at a time');
    this.#exclusive = action;
    this.#clock.soon(() => this.#goOn());
  }

  stop(): void {
    this.#state = 'stopped';
    this.#queue = [];
    this.#exclusive = null;
  }

  #append(taken: readonly Unpersisted[]): void {
    const batches: PersistBatch[] = [];
    for (const { batch } of taken) if (batch !== null) batches.push(batch);
    this.#state = 'writing';
    const startedMs = this.#clock.monotonicMs();
    this.#wal.append(batches, (failure) => {
      if (this.#state === 'stopped') return;
      if (failure !== null) {
        this.#trouble(failure, () => this.#reopen(taken));
        return;
      }
      this.#state = 'idle';
      this.#host.persisted(this.#clock.monotonicMs() - startedMs);
      this.#wellAgain();
      this.#host.written(taken);
      this.#goOn();
    });
  }

  /** A log that failed to append is at an unknown length: it goes on in a new segment. */
  #reopen(taken: readonly Unpersisted[]): void {
    const failure = this.#wal.reopen();
    if (failure === null) this.#append(taken);
    else this.#trouble(failure, () => this.#reopen(taken));
  }

  #goOn(): void {
    this.write();
    if (this.#state === 'idle' && this.#queue.length === 0) this.#runExclusive();
  }

  #runExclusive(): void {
    const action = this.#exclusive;
    if (action === null) return;
    this.#state = 'idle';
    this.#exclusive = null;
    try {
      action();
    } catch (failure) {
      if (!(failure instanceof DiskFailure)) throw failure;
      this.#exclusive = action;
      this.#trouble(failure, () => this.#runExclusive());
      return;
    }
    this.#wellAgain();
    this.write();
  }

  #trouble(failure: DiskFailure, again: () => void): void {
    this.#state = 'troubled';
    this.#refused = true;
    this.#clock.after(retryMs, () => {
      if (this.#state === 'troubled') again();
    });
    this.#host.diskFailed(failure);
  }

  #wellAgain(): void {
    if (!this.#refused) return;
    this.#refused = false;
    this.#host.diskRecovered();
  }
}

function isRepetition(later: Unpersisted, last: Unpersisted): boolean {
  if (later.batch !== null || later.send.length !== last.send.length) return false;
  return later.send.every((envelope, at) => {
    const other = last.send[at];
    return other?.to === envelope.to && isSame(other.message, envelope.message);
  });
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
