/**
 * A simulated disk: what was synced survives a power cut; what was not may be gone, cut short, or torn in
 * the middle, as the seed decides. Bits of what it holds can be flipped. Disks that fill up, fail, lie or
 * are slow are this one behind `wrapDisk` (fault/disk-faults.ts).
 */
import { assert } from '../base/assert.ts';
import { type AppendFile, type Disk, DiskFailure, type NoteFile, type RecordFile } from '../ports/disk.ts';
import type { SeededRandom } from './random.ts';
import type { Scheduler } from './scheduler.ts';

interface File {
  bytes: Uint8Array;
  /** Bytes in use; the array has room to spare. */
  length: number;
  syncedLength: number;
  /** What a note's file held when power was last lost; null for files that are synced. */
  durableNote: Uint8Array | null;
  /** What a record's file held before the write that is under way. */
  overwritten: Uint8Array | null;
}

const syncDelayMaxMs = 3;

export class SimDisk {
  readonly #scheduler: Scheduler;
  readonly #random: SeededRandom;
  readonly #files = new Map<string, File>();
  #session = 0;
  #whenWriting: (() => void) | null = null;

  constructor(options: { readonly scheduler: Scheduler; readonly random: SeededRandom }) {
    this.#scheduler = options.scheduler;
    this.#random = options.random;
  }

  /** The disk as one process sees it; `run` delivers completions to it, as its clock allows. */
  open(run: (callback: () => void) => void): Disk {
    this.#session += 1;
    this.#endRecords();
    return this.#view(run);
  }

  /** The disk as somebody sees it who only reads, beside the process that has it open. */
  look(): Disk {
    return this.#view((callback) => callback());
  }

