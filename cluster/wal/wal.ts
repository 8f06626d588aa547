/**
 * The write-ahead log of one member over the Disk port: hard state and entries in one sequence of
 * frames, one write and one fsync per group commit (DESIGN.md 5.2).
 */
import { assert } from '../base/assert.ts';
import type { ClusterId, MemberId } from '../base/ids.ts';
import { walSegmentBytesMax } from '../base/limits.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { PersistBatch, RestoredLog } from '../ports/consensus.ts';
import { type AppendFile, type Disk, DiskFailure } from '../ports/disk.ts';
import { failedDisk, foreign, type WalError } from './error.ts';
import { encodeFrame, type Item } from './frame.ts';
import { type Identity, identityFile, readIdentity } from './identity.ts';
import { writeLogEnd } from './log-end.ts';
import { replayLog, type TornTail } from './replay.ts';
import { encodeSegmentStart, segmentPath, segmentSeed } from './segment.ts';

export interface OpenedWal {
  readonly wal: Wal;
  readonly identity: Identity;
  /** How often this directory was opened, this time included; durable before it is used. */
  readonly life: number;
  readonly restored: RestoredLog;
  /** The unfinished last write that was cut off, if there was one. */
  readonly cut: TornTail | null;
}

/**
 * Opens the log of `expected`, reads it back, and begins a new life in a new segment. Refuses a
 * directory that is not initialised, not this member's, incomplete or damaged; nothing is changed then.
 */
export function openWal(
  disk: Disk,
  expected: { readonly cluster: ClusterId; readonly member: MemberId },
): Result<OpenedWal, WalError> {
  const read = readIdentity(disk);
  if (!read.ok) return read;
  const identity = read.value;
  if (identity.cluster !== expected.cluster || identity.member !== expected.member) {
    const owner = `member ${identity.member} of cluster ${identity.cluster.toString(16)}`;
    return fail(foreign(identityFile, `the directory belongs to ${owner}`));
  }
  try {
    return openLog(disk, identity);
  } catch (failure) {
    return failedDisk(failure);
  }
}

function openLog(disk: Disk, identity: Identity): Result<OpenedWal, WalError> {
  const replayed = replayLog(disk, identity);
  if (!replayed.ok) return replayed;
  const { content, last, torn } = replayed.value;
  // Also without a torn tail: a process that was killed between a write and its fsync leaves frames
  // that read back but are not durable yet. Nobody may count on them before they are.
  disk.truncate(segmentPath(last), content.segmentBytes);
  const life = content.life + 1;
  const { hardState, entries, segmentBytes } = content;
  const wal = new Wal({ disk, identity, previous: { sequence: last, bytes: segmentBytes }, life, hardState });
  return ok({ wal, identity, life, restored: { hardState, entries }, cut: torn });
}

export class Wal {
  readonly #disk: Disk;
  readonly #identity: Identity;
  readonly #life: number;
  #hardState: Uint8Array | null;
  #sequence: number;
  #seed = 0;
  #file: AppendFile | null = null;
  /** Length of the segment, with what is being appended. */
  #bytes: number;
  #state: 'idle' | 'appending' | 'failed' = 'idle';

  /** Begins a segment after the `previous` one, durably. Throws `DiskFailure`. */
  constructor(options: {
    readonly disk: Disk;
    readonly identity: Identity;
    readonly previous: { readonly sequence: number; readonly bytes: number };
    readonly life: number;
    readonly hardState: Uint8Array | null;
  }) {
    this.#disk = options.disk;
    this.#identity = options.identity;
    this.#life = options.life;
    this.#hardState = options.hardState;
    this.#sequence = options.previous.sequence;
    this.#bytes = options.previous.bytes;
    this.#file = this.#beginSegment();
  }

  /**
   * Writes all batches as one frame and makes them durable with one fsync, then calls `done`. One call
   * at a time. After a failure nothing may be appended any more: what is on disk is not known.
   */
  append(batches: readonly PersistBatch[], done: (failure: DiskFailure | null) => void): void {
    assert(this.#state === 'idle', 'one append at a time, and none after a failure', { state: this.#state });
    assert(this.#file !== null, 'append to a closed log');
    this.#state = 'appending';
    const finished = (failure: DiskFailure | null): void => {
      this.#state = failure === null ? 'idle' : 'failed';
      done(failure);
    };
    try {
      if (this.#bytes >= walSegmentBytesMax) {
        const full = this.#file;
        this.#file = this.#beginSegment();
        full.close();
      }
    } catch (failure) {
      if (!(failure instanceof DiskFailure)) throw failure;
      finished(failure);
      return;
    }
    const frame = encodeFrame(this.#items(batches), { seed: this.#seed, offset: this.#bytes });
    this.#bytes += frame.length;
    this.#file.append([frame], finished);
  }

  /** Lets go of the files. In good order, it leaves word of how far the log went. */
  close(): void {
    if (this.#file === null) return;
    this.#file.close();
    this.#file = null;
    if (this.#state !== 'idle') return;
    try {
      writeLogEnd(this.#disk, { segment: this.#sequence, bytes: this.#bytes });
    } catch (failure) {
      // The older word stays true: it merely says less. What was acknowledged is durable either way.
      if (!(failure instanceof DiskFailure)) throw failure;
    }
  }

  *#items(batches: readonly PersistBatch[]): Generator<Item> {
    for (const { hardState, entries } of batches) {
      if (hardState !== null) {
        this.#hardState = hardState;
        yield { kind: 'hardState', bytes: hardState };
      }
      for (const entry of entries) yield { kind: 'entry', entry };
    }
  }

  #beginSegment(): AppendFile {
    const sequence = this.#sequence + 1;
    const path = segmentPath(sequence);
    const start = encodeSegmentStart(this.#identity, sequence, {
      life: this.#life,
      previousBytes: this.#bytes,
      hardState: this.#hardState,
    });
    this.#disk.replace(path, start);
    writeLogEnd(this.#disk, { segment: sequence, bytes: start.length });
    this.#sequence = sequence;
    this.#seed = segmentSeed(this.#identity, sequence);
    this.#bytes = start.length;
    return this.#disk.openAppend(path);
  }
}
