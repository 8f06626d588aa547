/** Durable word that this member found itself diverged: it must not vote, lead or serve any more. */
import type { Disk } from '../ports/disk.ts';
import { checksummedText, readChecksummedText } from './checksummed-text.ts';

const fenceFile = 'fence';
const format = /^muster fence 1\n([^\n]*)\n$/;

/** Throws `DiskFailure`. */
export function writeFence(disk: Disk, reason: string, seed: number): void {
  disk.replace(fenceFile, checksummedText(`muster fence 1\n${reason.replaceAll('\n', ' ')}\n`, seed));
}

/** Why, or null: not fenced. A fence that cannot be read still stands. Throws `DiskFailure`. */
export function readFence(disk: Disk, seed: number): string | null {
  if (!disk.exists(fenceFile)) return null;
  const match = format.exec(readChecksummedText(disk, fenceFile, seed) ?? '');
  return match?.[1] ?? 'the file that says why is damaged';
}

/** Throws `DiskFailure`. */
export function removeFence(disk: Disk): void {
  if (disk.exists(fenceFile)) disk.remove(fenceFile);
}