  #view(run: (callback: () => void) => void): Disk {
    const session = this.#session;
    return {
      list: (folder) => this.#list(folder),
      exists: (path) => this.#files.has(path),
      sizeBytes: (path) => this.#file(path).length,
      read: (path, { offset, length }) => {
        const file = this.#file(path);
        return file.bytes.slice(offset, Math.min(offset + length, file.length));
      },
      makeFolder: () => undefined,
      openAppend: (path) => this.#openAppend(path, session, run),
      openNote: (path) => this.#openNote(path),
      openRecord: (path) => this.#openRecord(path, session, run),
      replace: (path, bytes) => void this.#files.set(path, syncedFile(bytes)),
      rename: (from, to) => {
        const file = this.#file(from);
        this.#files.delete(from);
        this.#files.set(to, file);
      },
      truncate: (path, length) => {
        const file = this.#file(path);
        file.length = length;
        file.syncedLength = length;
      },
      remove: (path) => void this.#files.delete(path),
    };
  }

  /** Every file as a reader finds it now, in the order of their names. */
  files(): ReadonlyMap<string, Uint8Array> {
    const paths = [...this.#files.keys()].sort();
    return new Map(paths.map((path) => [path, this.#contentOf(path)]));
  }

  /** The process is killed: what it wrote is there, of a write under way perhaps only the beginning. */
  processKilled(): void {
    this.#session += 1;
    this.#endRecords();
    for (const file of this.#files.values()) {
      const unsynced = file.length - file.syncedLength;
      if (unsynced > 0) file.length = file.syncedLength + this.#random.below(unsynced + 1);
      file.syncedLength = file.length;
    }
  }

  /** Power is lost: every byte that no completed sync covers is at the disk's mercy. Returns the writes it tore. */
  crash(): number {
    this.#session += 1;
    let torn = this.#endRecords();
    for (const file of this.#files.values()) {
      if (file.durableNote !== null) this.#loseNote(file, file.durableNote);
      const unsynced = file.length - file.syncedLength;
      if (unsynced === 0) continue;
      const kept = this.#random.below(unsynced + 1);
      if (kept < unsynced) torn += 1;
      file.length = file.syncedLength + kept;
      if (kept > 0 && this.#random.chance(0.3)) this.#tear(file);
      file.syncedLength = file.length;
    }
    return torn;
  }

  /** Calls back as soon as an append is under way, once. */
  whenWriting(callback: () => void): void {
    this.#whenWriting = callback;
  }

  /** Everything is gone. */
  removeAll(): void {
    this.#files.clear();
  }

  /** Flips one bit of a file that has any; returns where, or null when there is nothing to damage. */
  flipBit(): string | null {
    const paths = [...this.#files.keys()].filter((path) => this.#file(path).length > 0).sort();
    if (paths.length === 0) return null;
    const path = this.#random.pick(paths);
    const { bytes, length } = this.#file(path);
    const at = this.#random.below(length);
    bytes[at] = (bytes[at] as number) ^ (1 << this.#random.below(8));
    return `${path}:${at}`;
  }

  /** Part of what was on its way was never written: it reads as zeros. */
  #tear(file: File): void {
    const from = file.syncedLength + this.#random.below(file.length - file.syncedLength);
    const end = Math.min(file.length, from + 1 + this.#random.below(512));
    file.bytes.fill(0, from, end);
  }

  /** A note that nothing synced: the disk may or may not have come round to it. */
  #loseNote(file: File, older: Uint8Array): void {
    if (this.#random.chance(0.5)) {
      file.bytes = older;
      file.length = older.length;
      file.syncedLength = older.length;
    }
    file.durableNote = file.bytes.slice(0, file.length);
  }

  /** A record that was being overwritten is the old one, the new one, or the new one's beginning. Returns how many are torn. */
  #endRecords(): number {
    let torn = 0;
    for (const file of this.#files.values()) {
      const { overwritten, length } = file;
      if (overwritten === null) continue;
      const newBytes = this.#random.pick([0, length, this.#random.below(length)]);
      if (newBytes > 0 && newBytes < length) torn += 1;
      file.bytes.set(overwritten.subarray(newBytes), newBytes);
      file.overwritten = null;
    }
    return torn;
  }

  #openRecord(path: string, session: number, run: (callback: () => void) => void): RecordFile {
    const file = this.#file(path);
    return {
      write: (bytes, done) => {
        assert(file.overwritten === null, 'one write at a time');
        assert(bytes.length === file.length, 'a record keeps its length', { path });
        file.overwritten = file.bytes.slice(0, file.length);
        file.bytes = bytes.slice();
        this.#beganToWrite();
        this.#scheduler.after(this.#random.below(syncDelayMaxMs + 1), () => {
          if (session !== this.#session) return;
          file.overwritten = null;
          run(() => done(null));
        });
      },
      close: () => undefined,
    };
  }

  #openNote(path: string): NoteFile {
    const file = this.#files.get(path) ?? syncedFile(new Uint8Array(0));
    this.#files.set(path, file);
    file.durableNote ??= file.bytes.slice(0, file.length);
    return {
      write: (bytes) => {
        file.bytes = bytes.slice();
        file.length = bytes.length;
        file.syncedLength = bytes.length;
      },
      close: () => undefined,
    };
  }

  #openAppend(path: string, session: number, run: (callback: () => void) => void): AppendFile {
    const file = this.#files.get(path) ?? syncedFile(new Uint8Array(0));
    this.#files.set(path, file);
    let busy = false;
    return {
      append: (chunks, done) => {
        assert(!busy, 'one append at a time');
        busy = true;
        for (const chunk of chunks) extend(file, chunk);
        this.#beganToWrite();
        const { length } = file;
        this.#scheduler.after(this.#random.below(syncDelayMaxMs + 1), () => {
          if (session !== this.#session) return;
          file.syncedLength = length;
          busy = false;
          run(() => done(null));
        });
      },
      close: () => undefined,
    };
  }

  #beganToWrite(): void {
    const callback = this.#whenWriting;
    if (callback === null) return;
    this.#whenWriting = null;
    this.#scheduler.after(0, callback);
  }

  #contentOf(path: string): Uint8Array {
    const { bytes, length } = this.#file(path);
    return bytes.slice(0, length);
  }

  #list(folder: string): readonly string[] {
    const prefix = folder === '' ? '' : `${folder}/`;
    const names = new Set<string>();
    for (const path of this.#files.keys()) {
      if (path.startsWith(prefix)) names.add(path.slice(prefix.length).split('/', 1)[0] as string);
    }
    return [...names].sort();
  }

  #file(path: string): File {
    const file = this.#files.get(path);
    if (file === undefined) throw new DiskFailure('notFound', path, `${path} does not exist`);
    return file;
  }
}

function syncedFile(bytes: Uint8Array): File {
  const { length } = bytes;
  return { bytes: bytes.slice(), length, syncedLength: length, durableNote: null, overwritten: null };
}

function extend(file: File, chunk: Uint8Array): void {
  const needed = file.length + chunk.length;
  if (needed > file.bytes.length) {
    const roomier = new Uint8Array(Math.max(needed, file.bytes.length * 2));
    roomier.set(file.bytes.subarray(0, file.length));
    file.bytes = roomier;
  }
  file.bytes.set(chunk, file.length);
  file.length = needed;
}
