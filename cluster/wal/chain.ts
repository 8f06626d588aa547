/**
 * Which segments make up the log. Each names the one it follows and how much of that counts, so the
 * newest one leads back through all the others: what an append that failed left behind, and what was
 * given up in a repair, is not of the log.
 */
import type { Disk } from '../ports/disk.ts';
import type { Identity } from './identity.ts';
import {
  logFolder,
  readSegmentStart,
  type StartReading,
  segmentPath,
  segmentSeed,
  segmentSequence,
} from './segment.ts';

export interface ChainLink {
  readonly sequence: number;
  /** Null: both copies of its start are damaged. */
  readonly reading: StartReading | null;
  /** What it follows. `nothing`: the log begins here, or what came before was dropped. `gap`: it is not known, or missing. */
  readonly follows: 'predecessor' | 'nothing' | 'gap';
  /** Bytes of it that count; null: all of them. */
  readonly countedBytes: number | null;
}

export interface Chain {
  /** Oldest first. */
  readonly links: readonly ChainLink[];
  /** Segments in the folder that are not of the log. */
  readonly strays: readonly number[];
}

/** A segment's start is far shorter: a hard state has some dozen bytes. */
const startBytesMax = 64 * 1024;

/** Throws `DiskFailure`. */
export function readChain(disk: Disk, identity: Identity): Chain {
  const present = disk
    .list(logFolder)
    .map((file) => segmentSequence(`${logFolder}/${file}`))
    .filter((sequence) => sequence !== null);
  const isPresent = new Set(present);
  const links: ChainLink[] = [];
  const strays: number[] = [];
  let countedBytes: number | null = null;
  let wanted = present.at(-1) ?? 0;
  for (const [at, sequence] of [...present.entries()].reverse()) {
    if (sequence > wanted) {
      strays.push(sequence);
      continue;
    }
    const reading = readStart(disk, identity, sequence);
    const older = present[at - 1];
    const previous = reading?.start.previous ?? { segment: older ?? 0, bytes: null };
    const isHere = isPresent.has(previous.segment);
    const isOldest = older === undefined || previous.segment === 0;
    const known = isHere ? 'predecessor' : isOldest ? 'nothing' : 'gap';
    links.unshift({ sequence, reading, follows: reading === null ? 'gap' : known, countedBytes });
    countedBytes = isHere ? previous.bytes : null;
    wanted = previous.segment;
  }
  return { links, strays: strays.reverse() };
}

function readStart(disk: Disk, identity: Identity, sequence: number): StartReading | null {
  const bytes = disk.read(segmentPath(sequence), { offset: 0, length: startBytesMax });
  return readSegmentStart(bytes, segmentSeed(identity, sequence));
}
