/**
 * The Disk port over one folder of the real file system. Appends and records run on the thread pool
 * (a write, then fdatasync); everything else is synchronous and happens at start or at a segment's end.
 */
import {
  close,
  closeSync,
  constants,
  existsSync,
  fdatasync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  write,
  writeSync,
  writev,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { assert } from '../base/assert.ts';
import {
  type AppendFile,
  type Disk,
  DiskFailure,
  type DiskFailureCode,
  type NoteFile,
  type RecordFile,
} from '../ports/disk.ts';

/** A disk whose paths are relative to `folder`, which must exist. */
export function createDisk(folder: string): Disk {
  const at = (path: string): string => join(folder, path);
  return {
    list: (path) => guarded(path, () => list(at(path))),
    // Not `existsSync`, which says that what may not be looked at is not there.
    exists: (path) => guarded(path, () => statSync(at(path), { throwIfNoEntry: false }) !== undefined),
    sizeBytes: (path) => guarded(path, () => statSync(at(path)).size),
    read: (path, range) => guarded(path, () => readRange(at(path), range)),
    makeFolder: (path) => guarded(path, () => makeFolder(at(path))),
    openAppend: (path) => guarded(path, () => openAppend(at(path), path)),
    openNote: (path) => guarded(path, () => openNote(at(path), path)),
    openRecord: (path) => guarded(path, () => openRecord(at(path), path)),
    rename: (from, to) => guarded(from, () => rename(at(from), at(to))),
    replace: (path, bytes) => guarded(path, () => replace(at(path), bytes)),
    truncate: (path, length) =>
      guarded(path, () => withFile(at(path), 'r+', (fd) => ftruncateSync(fd, length))),
    remove: (path) =>
      guarded(path, () => {
        rmSync(at(path));
        syncFolder(dirname(at(path)));
      }),
  };
}

function list(folder: string): readonly string[] {
  const isThere = statSync(folder, { throwIfNoEntry: false }) !== undefined;
  return isThere ? readdirSync(folder).sort() : [];
}

/** Every folder made on the way is a name in its parent, and each of them is synced. */
function makeFolder(folder: string): void {
  const firstMade = mkdirSync(folder, { recursive: true });
  if (firstMade === undefined) return;
  for (let made = folder; made.length >= firstMade.length; made = dirname(made)) syncFolder(dirname(made));
}

function openAppend(file: string, path: string): AppendFile {
  const isNew = !existsSync(file);
  const fd = openSync(file, 'a');
  if (isNew) syncFolder(dirname(file));
  const { run, close } = oneAtATime(fd, path);
  return { append: (chunks, done) => run((written) => writeAll(fd, [...chunks], written), done), close };
}

/** Its length never changes, so its fdatasync has nothing to wait for but the content. */
function openRecord(file: string, path: string): RecordFile {
  const fd = openSync(file, 'r+');
  const { run, close } = oneAtATime(fd, path);
  return { write: (bytes, done) => run((written) => writeInPlace(fd, bytes, written), done), close };
}

type Written = (error: NodeJS.ErrnoException | null) => void;

/** Writes on the thread pool, each followed by fdatasync; a file that is closed meanwhile is closed after it. */
function oneAtATime(fd: number, path: string) {
  let busy = false;
  let closing = false;
  const closeFile = (): void => close(fd, () => undefined); // nothing was left unsynced: no failure can matter
  return {
    run: (act: (written: Written) => void, done: (failure: DiskFailure | null) => void): void => {
      assert(!busy && !closing, 'one write at a time');
      busy = true;
      const finish: Written = (error) => {
        busy = false;
        if (closing) closeFile();
        done(error === null ? null : failureOf(path, error));
      };
      act((error) => {
        if (error !== null) finish(error);
        else fdatasync(fd, finish);
      });
    },
    close: (): void => {
      // The number of a closed file may be another file's by now: it is closed once.
      if (closing) return;
      closing = true;
      if (!busy) closeFile();
    },
  };
}

/** In place and unsynced: two microseconds, and no wait for the disk. */
function openNote(file: string, path: string): NoteFile {
  const fd = openSync(file, constants.O_WRONLY | constants.O_CREAT, 0o666);
  let isOpen = true;
  return {
    write: (bytes) => guarded(path, () => void writeSync(fd, bytes, 0, bytes.length, 0)),
    close: () => {
      if (isOpen) closeSync(fd);
      isOpen = false;
    },
  };
}

/** Both folders' names change, and both are synced: the new name first, so that the file never has none. */
function rename(from: string, to: string): void {
  renameSync(from, to);
  syncFolder(dirname(to));
  if (dirname(from) !== dirname(to)) syncFolder(dirname(from));
}

/** `writev` may write less than it was given (a signal, a full disk): go on until nothing is left. */
function writeAll(fd: number, chunks: readonly Uint8Array[], done: Written): void {
  writev(fd, chunks, (error, written) => {
    if (error !== null) {
      done(error);
      return;
    }
    const left = dropBytes(chunks, written);
    if (left.length === 0) done(null);
    else writeAll(fd, left, done);
  });
}

/** As `writeAll`, from the beginning of the file. */
function writeInPlace(fd: number, bytes: Uint8Array, done: Written, from = 0): void {
  write(fd, bytes, from, bytes.length - from, from, (error, count) => {
    if (error !== null || from + count === bytes.length) done(error);
    else writeInPlace(fd, bytes, done, from + count);
  });
}

function dropBytes(chunks: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let drop = count;
  for (const [at, chunk] of chunks.entries()) {
    if (drop < chunk.length) return [chunk.subarray(drop), ...chunks.slice(at + 1)];
    drop -= chunk.length;
  }
  return [];
}

function readRange(file: string, range: { readonly offset: number; readonly length: number }): Uint8Array {
  return withFile(file, 'r', (fd) => {
    const bytes = new Uint8Array(range.length);
    let filled = 0;
    while (filled < range.length) {
      const count = readSync(fd, bytes, filled, range.length - filled, range.offset + filled);
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  });
}

/** A reader sees the old content or the new, after any crash. */
function replace(file: string, bytes: Uint8Array): void {
  const temporary = `${file}.new`;
  withFile(temporary, 'w', (fd) => {
    for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
  });
  renameSync(temporary, file);
  syncFolder(dirname(file));
}

/** Opens, acts, and for a writer syncs, then closes. */
function withFile<Value>(file: string, flags: 'r' | 'r+' | 'w', act: (fd: number) => Value): Value {
  const fd = openSync(file, flags);
  try {
    const value = act(fd);
    if (flags !== 'r') fsyncSync(fd);
    return value;
  } finally {
    closeSync(fd);
  }
}

/** Makes names in a folder durable. Windows has no such call and keeps names in its journal. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function guarded<Value>(path: string, act: () => Value): Value {
  try {
    return act();
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw failureOf(path, error as NodeJS.ErrnoException);
    throw error;
  }
}

const codes: Readonly<Record<string, DiskFailureCode>> = {
  ENOENT: 'notFound',
  ENOSPC: 'noSpace',
  EDQUOT: 'noSpace',
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'denied',
};

function failureOf(path: string, error: NodeJS.ErrnoException): DiskFailure {
  return new DiskFailure(codes[error.code ?? ''] ?? 'ioError', path, error.message);
}
