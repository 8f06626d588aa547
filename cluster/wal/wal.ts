/**
 * The write-ahead log of one member over the Disk port: hard state and entries in one sequence of
 * frames, one write and one fsync per group commit (DESIGN.md 5.2).
 */
import { assert } from '../base/assert.ts';
import type { LogIndex } from '../base/ids.ts';
import { walSegmentBytesMax } from '../base/limits.ts';
import type { PersistBatch } from '../ports/consensus.ts';
import { type AppendFile, type Disk, DiskFailure } from '../ports/disk.ts';
import { writeFence } from './fence-mark.ts';
import { encodeFrame } from './frame.ts';
import { HardStateFiles } from './hard-state.ts';
import { type Identity, identitySeed } from './identity.ts';
import type { Item, StoredHardState } from './item.ts';
import { writeLogEnd } from './log-end.ts';
import { Mark } from './mark.ts';
import type { Extent, LogPoint } from './point.ts';
import { removeRepairMark } from './repair-mark.ts';
import { type FilePlace, nowhere } from './restored.ts';
import { encodeSegmentStart, segmentPath, segmentSeed } from './segment.ts';
import type { SnapshotFiles } from './snapshot-files.ts';

/** A segment that an older snapshot may still need. */
export interface KeptSegment {
  readonly sequence: number;
  readonly bytes: number;
  /** The last entry before it; null when that is not known. */
  readonly startLast: LogPoint | null;
}

/** What holds between two appends. */
interface Durable {
  readonly hardState: StoredHardState;
  readonly last: LogPoint;
  /** Length of the segment. */
  readonly bytes: number;
}

type Done = (failure: DiskFailure | null) => void;

export class Wal {
  readonly #disk: Disk;
  readonly #identity: Identity;
  readonly #noteSeed: number;
  readonly #life: number;
  readonly #snapshots: SnapshotFiles;
  readonly #mark: Mark;
  readonly #hardStates: HardStateFiles;
  readonly #otherBytes: number;
  #kept: readonly KeptSegment[];
  #durable: Durable;
  #sequence: number;
  #seed = 0;
  #file: AppendFile | null = null;
  #state: 'idle' | 'appending' | 'failed' = 'idle';

  /** Begins a segment, durably. Throws `DiskFailure`. */
  constructor(options: {
    readonly disk: Disk;
    readonly identity: Identity;
    readonly life: number;
    readonly snapshots: SnapshotFiles;
    readonly hardState: StoredHardState;
    /** The last entry. */
    readonly last: LogPoint;
    /** Where the log ends in the files; `nowhere`: it begins with the new segment. */
    readonly end: FilePlace;
    /** Higher than that of any segment there ever was. */
    readonly sequence: number;
    /** Oldest first. */
    readonly kept: readonly KeptSegment[];
    /** Bytes of the directory that are not the log's nor snapshots'. */
    readonly otherBytes: number;
  }) {
    this.#disk = options.disk;
    this.#identity = options.identity;
    this.#noteSeed = identitySeed(options.identity);
    this.#life = options.life;
    this.#snapshots = options.snapshots;
    this.#otherBytes = options.otherBytes;
    this.#kept = options.kept;
    this.#durable = { hardState: options.hardState, last: options.last, bytes: 0 };
    this.#sequence = options.sequence - 1;
    this.#mark = new Mark(this.#disk, this.#noteSeed);
    this.#hardStates = new HardStateFiles(this.#disk, this.#noteSeed);
    this.#beginSegment(options.end);
  }

  /** Bytes of the data directory. */
  get diskBytes(): number {
    const older = this.#kept.reduce((sum, { bytes }) => sum + bytes, 0);
    return this.#durable.bytes + older + this.#snapshots.bytes + this.#otherBytes;
  }

