/**
 * The least the log must hold, kept apart from it in a small text file, twice: the newest segment, how
 * many of its bytes are known to be durable, and the last entry there. Written when a segment is begun,
 * and `closed` when the log is closed in good order: then nothing was promised beyond it. It also counts
 * the lives, which must never repeat even if the newest segment is lost.
 */

import { logIndex, term } from '../base/ids.ts';
import type { Disk } from '../ports/disk.ts';
import { checksummedText } from './checksummed-text.ts';
import type { Extent } from './point.ts';
import { readTwin, type TwinText, writeTwin } from './twin-file.ts';

export const logEndFile = 'log-end';
const format =
  /^muster log end 2\nsegment (\d{1,12})\nbytes (\d{1,12})\nlast (\d{1,15}) (\d{1,7})\nlife (\d{1,12})\nstate (open|closed)\n$/;

export interface LogEnd {
  readonly extent: Extent;
  readonly life: number;
  readonly state: 'open' | 'closed';
}

/** Replaces what was remembered. Throws `DiskFailure`. */
export function writeLogEnd(disk: Disk, end: LogEnd, seed: number): void {
  const { segment, bytes, last } = end.extent;
  const text = [
    'muster log end 2',
    `segment ${segment}`,
    `bytes ${bytes}`,
    `last ${last.index} ${last.term}`,
    `life ${end.life}`,
    `state ${end.state}`,
    '',
  ].join('\n');
  writeTwin(disk, logEndFile, checksummedText(text, seed));
}

/** Null: neither copy is there and whole. Throws `DiskFailure`. */
export function readLogEnd(
  disk: Disk,
  seed: number,
): { readonly end: LogEnd; readonly twin: TwinText } | null {
  const twin = readTwin(disk, logEndFile, seed);
  const match = format.exec(twin?.text ?? '');
  if (twin === null || match === null) return null;
  const [, segment, bytes, index, at, life, state] = match;
  const end: LogEnd = {
    extent: {
      segment: Number(segment),
      bytes: Number(bytes),
      last: { index: logIndex(Number(index)), term: term(Number(at)) },
    },
    life: Number(life),
    state: state === 'closed' ? 'closed' : 'open',
  };
  return { end, twin };
}
