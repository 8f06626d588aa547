import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../sim/random.ts';
import { flipBits } from './bit-flip.ts';

const folders: string[] = [];
const random = createSeededRandom('flips');

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folderWith(files: Readonly<Record<string, number>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'muster-flips-'));
  folders.push(folder);
  for (const [file, bytes] of Object.entries(files)) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), new Uint8Array(bytes));
  }
  return folder;
}

/** Ones among the bits of a file that was all zeros. */
function flipped(folder: string, file: string): number {
  return [...readFileSync(join(folder, file))].reduce(
    (sum, byte) => sum + byte.toString(2).replaceAll('0', '').length,
    0,
  );
}

describe('flipping bits', () => {
  it('changes one bit where it says so, and no length', () => {
    const folder = folderWith({ 'log/1': 1_000 });
    const [flip] = flipBits(folder, { random, count: 1 }) ?? [];
    expect(flip?.file).toBe(join('log', '1'));
    expect(readFileSync(join(folder, 'log/1'))).toHaveLength(1_000);
    expect(readFileSync(join(folder, 'log/1'))[flip?.offset ?? 0]).not.toBe(0);
    expect(flipped(folder, 'log/1')).toBe(1);
  });

  it('leaves alone what is empty or was moved aside', () => {
    const folder = folderWith({ 'damaged/1/log': 10, 'archive/x': 10, empty: 0 });
    expect(flipBits(folder, { random, count: 1 })).toBeNull();
  });
});
