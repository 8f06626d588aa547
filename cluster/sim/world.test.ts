import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultKinds, noFaults } from './fault-kinds.ts';
import { wholeRun } from './request.ts';
import { runSeed } from './world.ts';

const seedsFile = join(import.meta.dirname, '../../.ci/seeds.txt');

/** Seeds that once failed, each with its ticks and what it found. */
function failedSeeds(): readonly (readonly [seed: string, ticks: number, found: string])[] {
  return readFileSync(seedsFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [seed = '', ticks = '', ...found] = line.split(' ');
      return [seed, Number(ticks), found.join(' ')] as const;
    });
}

async function linesOf(
  seed: string,
  ticks: number,
): Promise<{ readonly lines: readonly string[]; readonly hash: string }> {
  const lines: string[] = [];
  const { traceHash } = await runSeed(wholeRun(seed, ticks), (line) => lines.push(line));
  return { lines, hash: traceHash };
}

describe('a simulated ensemble', () => {
  it.each(['1', '7', 'a seed in words'])('of seed "%s" runs the same twice, line by line', async (seed) => {
    const [first, second] = [await linesOf(seed, 1_500), await linesOf(seed, 1_500)];
    expect(first.lines.length).toBeGreaterThan(20);
    expect(second).toEqual(first);
  });

  it('runs the same whether its lines are kept or not, alone or beside others', async () => {
    const { hash } = await linesOf('3', 500);
    const beside = await Promise.all(['3', '4', '3'].map((seed) => runSeed(wholeRun(seed, 500), null)));
    expect(beside.map(({ traceHash }) => traceHash === hash)).toEqual([true, false, true]);
  });

  it('keeps every promise under faults, and makes progress when they end, for 20 seeds', {
    timeout: 120_000,
  }, async () => {
    let acknowledged = 0;
    for (let seed = 1; seed <= 20; seed += 1) {
      const { writes, entries, elections } = await runSeed(wholeRun(String(seed), 600), null);
      acknowledged += writes.acknowledged;
      expect(entries).toBeGreaterThanOrEqual(writes.acknowledged / 3);
      expect(elections).toBeGreaterThan(0);
    }
    expect(acknowledged).toBeGreaterThan(100);
  });

  it('leaves out what it is told to leave out', async () => {
    const request = { ...wholeRun('5', 1_000), without: faultKinds, clientsMax: 1 };
    const { faults, options } = await runSeed(request, null);
    expect([faults, options.clients]).toEqual([noFaults(), 1]);
  });

  it.each(failedSeeds())(
    'of seed %s and %i ticks, which once failed, passes: %s',
    {
      timeout: 120_000,
    },
    async (seed, ticks) => {
      expect((await runSeed(wholeRun(seed, ticks), null)).entries).toBeGreaterThan(0);
    },
  );
});