  /**
   * Writes all batches as one frame and makes them durable with one fsync, a vote meanwhile with one
   * more in its second copy, then calls `done`. One call at a time. After a failure what is on disk is not known: call `reopen` until it succeeds, then
   * append the same batches again.
   */
  append(batches: readonly PersistBatch[], done: Done): void {
    assert(this.#state === 'idle', 'one append at a time, and none after a failure', { state: this.#state });
    if (this.#durable.bytes >= walSegmentBytesMax) {
      const failure = this.reopen();
      if (failure !== null) {
        this.#state = 'failed';
        done(failure);
        return;
      }
    }
    assert(this.#file !== null, 'append to a closed log');
    this.#state = 'appending';
    const before = this.#durable;
    const { items, hardState, last } = this.#gather(batches);
    const frame = encodeFrame(items, { seed: this.#seed, offset: before.bytes }, last);
    const after: Durable = { hardState, last, bytes: before.bytes + frame.length };
    const isNewVote = hardState.version !== before.hardState.version;
    const finish = (failure: DiskFailure | null): void => {
      // Of a log that was closed meanwhile, the files may be others' by now.
      if (failure === null && this.#file !== null) {
        this.#durable = after;
        if (isNewVote) this.#hardStates.acknowledged({ hardState, extent: this.#extent });
        this.#mark.write(this.#extent);
      }
      this.#state = failure === null ? 'idle' : 'failed';
      done(failure);
    };
    const written = isNewVote ? bothDone(finish) : finish;
    if (isNewVote) this.#hardStates.write({ hardState, extent: this.#extent }, written);
    this.#file.append([frame], written);
  }

  /**
   * Leaves the segment as it is, whatever a failed append left behind its durable part, and begins a
   * new one behind that part. Answers with what the disk refused, or null.
   */
  reopen(): DiskFailure | null {
    assert(this.#state !== 'appending', 'reopened while appending');
    return attempt(() => {
      this.#beginSegment({ segment: this.#sequence, bytes: this.#durable.bytes });
      this.#state = 'idle';
    });
  }

  /**
   * Drops the segments that hold nothing from `keepFrom` on, and all but the newest `generations` snapshots.
   * A snapshot must reach the entry before `keepFrom`. Throws `DiskFailure`.
   */
  compact(keepFrom: LogIndex, generations: number): void {
    const newest = this.#snapshots.list()[0];
    assert(newest !== undefined && newest.index >= keepFrom - 1, 'compacted past the newest snapshot', {
      keepFrom,
    });
    this.#snapshots.prune(generations);
    const first = this.#kept.findLastIndex(
      ({ startLast }) => startLast !== null && startLast.index < keepFrom,
    );
    this.#dropBefore(first);
  }

  /**
   * After a fetched snapshot: everything in the log is void, and it begins anew behind this point.
   * Durable when it returns. Throws `DiskFailure`: call it again then.
   */
  rebase(point: LogPoint): void {
    assert(this.#state === 'idle', 'rebased while appending or after a failure', { state: this.#state });
    this.#durable = { ...this.#durable, last: { index: point.index, term: point.term } };
    this.#beginSegment(nowhere);
    // What cannot be removed now is not of the log any more, and goes with the next opening.
    attempt(() => this.#dropBefore(this.#kept.length - 1));
  }

  /** A leader has brought back what was lost: this member may vote and campaign again. Throws `DiskFailure`. */
  repaired(): void {
    removeRepairMark(this.#disk);
  }

  /** Remembers durably that this member diverged. Throws `DiskFailure`. */
  fence(reason: string): void {
    writeFence(this.#disk, reason, this.#noteSeed);
  }

  /** Lets go of the files. In good order, it leaves word of how far the log went. */
  close(): void {
    if (this.#file === null) return;
    this.#file.close();
    this.#file = null;
    this.#mark.close();
    this.#hardStates.close();
    if (this.#state !== 'idle') return;
    // Without it the older word stays true: it merely says less. What was acknowledged is durable either way.
    attempt(() => writeLogEnd(this.#disk, this.#logEnd('closed'), this.#noteSeed));
  }

  get #extent(): Extent {
    return { segment: this.#sequence, bytes: this.#durable.bytes, last: this.#durable.last };
  }

  #logEnd(state: 'open' | 'closed') {
    return { extent: this.#extent, life: this.#life, state };
  }

  #gather(batches: readonly PersistBatch[]): {
    readonly items: readonly Item[];
    readonly hardState: StoredHardState;
    readonly last: LogPoint;
  } {
    const items: Item[] = [];
    let { hardState, last } = this.#durable;
    for (const { hardState: bytes, entries } of batches) {
      if (bytes !== null) {
        hardState = { version: hardState.version + 1, bytes };
        items.push({ kind: 'hardState', hardState });
      }
      for (const entry of entries) {
        items.push({ kind: 'entry', entry });
        last = entry;
      }
    }
    return { items, hardState, last: { index: last.index, term: last.term } };
  }

  #beginSegment(previous: FilePlace): void {
    const sequence = this.#sequence + 1;
    const path = segmentPath(sequence);
    const { hardState, last } = this.#durable;
    const start = encodeSegmentStart(this.#identity, sequence, {
      life: this.#life,
      previous,
      last,
      hardState,
    });
    this.#disk.replace(path, start);
    const file = this.#disk.openAppend(path);
    this.#keep({ sequence, bytes: 0, startLast: last });
    this.#file?.close();
    this.#file = file;
    this.#sequence = sequence;
    this.#seed = segmentSeed(this.#identity, sequence);
    this.#durable = { ...this.#durable, bytes: start.length };
    writeLogEnd(this.#disk, this.#logEnd('open'), this.#noteSeed);
    this.#mark.write(this.#extent);
  }

  /** The newest one's length is only settled when the next one begins. */
  #keep(begun: KeptSegment): void {
    const isSealed = this.#file !== null;
    const bytes = this.#durable.bytes;
    const older = this.#kept.map((kept, at) =>
      isSealed && at === this.#kept.length - 1 ? { ...kept, bytes } : kept,
    );
    this.#kept = [...older, begun];
  }

  /** Oldest first, so that a crash leaves the newer ones. */
  #dropBefore(first: number): void {
    for (const { sequence } of this.#kept.slice(0, Math.max(0, first))) {
      this.#disk.remove(segmentPath(sequence));
      this.#kept = this.#kept.slice(1);
    }
  }
}

/** To be called twice, in any order: `done` is told the second time, with a failure if there was one. */
function bothDone(done: Done): Done {
  let first: DiskFailure | null | undefined;
  return (failure) => {
    if (first === undefined) first = failure;
    else done(first ?? failure);
  };
}

function attempt(act: () => void): DiskFailure | null {
  try {
    act();
    return null;
  } catch (failure) {
    if (failure instanceof DiskFailure) return failure;
    throw failure;
  }
}
