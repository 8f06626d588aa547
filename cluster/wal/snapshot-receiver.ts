/**
 * Takes in another member's snapshot piece by piece, in order. How far it came is durable, so that a
 * transfer goes on after a restart, from this leader or another one with the same snapshot. Only a file
 * that is complete and checks out gets the name of a snapshot.
 */
import { assert } from '../base/assert.ts';
import { MalformedInput } from '../base/bytes.ts';
import { crc32c } from '../base/checksum.ts';
import type { LogIndex, Term } from '../base/ids.ts';
import { snapshotProgressBytes } from '../base/limits.ts';
import { fail, type Result } from '../base/result.ts';
import { type AppendFile, type Disk, DiskFailure } from '../ports/disk.ts';
import { checksummedText, readChecksummedText } from './checksummed-text.ts';
import { corrupt, failedDisk, type WalError } from './error.ts';
import { decodeSnapshotFooter, snapshotFooterBytes } from './snapshot-format.ts';
import type { SnapshotReader } from './snapshot-reader.ts';

const format = /^muster snapshot progress 1\ntotal (\d{1,15})\noffset (\d{1,15})\nchecksum (\d{1,10})\n$/;

export interface SnapshotTransfer {
  readonly index: LogIndex;
  readonly term: Term;
  readonly totalBytes: number;
}

interface Progress {
  readonly totalBytes: number;
  readonly offset: number;
  /** Of the bytes so far, without the footer. */
  readonly checksum: number;
}

export class SnapshotReceiver {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #seed: number;
  readonly #accept: () => Result<SnapshotReader, WalError>;
  readonly #totalBytes: number;
  readonly #file: AppendFile;
  #offset: number;
  #checksum: number;
  #savedAt: number;
  #state: 'open' | 'writing' | 'ended' = 'open';
  #isGone = false;

  /** Goes on where an earlier receiver of the same snapshot stopped. Throws `DiskFailure`. */
  constructor(options: {
    readonly disk: Disk;
    /** The final one. */
    readonly path: string;
    readonly totalBytes: number;
    readonly seed: number;
    /** Opens the file once it stands under its final name. */
    readonly accept: () => Result<SnapshotReader, WalError>;
  }) {
    this.#disk = options.disk;
    this.#path = options.path;
    this.#seed = options.seed;
    this.#accept = options.accept;
    this.#totalBytes = options.totalBytes;
    const resumed = this.#resume();
    this.#offset = resumed.offset;
    this.#checksum = resumed.checksum;
    this.#savedAt = resumed.offset;
    this.#file = this.#disk.openAppend(partOf(this.#path));
  }

  /** Bytes that are here: the next ones wanted begin there. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes of the unfinished file. */
  get unfinishedBytes(): number {
    return this.#isGone ? 0 : this.#offset;
  }

  /** Adds the bytes at `offset`; one call at a time. After a failure the receiver is spent; another resumes. */
  append(bytes: Uint8Array, done: (failure: DiskFailure | null) => void): void {
    assert(this.#state === 'open', 'one append at a time', { state: this.#state });
    assert(this.#offset + bytes.length <= this.#totalBytes, 'more bytes than were offered');
    this.#state = 'writing';
    this.#file.append([bytes], (failure) => {
      if (this.#state === 'ended') return;
      this.#state = 'open';
      const failed = failure ?? this.#took(bytes);
      if (failed !== null) this.#end();
      done(failed);
    });
  }

  /** Everything is here: verifies the whole file and makes it a snapshot; otherwise removes it. */
  finish(): Result<SnapshotReader, WalError> {
    assert(this.#state === 'open', 'finished while writing', { state: this.#state });
    this.#end();
    try {
      const what = this.#flaw();
      if (what !== null) {
        this.#remove();
        return fail(corrupt({ file: partOf(this.#path), offset: this.#offset, what }));
      }
      this.#disk.rename(partOf(this.#path), this.#path);
      this.#remove();
      return this.#accept();
    } catch (failure) {
      return failedDisk(failure);
    }
  }

  /** Gives it up, and removes what came. Throws `DiskFailure`. */
  abandon(): void {
    if (this.#state === 'ended') return;
    this.#end();
    this.#remove();
  }

  /** Lets go of the file; what came stays, for the next receiver. */
  close(): void {
    if (this.#state !== 'ended') this.#end();
  }

  #end(): void {
    this.#state = 'ended';
    this.#file.close();
  }

  #remove(): void {
    removePart(this.#disk, this.#path);
    this.#isGone = true;
  }

  #took(bytes: Uint8Array): DiskFailure | null {
    const ofContent = Math.max(0, this.#totalBytes - snapshotFooterBytes - this.#offset);
    this.#checksum = crc32c(bytes.subarray(0, Math.min(bytes.length, ofContent)), this.#checksum);
    this.#offset += bytes.length;
    if (this.#offset - this.#savedAt < snapshotProgressBytes && this.#offset < this.#totalBytes) return null;
    this.#savedAt = this.#offset;
    try {
      this.#save();
      return null;
    } catch (failure) {
      if (failure instanceof DiskFailure) return failure;
      throw failure;
    }
  }

  #save(): void {
    const text = [
      'muster snapshot progress 1',
      `total ${this.#totalBytes}`,
      `offset ${this.#offset}`,
      `checksum ${this.#checksum}`,
      '',
    ].join('\n');
    this.#disk.replace(progressOf(this.#path), checksummedText(text, this.#seed));
  }

  #flaw(): string | null {
    if (this.#offset !== this.#totalBytes) return `${this.#offset} bytes came of ${this.#totalBytes}`;
    const at = Math.max(0, this.#totalBytes - snapshotFooterBytes);
    try {
      const footer = decodeSnapshotFooter(
        this.#disk.read(partOf(this.#path), { offset: at, length: snapshotFooterBytes }),
      );
      return footer.checksum === this.#checksum && footer.bytes === at
        ? null
        : 'the checksum of the snapshot does not match its bytes';
    } catch (failure) {
      if (failure instanceof MalformedInput) return failure.message;
      throw failure;
    }
  }

  #resume(): Progress {
    const disk = this.#disk;
    const none: Progress = { totalBytes: this.#totalBytes, offset: 0, checksum: 0 };
    const saved = readProgress(disk, this.#path, this.#seed);
    const part = partOf(this.#path);
    if (saved?.totalBytes === this.#totalBytes && disk.exists(part) && disk.sizeBytes(part) >= saved.offset) {
      disk.truncate(part, saved.offset);
      return saved;
    }
    removePart(disk, this.#path);
    return none;
  }
}

/** Removes what there is of a snapshot that did not come whole. Throws `DiskFailure`. */
export function removePart(disk: Disk, path: string): void {
  for (const file of [progressOf(path), partOf(path)]) if (disk.exists(file)) disk.remove(file);
}

export function partOf(path: string): string {
  return `${path}.part`;
}

function progressOf(path: string): string {
  return `${path}.progress`;
}

function readProgress(disk: Disk, path: string, seed: number): Progress | null {
  const match = format.exec(readChecksummedText(disk, progressOf(path), seed) ?? '');
  if (match === null) return null;
  return { totalBytes: Number(match[1]), offset: Number(match[2]), checksum: Number(match[3]) };
}
