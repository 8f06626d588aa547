/** Why a data directory was not opened: named, located, and with what to do. */
import { fail } from '../base/result.ts';
import { DiskFailure } from '../ports/disk.ts';

export type WalErrorCode =
  /** No identity: never initialised, or lost. Not the same as new. */
  | 'notInitialised'
  | 'alreadyInitialised'
  /** Another cluster's or another member's. */
  | 'foreign'
  /** Written by another version of Muster, in a format this one does not read. */
  | 'otherFormat'
  /** Identity without a log, or a log with a missing file. */
  | 'missing'
  /**
   * Bytes that were once durable do not read back. One case is not told from a write that was cut
   * short, and is cut instead: damage to the last append of a member that was killed (recovery.ts).
   */
  | 'corrupt'
  /** The disk is full. */
  | 'noSpace'
  /** The operating system refused to read or write. */
  | 'disk';

export interface WalError {
  readonly code: WalErrorCode;
  /** Relative to the member's data directory. */
  readonly file: string;
  /** Where in the file, in bytes; null when it is about the whole file. */
  readonly offset: number | null;
  readonly what: string;
  readonly meaning: string;
  readonly todo: string;
}

export const replaceMember =
  'Leave the files as they are: the ensemble goes on while a majority works. `muster wal verify` lists everything that is wrong with them, `muster member replace N` gives member N a new directory that the others fill. Only if a majority is lost: `muster recover --survivor N`.';

export function corrupt(at: {
  readonly file: string;
  readonly offset: number;
  readonly what: string;
}): WalError {
  return {
    code: 'corrupt',
    ...at,
    meaning: 'What this member promised to remember may be damaged; it must not vote or acknowledge from it.',
    todo: replaceMember,
  };
}

export function missing(file: string, what: string): WalError {
  return {
    code: 'missing',
    file,
    offset: null,
    what,
    meaning: 'Part of what this member promised to remember is gone; an empty log is not a new one.',
    todo: `Put the file back if you still have it. Otherwise: ${replaceMember}`,
  };
}

/** No identity where one must be. */
export function lost(file: string): WalError {
  return {
    code: 'notInitialised',
    file,
    offset: null,
    what: 'the data directory has no identity file',
    meaning:
      'It was never initialised, or it was lost. A member that starts empty under its old identity could lose acknowledged writes.',
    todo: `If the directory was moved, put it back. If it is lost: ${replaceMember}`,
  };
}

export function foreign(file: string, what: string): WalError {
  return {
    code: 'foreign',
    file,
    offset: null,
    what,
    meaning: 'This is the memory of somebody else; using it would break both.',
    todo: 'Start this member on its own directory.',
  };
}

export function otherFormat(file: string): WalError {
  return {
    code: 'otherFormat',
    file,
    offset: 0,
    what: 'the file is written in another version of this format',
    meaning: 'Another version of Muster wrote it. It is not damaged, but this version cannot read it.',
    todo: 'Start the version of Muster that wrote it.',
  };
}

/** What the disk refused, as a value; anything else is a defect and goes on. */
export function failedDisk(failure: unknown): { readonly ok: false; readonly error: WalError } {
  if (!(failure instanceof DiskFailure)) throw failure;
  if (failure.code === 'noSpace') return fail(noSpace(failure));
  return fail({
    code: 'disk',
    file: failure.path,
    offset: null,
    what: `the disk refused: ${failure.message}`,
    meaning: 'The member cannot read or write its data directory.',
    todo: 'Check that the directory exists, belongs to you and has free space, then start the member again.',
  });
}

function noSpace({ path, message }: DiskFailure): WalError {
  return {
    code: 'noSpace',
    file: path,
    offset: null,
    what: `the disk is full: ${message}`,
    meaning: 'What a member votes and acknowledges must be kept: without room for it, it cannot take part.',
    todo: 'Free space on the disk of the data directory, then start the member again.',
  };
}
