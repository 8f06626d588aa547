/** Why a member cannot go on, in the three sentences of promise 10. */
import type { DiskFailure } from '../ports/disk.ts';

export interface Fatal {
  readonly what: string;
  readonly meaning: string;
  readonly todo: string;
}

/** Called once; nothing is sent or written after it. */
export type FatalListener = (fatal: Fatal) => void;

/** The log could not be written. */
export function diskFatal(failure: DiskFailure): Fatal {
  return {
    what: `writing the log failed: ${failure.message} (${failure.path})`,
    meaning: 'This member cannot promise to remember anything; what it acknowledged before is safe.',
    todo: 'Make room on the disk or mend it, then start the member again.',
  };
}
