import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultKinds } from './fault-kinds.ts';
import { wholeRun } from './request.ts';
import { runSeed } from './world.ts';

const seedsFile = join(import.meta.dirname, '../../.ci/seeds.txt');
const replayTicks = 2_000;

/** Seeds that once failed, each with what it found. */
function failedSeeds(): readonly (readonly [seed: string, found: string])[] {
  return readFileSync(seedsFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [seed = '', ...found] = line.split(' ');
      return [seed, found.join(' ')] as const;
    });
}

function linesOf(seed: string, ticks: number): { readonly lines: readonly string[]; readonly hash: string } {
  const lines: string[] = [];
  const { traceHash } = runSeed(wholeRun(seed, ticks), (line) => lines.push(line));
  return { lines, hash: traceHash };
}

describe('a simulated ensemble', () => {
  it.each(['1', '7', 'a seed in words'])('of seed "%s" runs the same twice, line by line', (seed) => {
    const [first, second] = [linesOf(seed, 400), linesOf(seed, 400)];
    expect(first.lines.length).toBeGreaterThan(100);
    expect(second).toEqual(first);
  });

  it('runs the same whether its lines are kept or not', () => {
    const { hash } = linesOf('3', 200);
    expect(runSeed(wholeRun('3', 200), null).traceHash).toBe(hash);
  });

  it('runs differently from another seed', () => {
    expect(linesOf('1', 50).hash).not.toBe(linesOf('2', 50).hash);
  });

  it('keeps every promise under faults, and makes progress when they end, for 20 seeds', {
    timeout: 60_000,
  }, () => {
    const reports = Array.from({ length: 20 }, (_, at) => runSeed(wholeRun(String(at + 1), 600), null));
    for (const { writes, entries, elections } of reports) {
      expect(writes.acknowledged).toBeGreaterThan(0);
      expect(entries).toBeGreaterThanOrEqual(writes.acknowledged);
      expect(elections).toBeGreaterThan(0);
    }
    for (const kind of faultKinds) {
      expect(reports.some(({ faults }) => faults[kind] > 0)).toBe(true);
    }
  });

  it.each(failedSeeds())('of seed %s, which once failed, passes: %s', { timeout: 60_000 }, (seed) => {
    expect(runSeed(wholeRun(seed, replayTicks), null).writes.acknowledged).toBeGreaterThan(0);
  });
});
