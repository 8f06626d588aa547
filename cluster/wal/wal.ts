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
import { corrupt, missing, type WalError } from './error.ts';
import { encodeFrame, type FrameReading, hasFrameAfter, type Item, readFrame } from './frame.ts';
import { failedDisk, type Identity, identityFile, logFolder, readIdentity } from './identity.ts';
import { judge } from './recovery.ts';
import { RestoredContent } from './restored.ts';
import {
  encodeSegmentStart,
  readSegmentHeader,
  segmentHeaderBytes,
  segmentPath,
  segmentSeed,
  segmentSequence,
} from './segment.ts';

export interface OpenedWal {
  readonly wal: Wal;
  readonly identity: Identity;
  /** How often this directory was opened, this time included; durable before it is used. */
  readonly life: number;
  readonly restored: RestoredLog;
  /** The unfinished last write that was cut off, if there was one. */
  readonly cut: { readonly file: string; readonly offset: number; readonly bytes: number } | null;
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
    return fail(
      foreign(
        identityFile,
        `it belongs to member ${identity.member} of cluster ${identity.cluster.toString(16)}`,
      ),
    );
  }
  try {
    return openLog(disk, identity);
  } catch (failure) {
    return failedDisk(failure);
  }
}

function openLog(disk: Disk, identity: Identity): Result<OpenedWal, WalError> {
  const listed = listSegments(disk);
  if (!listed.ok) return listed;
  const last = listed.value;
  const content = new RestoredContent();
  let cut: OpenedWal['cut'] = null;
  for (let sequence = 1; sequence <= last; sequence += 1) {
    const replayed = replay(disk, identity, { sequence, isLast: sequence === last, content });
    if (!replayed.ok) return replayed;
    cut = replayed.value;
  }
  if (cut !== null) disk.truncate(cut.file, cut.offset);
  const life = content.life + 1;
  const wal = new Wal({ disk, identity, sequence: last + 1, life, hardState: content.hardState });
  const restored = { hardState: content.hardState, entries: content.entries };
  return ok({ wal, identity, life, restored, cut });
}

/** The number of segments, which are numbered without a gap. */
function listSegments(disk: Disk): Result<number, WalError> {
  const sequences = disk
    .list(logFolder)
    .map((file) => segmentSequence(`${logFolder}/${file}`))
    .filter((sequence) => sequence !== null);
  if (sequences.length === 0) return fail(missing(logFolder, 'the log has no segment'));
  const gap = sequences.findIndex((sequence, at) => sequence !== at + 1);
  if (gap !== -1) return fail(missing(segmentPath(gap + 1), `segment ${gap + 1} of the log is missing`));
  return ok(sequences.length);
}

/** Reads one segment into `content`. Answers with the tail to cut, if the last write was not finished. */
function replay(
  disk: Disk,
  identity: Identity,
  segment: { readonly sequence: number; readonly isLast: boolean; readonly content: RestoredContent },
): Result<OpenedWal['cut'], WalError> {
  const file = segmentPath(segment.sequence);
  const bytes = disk.read(file, { offset: 0, length: disk.sizeBytes(file) });
  const header = readSegmentHeader(bytes, identity, segment.sequence);
  if (header === 'damaged')
    return fail(corrupt({ file, offset: 0, what: 'the header of the segment is damaged' }));
  if (header === 'foreign')
    return fail(foreign(file, 'the segment was written for another directory or place'));
  const seed = segmentSeed(identity, segment.sequence);
  for (let offset = segmentHeaderBytes; ; ) {
    const reading = offset === bytes.length ? noFrame : readFrame(bytes, offset, seed);
    const bad = reading.kind === 'damaged' || reading.kind === 'incomplete';
    const verdict = judge({
      reading: reading.kind,
      segment: segment.isLast ? 'last' : 'earlier',
      after: bad && hasFrameAfter(bytes, offset, seed) ? 'frame' : 'nothing',
    });
    if (verdict === 'end') return ok(null);
    if (verdict === 'cutTail') return ok({ file, offset, bytes: bytes.length - offset });
    if (reading.kind !== 'whole') return fail(corrupt({ file, offset, what: describe(reading) }));
    for (const item of reading.items) {
      const flaw = segment.content.take(item);
      if (flaw !== null) return fail(corrupt({ file, offset, what: flaw }));
    }
    offset = reading.end;
  }
}

const noFrame = { kind: 'none' } as const;

function describe(reading: Exclude<FrameReading, { readonly kind: 'whole' }> | typeof noFrame): string {
  return reading.kind === 'damaged'
    ? `a frame is damaged: ${reading.reason}`
    : 'a frame is cut short before the end of the log';
}

function foreign(file: string, what: string): WalError {
  return {
    code: 'foreign',
    file,
    offset: null,
    what,
    meaning: 'This is the memory of somebody else; using it would break both.',
    todo: 'Start this member on its own directory.',
  };
}

export class Wal {
  readonly #disk: Disk;
  readonly #identity: Identity;
  readonly #life: number;
  #hardState: Uint8Array | null;
  #sequence: number;
  #seed = 0;
  #file: AppendFile | null = null;
  #bytes = 0;
  #appending = false;

  /** Begins a new segment, durably. Throws `DiskFailure`. */
  constructor(options: {
    readonly disk: Disk;
    readonly identity: Identity;
    readonly sequence: number;
    readonly life: number;
    readonly hardState: Uint8Array | null;
  }) {
    this.#disk = options.disk;
    this.#identity = options.identity;
    this.#life = options.life;
    this.#hardState = options.hardState;
    this.#sequence = options.sequence;
    this.#beginSegment();
  }

  /**
   * Writes all batches as one frame and makes them durable with one fsync, then calls `done`. One call
   * at a time. After a failure nothing may be appended any more: what is on disk is not known.
   */
  append(batches: readonly PersistBatch[], done: (failure: DiskFailure | null) => void): void {
    assert(!this.#appending, 'one append at a time');
    this.#appending = true;
    const finished = (failure: DiskFailure | null): void => {
      this.#appending = false;
      done(failure);
    };
    try {
      if (this.#bytes >= walSegmentBytesMax) this.#nextSegment();
    } catch (failure) {
      if (!(failure instanceof DiskFailure)) throw failure;
      finished(failure);
      return;
    }
    const frame = encodeFrame(this.#items(batches), this.#seed);
    this.#bytes += frame.length;
    assert(this.#file !== null, 'append to a closed log');
    this.#file.append([frame], finished);
  }

  close(): void {
    this.#file?.close();
    this.#file = null;
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

  #nextSegment(): void {
    this.#file?.close();
    this.#file = null;
    this.#sequence += 1;
    this.#beginSegment();
  }

  #beginSegment(): void {
    const path = segmentPath(this.#sequence);
    const start = encodeSegmentStart(this.#identity, this.#sequence, {
      life: this.#life,
      hardState: this.#hardState,
    });
    this.#disk.replace(path, start);
    this.#seed = segmentSeed(this.#identity, this.#sequence);
    this.#bytes = start.length;
    this.#file = this.#disk.openAppend(path);
  }
}
