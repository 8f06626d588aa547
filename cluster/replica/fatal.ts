/** Why a member cannot go on, in the three sentences of promise 10. */
import type { Seat } from '../base/membership.ts';
import type { DiskFailure } from '../ports/disk.ts';

export interface Fatal {
  readonly code: 'disk' | 'removedSeat';
  readonly what: string;
  readonly meaning: string;
  readonly todo: string;
}

/** The log could not be written, for longer than anybody waits. */
export function diskFatal(failure: DiskFailure): Fatal {
  return {
    code: 'disk',
    what: `writing the log failed: ${failure.message} (${failure.path})`,
    meaning: 'This member cannot promise to remember anything; what it acknowledged before is safe.',
    todo: 'Make room on the disk or mend it, then start the member again.',
  };
}

/** The ensemble goes on without this directory. */
export function removedSeatFatal({ id, incarnation }: Seat): Fatal {
  return {
    code: 'removedSeat',
    what: `member ${id} of this data directory (incarnation ${incarnation.toString(16)}) was removed from the ensemble`,
    meaning: 'The others do not count its votes and will not send it the log; it serves nobody any more.',
    todo: `To have the member back, take it in anew: \`muster member replace ${id}\`. The directory is archived, and a new one is filled by the others.`,
  };
}
