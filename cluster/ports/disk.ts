/**
 * One member's data directory. Paths are relative to it, with `/`. Reading and renaming are
 * synchronous: they happen at start, or in bounded chunks. Appending, the hot path, is not.
 */
export interface Disk {
  /** Names in a folder, sorted; an absent folder is empty. */
  list(folder: string): readonly string[];
  exists(path: string): boolean;
  /** Size of a file in bytes. Throws `DiskFailure` when it is absent. */
  sizeBytes(path: string): number;
  read(path: string, range: { readonly offset: number; readonly length: number }): Uint8Array;
  /** Creates the folder and its parents, and makes that durable. */
  makeFolder(path: string): void;
  /** Opens for appending at the end; creates the file and makes its name durable. */
  openAppend(path: string): AppendFile;
  /** Opens for notes; creates the file. */
  openNote(path: string): NoteFile;
  /** Opens a small file to be overwritten in place. Throws `DiskFailure` when it is absent. */
  openRecord(path: string): RecordFile;
  /** Writes a whole small file: temporary name, fsync, rename, fsync of the folder. */
  replace(path: string, bytes: Uint8Array): void;
  /** Moves a file to another name, in place of what had it, and makes that durable. */
  rename(from: string, to: string): void;
  /** Cuts a file to `length` bytes and makes that durable. */
  truncate(path: string, length: number): void;
  remove(path: string): void;
}

/** A file that only grows. Calls complete in order; at most one is under way at a time. */
export interface AppendFile {
  /**
   * Writes the chunks at the end, then makes them durable (one fdatasync), then calls `done`.
   * After a failure the file's tail is unknown: the caller must not append to it again.
   */
  append(chunks: readonly Uint8Array[], done: (failure: DiskFailure | null) => void): void;
  close(): void;
}

/** A small file that is overwritten in place and never synced: cheap, and worth as much. */
export interface NoteFile {
  /**
   * Replaces the content, always of one length. It outlives the process; after a power cut the file
   * may hold an older note, or neither whole. Throws `DiskFailure`.
   */
  write(bytes: Uint8Array): void;
  close(): void;
}

/** A small file whose content is overwritten in place: it costs one fdatasync, and no new name. */
export interface RecordFile {
  /**
   * Replaces the content, always of one length, and makes it durable, then calls `done`; one call at a
   * time. Until then, and after a failure, the file may hold the old content, the new, or a part of
   * each: what must not be lost is in another file meanwhile.
   */
  write(bytes: Uint8Array, done: (failure: DiskFailure | null) => void): void;
  close(): void;
}

export type DiskFailureCode = 'notFound' | 'noSpace' | 'ioError' | 'denied';

/** What a disk can do to us: an expected failure, thrown by the synchronous calls. */
export class DiskFailure extends Error {
  readonly code: DiskFailureCode;
  readonly path: string;

  constructor(code: DiskFailureCode, path: string, message: string) {
    super(message);
    this.name = 'DiskFailure';
    this.code = code;
    this.path = path;
  }
}
