/**
 * A disk that acknowledges an fsync it did not do: the newest appended bytes are in memory alone, as in
 * a drive's volatile cache, and a killed process has lost them. Older ones are written when the memory is
 * full, all of them when the disk is told to be honest again. Records and whole files are not held back, so
 * they can overtake appends, as on a drive that orders its writes as it likes.
 *
 * Not even the member itself can notice while it lives: it reads what it wrote. What was acknowledged
 * by a majority that counts this disk has one safe copy less than it seems.
 */
import type { Clock } from '../ports/clock.ts';
import { type AppendFile, type Disk, DiskFailure } from '../ports/disk.ts';

/** Appended bytes of one file that are not written (own choice: some thousands of small writes). */
const heldBytesMax = 1024 * 1024;

/** The end of a file that is in memory alone. */
interface Held {
  readonly file: AppendFile;
  /** Length of the part on the real disk. */
  readonly realBytes: number;
  bytes: Uint8Array[];
  writing: boolean;
  closed: boolean;
  /** Appends that came while the disk was honest again: they are done when they are written. */
  waiting: ((failure: DiskFailure | null) => void)[];
}

/** The disk, and how to make it lie or stop lying. */
export function createLyingDisk(
  real: Disk,
  clock: Clock,
): { readonly disk: Disk; readonly setSync: (sync: 'honest' | 'lying') => void } {
  const lying = new LyingDisk(real, clock);
  return { disk: lying.disk(), setSync: (sync) => lying.setSync(sync) };
}

class LyingDisk {
  readonly #real: Disk;
  readonly #clock: Clock;
  readonly #held = new Map<string, Held>();
  #sync: 'honest' | 'lying' = 'honest';

  constructor(real: Disk, clock: Clock) {
    this.#real = real;
    this.#clock = clock;
  }

  setSync(sync: 'honest' | 'lying'): void {
    this.#sync = sync;
    if (sync === 'honest') for (const path of this.#held.keys()) this.#write(path);
  }

  disk(): Disk {
    const real = this.#real;
    return {
      list: (folder) => real.list(folder),
      exists: (path) => real.exists(path),
      sizeBytes: (path) => {
        const held = this.#held.get(path);
        return held === undefined ? real.sizeBytes(path) : held.realBytes + lengthOf(held.bytes);
      },
      read: (path, range) => this.#read(path, range),
      makeFolder: (path) => real.makeFolder(path),
      openAppend: (path) => this.#openAppend(path),
      replace: (path, bytes) => {
        this.#held.delete(path);
        real.replace(path, bytes);
      },
      openNote: (path) => real.openNote(path),
      openRecord: (path) => real.openRecord(path),
      rename: (from, to) => this.#rename(from, to),
      truncate: (path, length) => this.#truncate(path, length),
      remove: (path) => {
        this.#held.delete(path);
        real.remove(path);
      },
    };
  }

  #openAppend(path: string): AppendFile {
    const file = this.#real.openAppend(path);
    return {
      append: (chunks, done) => {
        const held = this.#held.get(path);
        if (this.#sync === 'honest' && held === undefined) file.append(chunks, done);
        else this.#hold(path, held ?? this.#holding(path, file), { chunks, done });
      },
      close: () => {
        const held = this.#held.get(path);
        if (held?.file === file) held.closed = true;
        else file.close();
      },
    };
  }

  #holding(path: string, file: AppendFile): Held {
    const realBytes = this.#real.sizeBytes(path);
    const held: Held = { file, realBytes, bytes: [], writing: false, closed: false, waiting: [] };
    this.#held.set(path, held);
    return held;
  }

  #hold(
    path: string,
    held: Held,
    append: {
      readonly chunks: readonly Uint8Array[];
      readonly done: (failure: DiskFailure | null) => void;
    },
  ): void {
    for (const chunk of append.chunks) held.bytes.push(chunk.slice());
    if (this.#sync === 'honest') held.waiting.push(append.done);
    else this.#clock.soon(() => append.done(null));
    if (this.#sync === 'honest' || lengthOf(held.bytes) > heldBytesMax) this.#write(path);
  }

  /** Writes what is held of a file; what comes meanwhile follows. */
  #write(path: string): void {
    const held = this.#held.get(path);
    if (held === undefined || held.writing) return;
    held.writing = true;
    const bytes = [...held.bytes];
    const { waiting } = held;
    held.waiting = [];
    held.file.append(bytes, (failure) => {
      if (this.#held.get(path) === held)
        this.#settle(path, { ...held, bytes: held.bytes.slice(bytes.length) });
      for (const done of waiting) done(failure);
    });
  }

  /** `left` is what came while the rest was written. */
  #settle(path: string, left: Held): void {
    this.#held.delete(path);
    if (left.bytes.length > 0 || left.waiting.length > 0) {
      this.#held.set(path, { ...left, realBytes: this.#real.sizeBytes(path), writing: false });
      if (this.#sync === 'honest') this.#write(path);
    } else if (left.closed) left.file.close();
  }

  #read(path: string, { offset, length }: { readonly offset: number; readonly length: number }): Uint8Array {
    const held = this.#held.get(path);
    if (held === undefined) return this.#real.read(path, { offset, length });
    const fromReal = Math.max(0, Math.min(length, held.realBytes - offset));
    const start = this.#real.read(path, { offset, length: fromReal });
    const inHeld = Math.max(0, offset - held.realBytes);
    const rest = joined(held.bytes).subarray(inHeld, inHeld + length - fromReal);
    return joined([start, rest]);
  }

  /** A file is renamed when it is closed, so no handle knows it by its old name. */
  #rename(from: string, to: string): void {
    const held = this.#resting(from);
    this.#real.rename(from, to);
    this.#held.delete(from);
    this.#held.delete(to);
    if (held !== undefined) this.#held.set(to, held);
  }

  /** What is held of a file, unless it is being written: then the file cannot be changed now. */
  #resting(path: string): Held | undefined {
    const held = this.#held.get(path);
    if (held?.writing === true) throw new DiskFailure('ioError', path, `${path} is busy (injected)`);
    return held;
  }

  #truncate(path: string, length: number): void {
    const held = this.#resting(path);
    if (held === undefined) {
      this.#real.truncate(path, length);
      return;
    }
    const kept = joined(held.bytes).slice(0, Math.max(0, length - held.realBytes));
    if (length < held.realBytes) this.#real.truncate(path, length);
    const realBytes = Math.min(length, held.realBytes);
    this.#held.set(path, { ...held, realBytes, bytes: kept.length === 0 ? [] : [kept] });
  }
}

function lengthOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(lengthOf(chunks));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
