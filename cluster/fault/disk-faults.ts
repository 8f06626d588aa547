/**
 * A disk that fills up, fails, is slow or lies, in user space, so that drills need no root
 * (DRILLS.md, disk faults). It sits between a member and its directory; reading always works.
 */
import type { Stop } from '../base/scope.ts';
import type { Clock } from '../ports/clock.ts';
import { type AppendFile, type Disk, DiskFailure, type RecordFile } from '../ports/disk.ts';
import { createLyingDisk } from './lying-disk.ts';

export interface DiskFaults {
  /** Bytes that can still be written, as from the moment this is set; removing files gives some back. Null: no limit. */
  readonly freeBytes: number | null;
  /** `failing`: every write fails with an input/output error, appends and records after half of their bytes. */
  readonly writes: 'working' | 'failing';
  /** Added to every append and record; what happens synchronously, at start and between segments, is not slowed down. */
  readonly syncDelayMs: number;
  /** `lying`: an append is acknowledged while its bytes are in memory alone; see lying-disk.ts. */
  readonly sync: 'honest' | 'lying';
}

/** A disk as it should be: setting it undoes every fault. */
export const noDiskFaults: DiskFaults = {
  freeBytes: null,
  writes: 'working',
  syncDelayMs: 0,
  sync: 'honest',
};

/** The disk with faults that can be set; `setFaults` replaces those set before. */
export function wrapDisk(
  real: Disk,
  clock: Clock,
): { readonly disk: Disk; readonly setFaults: (faults: DiskFaults) => void } {
  const below = createLyingDisk(real, clock);
  const faulty = new FaultyDisk(below.disk, clock);
  return {
    disk: faulty.disk(),
    setFaults: (faults) => {
      below.setSync(faults.sync);
      faulty.setFaults(faults);
    },
  };
}

class FaultyDisk {
  readonly #real: Disk;
  readonly #clock: Clock;
  #faults: DiskFaults = noDiskFaults;
  /** Counts down from what `freeBytes` was set to. */
  #freeBytes: number | null = null;
  /** Appends that are durable and wait for the injected delay: how to stop the wait, what to do then. */
  readonly #delayed = new Map<() => void, Stop>();

  constructor(real: Disk, clock: Clock) {
    this.#real = real;
    this.#clock = clock;
  }

  setFaults(faults: DiskFaults): void {
    this.#faults = faults;
    this.#freeBytes = faults.freeBytes;
    for (const [act, stop] of this.#delayed) {
      stop();
      this.#clock.soon(() => this.#finish(act));
    }
  }

  disk(): Disk {
    const real = this.#real;
    return {
      list: (folder) => real.list(folder),
      exists: (path) => real.exists(path),
      sizeBytes: (path) => real.sizeBytes(path),
      read: (path, range) => real.read(path, range),
      makeFolder: (path) => {
        this.#mayWrite(path);
        real.makeFolder(path);
      },
      openAppend: (path) => {
        if (!real.exists(path)) this.#mayWrite(path);
        return this.#faultyFile(path, real.openAppend(path));
      },
      replace: (path, bytes) => this.#replace(path, bytes),
      openNote: (path) => {
        const note = real.openNote(path);
        return {
          write: (bytes) => {
            this.#mayWrite(path);
            note.write(bytes);
          },
          close: () => note.close(),
        };
      },
      openRecord: (path) => this.#faultyRecord(path, real.openRecord(path)),
      rename: (from, to) => {
        this.#mayWrite(from);
        const replaced = this.#sizeBytes(to);
        real.rename(from, to);
        this.#take(-replaced);
      },
      truncate: (path, length) => {
        this.#mayWrite(path);
        const before = this.#sizeBytes(path);
        real.truncate(path, length);
        this.#take(length - before);
      },
      remove: (path) => {
        this.#mayWrite(path);
        const before = this.#sizeBytes(path);
        real.remove(path);
        this.#take(-before);
      },
    };
  }

  /** The new content is written beside the old one first, so there must be room for both. */
  #replace(path: string, bytes: Uint8Array): void {
    this.#mayWrite(path);
    if (this.#freeBytes !== null && bytes.length > this.#freeBytes) throw noSpace(path);
    const before = this.#sizeBytes(path);
    this.#real.replace(path, bytes);
    this.#take(bytes.length - before);
  }

  #faultyFile(path: string, file: AppendFile): AppendFile {
    return {
      append: (chunks, done) => {
        const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
        const { taken, failure } = this.#accept(path, length);
        this.#take(taken);
        file.append(firstBytes(chunks, taken), (real) => this.#afterDelay(() => done(real ?? failure)));
      },
      close: () => file.close(),
    };
  }

  /** In place, so that a full disk has room for it. */
  #faultyRecord(path: string, file: RecordFile): RecordFile {
    return {
      write: (bytes, done) => {
        const isFailing = this.#faults.writes === 'failing';
        const half = bytes.length >> 1;
        const failure = isFailing ? failed(path) : null;
        const written = isFailing ? this.#halfOver(path, bytes.subarray(0, half)) : bytes;
        file.write(written, (real) => this.#afterDelay(() => done(real ?? failure)));
      },
      close: () => file.close(),
    };
  }

  /** The beginning over what the file holds. */
  #halfOver(path: string, beginning: Uint8Array): Uint8Array {
    const bytes = this.#real.read(path, { offset: 0, length: this.#real.sizeBytes(path) }).slice();
    bytes.set(beginning);
    return bytes;
  }

  /** How much of an append gets onto the disk, as on a real one not always all or nothing. */
  #accept(path: string, length: number): { readonly taken: number; readonly failure: DiskFailure | null } {
    if (this.#faults.writes === 'failing') return { taken: Math.floor(length / 2), failure: failed(path) };
    if (this.#freeBytes !== null && length > this.#freeBytes)
      return { taken: this.#freeBytes, failure: noSpace(path) };
    return { taken: length, failure: null };
  }

  #afterDelay(act: () => void): void {
    const { syncDelayMs } = this.#faults;
    if (syncDelayMs === 0) {
      act();
      return;
    }
    this.#delayed.set(
      act,
      this.#clock.after(syncDelayMs, () => this.#finish(act)),
    );
  }

  /** Once, although a delay may be over and cut short in the same moment. */
  #finish(act: () => void): void {
    if (this.#delayed.delete(act)) act();
  }

  #mayWrite(path: string): void {
    if (this.#faults.writes === 'failing') throw failed(path);
  }

  #take(bytes: number): void {
    if (this.#freeBytes !== null) this.#freeBytes = Math.max(0, this.#freeBytes - bytes);
  }

  #sizeBytes(path: string): number {
    return this.#real.exists(path) ? this.#real.sizeBytes(path) : 0;
  }
}

function firstBytes(chunks: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let left = count;
  return chunks.flatMap((chunk) => {
    const taken = chunk.subarray(0, left);
    left -= taken.length;
    return taken.length === 0 ? [] : [taken];
  });
}

function noSpace(path: string): DiskFailure {
  return new DiskFailure('noSpace', path, `no space left on device (injected), writing ${path}`);
}

function failed(path: string): DiskFailure {
  return new DiskFailure('ioError', path, `input/output error (injected), writing ${path}`);
}
