/**
 * The second copy of the hard state, beside the one in the log: term and vote must survive damage to
 * either. It is written while the append that carries the change is, and that one is reported done when
 * both are. It is kept in two files of one length, overwritten in place one after the other: a write that
 * is cut short spoils one of them, and what was acknowledged is in the other. Each says how far the log
 * was durable, so that a log that lost this much is noticed.
 */
import { assert } from '../base/assert.ts';
import { logIndex, term } from '../base/ids.ts';
import type { Disk, DiskFailure, RecordFile } from '../ports/disk.ts';
import { checksummedText, readChecksummedText } from './checksummed-text.ts';
import type { StoredHardState } from './item.ts';
import type { Extent } from './point.ts';

export const hardStateFiles = ['hard-state.1', 'hard-state.2'] as const;
const format =
  /^muster hard state 2\nversion (\d{1,15})\nbytes ((?:[0-9a-f]{2})*|none)\nsegment (\d{1,12})\nat (\d{1,12})\nlast (\d{1,15}) (\d{1,7})\n\.*\n$/;
/** Without its checksum; twice what is needed, and well within a sector. */
const textBytes = 256;

export interface HardStateCopy {
  readonly hardState: StoredHardState;
  readonly extent: Extent;
}

/** Both files as they were read; null: absent, damaged, or cut short while it was written. */
export type HardStatePair = readonly [HardStateCopy | null, HardStateCopy | null];

/** Throws `DiskFailure`. */
export function readHardStates(disk: Disk, seed: number): HardStatePair {
  const [first, second] = hardStateFiles;
  return [readHardState(disk, first, seed), readHardState(disk, second, seed)];
}

/** The newer one; null: neither can be read. */
export function newestHardState([first, second]: HardStatePair): HardStateCopy | null {
  return isSecondNewer([first, second]) ? second : first;
}

/** Makes both files say `copy`, durably. A crash meanwhile leaves what could be read before. Throws `DiskFailure`. */
export function replaceHardStates(
  disk: Disk,
  { pair, copy }: { readonly pair: HardStatePair; readonly copy: HardStateCopy },
  seed: number,
): void {
  const [first, second] = hardStateFiles;
  const olderFirst = isSecondNewer(pair) ? [first, second] : [second, first];
  for (const file of olderFirst) disk.replace(file, encode(copy, seed));
}

/** The two files of a log in use; both are whole when it is opened. */
export class HardStateFiles {
  readonly #seed: number;
  /** Holds what was acknowledged last, and is left alone. */
  #kept: RecordFile;
  #spare: RecordFile;
  #isConfirming = false;
  /** A write that came while the one before was being confirmed. */
  #waiting: (() => void) | null = null;

  /** Throws `DiskFailure`. */
  constructor(disk: Disk, seed: number) {
    this.#seed = seed;
    const newer = isSecondNewer(readHardStates(disk, seed)) ? 1 : 0;
    this.#kept = disk.openRecord(hardStateFiles[newer]);
    this.#spare = disk.openRecord(hardStateFiles[newer === 1 ? 0 : 1]);
  }

  /** Writes durably over the file that is not needed; again, as long as it was not acknowledged. */
  write(copy: HardStateCopy, done: Done): void {
    if (this.#isConfirming) this.#waiting = () => this.write(copy, done);
    else this.#spare.write(encode(copy, this.#seed), done);
  }

  /**
   * What was written is going to be promised to others: its file is the one to keep. The other one is
   * told the same, with how far the log goes now, while nobody waits for it; if that fails, a log that
   * loses this very change is not noticed, and nothing else is worse.
   */
  acknowledged(copy: HardStateCopy): void {
    this.#swap();
    this.#isConfirming = true;
    this.#spare.write(encode(copy, this.#seed), (failure) => {
      if (failure === null) this.#swap();
      this.#isConfirming = false;
      const waiting = this.#waiting;
      this.#waiting = null;
      waiting?.();
    });
  }

  close(): void {
    this.#waiting = null;
    this.#kept.close();
    this.#spare.close();
  }

  #swap(): void {
    [this.#kept, this.#spare] = [this.#spare, this.#kept];
  }
}

type Done = (failure: DiskFailure | null) => void;

function isSecondNewer([first, second]: HardStatePair): boolean {
  return (second?.hardState.version ?? -1) > (first?.hardState.version ?? -1);
}

function encode({ hardState, extent }: HardStateCopy, seed: number): Uint8Array {
  const text = [
    'muster hard state 2',
    `version ${hardState.version}`,
    `bytes ${hardState.bytes === null ? 'none' : toHex(hardState.bytes)}`,
    `segment ${extent.segment}`,
    `at ${extent.bytes}`,
    `last ${extent.last.index} ${extent.last.term}`,
    '',
  ].join('\n');
  assert(text.length < textBytes, 'a hard state fits into its file', { bytes: text.length });
  return checksummedText(`${text.padEnd(textBytes - 1, '.')}\n`, seed);
}

function readHardState(disk: Disk, file: string, seed: number): HardStateCopy | null {
  const match = format.exec(readChecksummedText(disk, file, seed) ?? '');
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
