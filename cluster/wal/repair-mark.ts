/**
 * Durable word that this log lost something it may have promised, and how far the promises went
 * (`VotingBound`). Written before anything of the damaged log is set aside; removed when a leader has
 * brought everything back.
 */
import { logIndex, term } from '../base/ids.ts';
import type { VotingBound } from '../ports/consensus.ts';
import type { Disk } from '../ports/disk.ts';
import { checksummedText, readChecksummedText } from './checksummed-text.ts';
import { laterPoint } from './point.ts';

const repairFile = 'repair';
const format = /^muster repair 1\nbound (?:(unknown)|(\d{1,15}) (\d{1,7}))\n$/;

/** Throws `DiskFailure`. */
export function writeRepairMark(disk: Disk, bound: VotingBound, seed: number): void {
  const text = bound.kind === 'unknown' ? 'unknown' : `${bound.index} ${bound.term}`;
  disk.replace(repairFile, checksummedText(`muster repair 1\nbound ${text}\n`, seed));
}

/** Null: nothing is being repaired. A mark that cannot be read bounds nothing. Throws `DiskFailure`. */
export function readRepairMark(disk: Disk, seed: number): VotingBound | null {
  if (!disk.exists(repairFile)) return null;
  const match = format.exec(readChecksummedText(disk, repairFile, seed) ?? '');
  if (match === null || match[1] !== undefined) return { kind: 'unknown' };
  return { kind: 'point', index: logIndex(Number(match[2])), term: term(Number(match[3])) };
}

/** Throws `DiskFailure`. */
export function removeRepairMark(disk: Disk): void {
  if (disk.exists(repairFile)) disk.remove(repairFile);
}

/** What covers both: damage may strike again while an earlier one is being repaired. */
export function coverBoth(left: VotingBound | null, right: VotingBound | null): VotingBound | null {
  if (left === null) return right;
  if (right === null) return left;
  if (left.kind === 'unknown' || right.kind === 'unknown') return { kind: 'unknown' };
  return { kind: 'point', ...laterPoint(left, right) };
}
