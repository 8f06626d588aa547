/** Why a data directory was not opened: named, located, and with what to do. */

export type WalErrorCode =
  /** No identity: never initialised, or lost. Not the same as new. */
  | 'notInitialised'
  | 'alreadyInitialised'
  /** Another cluster's or another member's. */
  | 'foreign'
  /** Identity without a log, or a log with a missing segment. */
  | 'missing'
  /** Bytes that were once written whole do not read back. */
  | 'corrupt'
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

const replaceMember =
  'Leave the files as they are and replace this member: remove it from the ensemble, then add it again with an empty directory as a new incarnation.';

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
