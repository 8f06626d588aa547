/** The simulator as a program: what it prints, how it ends, and that workers change nothing. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../build/make.js';
import { faultKinds } from '../sim/fault-kinds.ts';

const program = join(repositoryRoot, 'dist/node/sim.js');
const timeoutMs = 120_000;
const folder = mkdtempSync(join(tmpdir(), 'muster-sim-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function sim(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    timeout: timeoutMs,
  });
  return { status, stdout, stderr };
}

/** The trace hash of each seed. */
function hashes(...args: readonly string[]): ReadonlyMap<string, string> {
  const { status, stdout } = sim(...args, '--json');
  expect(status).toBe(0);
  const reports = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return new Map(reports.map(({ seed, traceHash }) => [seed, traceHash]));
}

describe('the simulator', () => {
  it('runs seeds the same in one thread and in several', { timeout: timeoutMs }, () => {
    const alone = hashes('--seeds', '4', '--ticks', '300', '--jobs', '1');
    const together = hashes('--seeds', '4', '--ticks', '300', '--jobs', '2');
    expect([...together].sort()).toEqual([...alone].sort());
    expect(alone.size).toBe(4);
  });

  it('writes the same trace of a seed, byte for byte', { timeout: timeoutMs }, () => {
    const traces = ['a', 'b'].map((name) => {
      const file = join(folder, name);
      expect(sim('--seed', '3', '--ticks', '500', '--trace', file).status).toBe(0);
      return readFileSync(file);
    });
    expect(traces[0]?.length).toBeGreaterThan(1_000);
    expect(traces[1]).toEqual(traces[0]);
  });

  it('says how fast it was and what broke', { timeout: timeoutMs }, () => {
    const { status, stdout } = sim('--seeds', '2', '--ticks', '300');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^2 seeds passed, 0 failed$/m);
    expect(stdout).toMatch(/simulated hours a second/);
    expect(stdout).toMatch(/^faults: crash \d+, /m);
  });

  it('fails when many runs went by without a kind of fault, and names it', { timeout: timeoutMs }, () => {
    const without = faultKinds.join(',');
    const { status, stdout } = sim('--seeds', '200', '--ticks', '1', '--without', without, '--clients', '1');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^FAILED: never happened: crash, crashLoop, /m);
  });

  it('refuses what it does not know', () => {
    expect(sim('--without', 'flood').status).not.toBe(0);
    expect(sim('--seeds', 'many').stderr).toMatch(/must be a whole number/);
  });
});
