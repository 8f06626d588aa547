/** Damages the files of a member that does not run, as a failing disk does: bits change, nothing says so. */
import { closeSync, openSync, readdirSync, readSync, statSync, writeSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { SeededRandom } from '../../sim/random.ts';

/** Folders that hold what was moved aside: nobody reads them. */
const movedAside = /^(damaged|archive)$/;

export interface Flip {
  /** Relative to the data folder. */
  readonly file: string;
  readonly offset: number;
}

/** Flips one bit in each of `count` bytes of one file; null when there is no file to damage. */
export function flipBits(
  folder: string,
  { random, count }: { readonly random: SeededRandom; readonly count: number },
): readonly Flip[] | null {
  const files = filesBelow(folder).filter((file) => statSync(file).size > 0);
  if (files.length === 0) return null;
  const file = random.chance(0.3) ? random.pick(files) : pickBySize(files, random);
  return Array.from({ length: count }, () => {
    const offset = random.below(statSync(file).size);
    flipBit(file, { offset, bit: random.below(8) });
    return { file: relative(folder, file), offset };
  });
}

/** Damage strikes what takes most room; the small files would hardly ever be hit. */
function pickBySize(files: readonly string[], random: SeededRandom): string {
  const sizes = files.map((file) => statSync(file).size);
  let left = random.below(sizes.reduce((sum, size) => sum + size, 0));
  const at = sizes.findIndex((size) => {
    left -= size;
    return left < 0;
  });
  return files[at] ?? random.pick(files);
}

function flipBit(file: string, { offset, bit }: { readonly offset: number; readonly bit: number }): void {
  const fd = openSync(file, 'r+');
  try {
    const byte = new Uint8Array(1);
    readSync(fd, byte, 0, 1, offset);
    byte[0] = (byte[0] ?? 0) ^ (1 << bit);
    writeSync(fd, byte, 0, 1, offset);
  } finally {
    closeSync(fd);
  }
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      if (movedAside.test(entry.name)) return [];
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
    });
}
