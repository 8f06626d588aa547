/** A small file that is kept twice, so that one damaged copy is healed from the other. */
import type { Disk } from '../ports/disk.ts';
import { checksummedText, readChecksummedText } from './checksummed-text.ts';

export interface TwinText {
  readonly text: string;
  /** Copies that are damaged or absent. */
  readonly damaged: readonly string[];
}

export function copyOf(file: string): string {
  return `${file}.copy`;
}

/** Replaces both, the copy last. Throws `DiskFailure`. */
export function writeTwin(disk: Disk, file: string, bytes: Uint8Array): void {
  disk.replace(file, bytes);
  disk.replace(copyOf(file), bytes);
}

/** The text of the first copy that is whole, which is never the older one; null: neither is. Throws `DiskFailure`. */
export function readTwin(disk: Disk, file: string, seed: number): TwinText | null {
  const texts = [file, copyOf(file)].map((path) => ({ path, text: readChecksummedText(disk, path, seed) }));
  const text = texts.find((copy) => copy.text !== null)?.text ?? null;
  if (text === null) return null;
  return { text, damaged: texts.filter((copy) => copy.text === null).map(({ path }) => path) };
}

/** Makes the damaged copies whole again. Throws `DiskFailure`. */
export function healTwin(disk: Disk, twin: TwinText, seed: number): void {
  for (const path of twin.damaged) disk.replace(path, checksummedText(twin.text, seed));
}
