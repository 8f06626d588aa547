/**
 * Takes snapshots of the store, bit by bit between other work: one slice of the image, one write, one
 * fsync, then the next. The store goes on meanwhile; the image shows the moment it began.
 */
import type { Entry } from '../../base/entry.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SnapshotPoint } from '../../ports/consensus.ts';
import { DiskFailure } from '../../ports/disk.ts';
import type { Trace } from '../../ports/trace.ts';
import type { SnapshotFiles } from '../../wal/snapshot-files.ts';
import type { SnapshotWriter } from '../../wal/snapshot-writer.ts';
import type { Store } from '../../zk/store.ts';
import type { StoreImage } from '../../zk/store-image.ts';
import type { SnapshotSettings } from '../config.ts';

/** Znodes looked at in one turn: about a millisecond of work. */
const znodesPerSlice = 250;
/** Bytes collected before they are written and synced: fewer syncs leave more of the disk to the log. */
const writeBytesMin = 128 * 1024;
/** Longest rest after a write, in milliseconds. Rests are as long as the work before them: clients go first. */
const restMaxMs = 20;

export type SnapshotRefusal = 'snapshotUnderWay' | 'nothingApplied';

interface Work {
  readonly point: SnapshotPoint;
  readonly image: StoreImage;
  readonly writer: SnapshotWriter;
  readonly startedMs: number;
  readonly collected: Uint8Array[];
  collectedBytes: number;
  /** Time spent since the last rest. */
  workedMs: number;
}

export class SnapshotTaker {
  readonly #store: Store;
  readonly #files: SnapshotFiles;
  readonly #clock: Clock;
  readonly #trace: Trace;
  readonly #settings: SnapshotSettings;
  readonly #taken: (point: SnapshotPoint) => void;
  #work: Work | null = null;
  /** Bytes of entries applied since the last snapshot began. */
  #bytes = 0;

  constructor(options: {
    readonly store: Store;
    readonly files: SnapshotFiles;
    readonly clock: Clock;
    readonly trace: Trace;
    readonly settings: SnapshotSettings;
    /** A snapshot of this point is durable. */
    readonly taken: (point: SnapshotPoint) => void;
  }) {
    this.#store = options.store;
    this.#files = options.files;
    this.#clock = options.clock;
    this.#trace = options.trace;
    this.#settings = options.settings;
    this.#taken = options.taken;
  }

  /**
   * The store has just applied this entry. A snapshot that is due by number begins at a multiple, so
   * that all members have theirs at the same points and one of them can stand in for another.
   */
  applied({ index, payload }: Entry): void {
    this.#bytes += payload.length;
    const due = index % this.#settings.everyEntries === 0 || this.#bytes >= this.#settings.everyBytes;
    if (due && this.#work === null) this.#begin();
  }

  /** Takes one now. Answers why not, or null. */
  request(): SnapshotRefusal | null {
    if (this.#work !== null) return 'snapshotUnderWay';
    if (this.#store.appliedIndex <= (this.#files.list()[0]?.index ?? 0)) return 'nothingApplied';
    this.#begin();
    return null;
  }

  /**
   * Takes one although there may be one of this very entry: that cannot be read any more. Does nothing
   * while one is being taken, and while one that was fetched is ahead of the store: of the two that one
   * would be kept.
   */
  renew(): void {
    const newest = this.#files.list()[0]?.index ?? 0;
    if (this.#work === null && this.#store.appliedIndex >= newest) this.#begin();
  }

  /** The store was replaced, or the member stops: what is under way is given up. */
  abandon(): void {
    const work = this.#work;
    this.#work = null;
    this.#bytes = 0;
    work?.image.abandon();
    work?.writer.abandon();
  }

  #begin(): void {
    this.#bytes = 0;
    const image = this.#store.beginImage();
    const { index, term, zxid, digest } = image;
    const point: SnapshotPoint = { index, term, membership: this.#store.membership };
    try {
      const writer = this.#files.create({ ...point, zxid, digest });
      const startedMs = this.#clock.monotonicMs();
      const work: Work = { point, image, writer, startedMs, collected: [], collectedBytes: 0, workedMs: 0 };
      this.#work = work;
      this.#clock.soon(() => this.#slice(work));
    } catch (failure) {
      image.abandon();
      if (!(failure instanceof DiskFailure)) throw failure;
      this.#failed(failure);
    }
  }

  #slice(work: Work): void {
    if (this.#work !== work) return;
    const fromMs = this.#clock.monotonicMs();
    const chunk = work.image.next(znodesPerSlice);
    if (chunk !== null) {
      work.collected.push(chunk);
      work.collectedBytes += chunk.length;
    }
    if (chunk !== null && work.collectedBytes < writeBytesMin) this.#clock.soon(() => this.#slice(work));
    else if (work.collectedBytes > 0) this.#write(work);
    else work.writer.finish((failure) => this.#finished(work, failure));
    work.workedMs += this.#clock.monotonicMs() - fromMs;
  }

  #write(work: Work): void {
    const bytes = concatenate(work.collected, work.collectedBytes);
    work.collected.length = 0;
    work.collectedBytes = 0;
    work.writer.append(bytes, (failure) => {
      if (this.#work !== work) return;
      if (failure !== null) {
        this.#failed(failure);
        return;
      }
      const restMs = Math.min(work.workedMs, restMaxMs);
      work.workedMs = 0;
      this.#clock.after(restMs, () => this.#slice(work));
    });
  }

  #finished(work: Work, failure: DiskFailure | null): void {
    if (this.#work !== work) return;
    if (failure !== null) {
      this.#failed(failure);
      return;
    }
    this.#work = null;
    const { index } = work.point;
    const sizeBytes = this.#files.list().find((snapshot) => snapshot.index === index)?.sizeBytes ?? 0;
    const tookMs = Math.round(this.#clock.monotonicMs() - work.startedMs);
    this.#trace.emit('info', 'snapshotTaken', { index, sizeBytes, tookMs });
    this.#taken(work.point);
  }

  /** The log is whole without it: the next one is taken when it is due. */
  #failed(failure: DiskFailure): void {
    this.#trace.emit('warn', 'snapshotFailed', { reason: failure.message });
    this.abandon();
  }
}

function concatenate(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
