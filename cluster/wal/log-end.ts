/**
 * The least the log must hold, kept apart from it in a small text file: the newest segment, and how
 * many of its bytes are known to be durable. Written when a segment is begun and when the log is closed
 * in good order. A log that holds less has lost something: no torn write explains that.
 */
import { fail, ok, type Result } from '../base/result.ts';
import type { Disk } from '../ports/disk.ts';
import { checksummedText, readChecksummedText } from './checksummed-text.ts';
import { corrupt, missing, type WalError } from './error.ts';

export const logEndFile = 'log-end';
const format = /^muster log end 1\nsegment (\d{1,12})\nbytes (\d{1,12})\n$/;

export interface LogEnd {
  /** Sequence of the newest segment. */
  readonly segment: number;
  /** Bytes of it that were durable. */
  readonly bytes: number;
}

/** Replaces what was remembered. Throws `DiskFailure`. */
export function writeLogEnd(disk: Disk, end: LogEnd): void {
  const text = `muster log end 1\nsegment ${end.segment}\nbytes ${end.bytes}\n`;
  disk.replace(logEndFile, checksummedText(text));
}

/** Throws `DiskFailure`. */
export function readLogEnd(disk: Disk): Result<LogEnd, WalError> {
  if (!disk.exists(logEndFile)) {
    return fail(missing(logEndFile, 'the file that remembers how far the log went is missing'));
  }
  const match = format.exec(readChecksummedText(disk, logEndFile) ?? '');
  if (match === null) {
    return fail(
      corrupt({
        file: logEndFile,
        offset: 0,
        what: 'the file that remembers how far the log went is damaged',
      }),
    );
  }
  return ok({ segment: Number(match[1]), bytes: Number(match[2]) });
}
