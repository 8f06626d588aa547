/**
 * The second copy of the hard state, beside the one in the log: term and vote must survive damage to
 * either. Replaced whenever it changes, before the append that carried it is reported done; it says
 * how far the log went then, so that a log that lost this much is noticed.
 */
import { logIndex, term } from '../base/ids.ts';
import type { Disk } from '../ports/disk.ts';
import { checksummedText, readChecksummedText } from './checksummed-text.ts';
import type { StoredHardState } from './item.ts';
import type { Extent } from './point.ts';

export const hardStateFile = 'hard-state';
const format =
  /^muster hard state 1\nversion (\d{1,15})\nbytes ((?:[0-9a-f]{2})*|none)\nsegment (\d{1,12})\nat (\d{1,12})\nlast (\d{1,15}) (\d{1,7})\n$/;

export interface HardStateCopy {
  readonly hardState: StoredHardState;
  readonly extent: Extent;
}

/** Throws `DiskFailure`. */
export function writeHardState(disk: Disk, { hardState, extent }: HardStateCopy, seed: number): void {
  const text = [
    'muster hard state 1',
    `version ${hardState.version}`,
    `bytes ${hardState.bytes === null ? 'none' : toHex(hardState.bytes)}`,
    `segment ${extent.segment}`,
    `at ${extent.bytes}`,
    `last ${extent.last.index} ${extent.last.term}`,
    '',
  ].join('\n');
  disk.replace(hardStateFile, checksummedText(text, seed));
}

/** Null: absent or damaged. Throws `DiskFailure`. */
export function readHardState(disk: Disk, seed: number): HardStateCopy | null {
  const match = format.exec(readChecksummedText(disk, hardStateFile, seed) ?? '');
  if (match === null) return null;
  const [, version, bytes = '', segment, at, index, lastTerm] = match;
  return {
    hardState: { version: Number(version), bytes: bytes === 'none' ? null : fromHex(bytes) },
    extent: {
      segment: Number(segment),
      bytes: Number(at),
      last: { index: logIndex(Number(index)), term: term(Number(lastTerm)) },
    },
  };
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length / 2 }, (_, at) =>
    Number.parseInt(text.slice(2 * at, 2 * at + 2), 16),
  );
}
