/** kazoo, the Python client, against an ensemble of real members; and a killed leader it must not notice. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../../build/make.js';
import { createZkClient } from '../../client/client.ts';
import { fourLetterWord } from '../../client/testing/apache.ts';
import { done } from '../../client/testing/outcomes.ts';
import type { Supervisor } from '../../supervisor/supervisor.ts';
import { eventually, pidOf, processOf, TestEnsembles } from '../../supervisor/testing/test-ensemble.ts';
import { clientPortOf, connectTo, followersOf, leaderOf, settledDigests } from '../testing/ensemble-facts.ts';
import { type ForeignProgram, runForeign, startForeign } from '../testing/foreign-program.ts';
import { findKazoo, kazooCommand } from '../testing/kazoo.ts';

const kazoo = findKazoo();
const title = kazoo.ok ? 'kazoo' : `kazoo: skipped, ${kazoo.error}`;
const leaderKills = 10;
const ensembles = new TestEnsembles({ memberModule: join(repositoryRoot, 'dist/node/member.js') });

interface WriterReport {
  readonly written: number;
  /** Changes of its connection. */
  readonly states: readonly string[];
  readonly failures: readonly string[];
  /** Longest time between two answers since the report before. */
  readonly pauseMs: number;
}

async function untilReport(writer: ForeignProgram): Promise<WriterReport> {
  return JSON.parse((await writer.untilLine('report ')).slice('report '.length));
}

describe.skipIf(!kazoo.ok)(title, () => {
  let supervisor: Supervisor;

  beforeAll(async () => {
    supervisor = await ensembles.startHealthy();
  });

  afterAll(() => ensembles.cleanUp());

  async function run(name: string, members: readonly number[]): Promise<readonly string[]> {
    const servers = members.map((id) => connectTo(supervisor.view(), [id]));
    const { code, lines, errors } = await runForeign(kazooCommand(name, ...servers));
    expect(code, errors).toBe(0);
    return lines;
  }

  it('walks through the example every tutorial opens with, and some more', async () => {
    expect(await run('example', [1])).toEqual([
      'created /example',
      'event CHANGED /example',
      'data hello zookeeper version 1',
      'refused BadVersion',
      'exists False',
      "transaction ['str', 'ZnodeStat', 'bool']",
      'synced /transaction',
      "children ['transaction']",
      'with stat 1',
      'refused NoAuth',
      'as alice secret',
      'closed',
    ]);
  });

  it('locks, elects and queues with its recipes', async () => {
    expect(await run('recipes', [1, 2])).toEqual([
      "lock contenders ['first', 'second']",
      "lock order ['first', 'second']",
      "election order ['first', 'second']",
      "queue order ['2', '1', '0']",
      "plain queue b'only' None",
      'closed',
    ]);
  });

  it('loses its ephemeral znodes when it dies and its session expires, and not before', async () => {
    const view = supervisor.view();
    const owner = startForeign(kazooCommand('ephemeral', connectTo(view, [1])));
    const session = Number((await owner.untilLine('mine ')).slice('mine '.length));
    const client = createZkClient({ servers: connectTo(view, [2]) });
    await done(client.sync('/'));
    const stat = await done(client.exists('/mine'));
    expect(stat?.ephemeralOwner).toBe(session);
    const gone = new Promise<number>((resolve) => {
      void client.exists('/mine', () => resolve(performance.now()));
    });
    await done(client.sync('/'));
    const killedMs = performance.now();
    owner.kill();
    const lastedMs = (await gone) - killedMs;
    expect(lastedMs).toBeGreaterThan(2_000);
    expect(lastedMs).toBeLessThan(8_000);
    await client.close();
  });

  it('answers four-letter words on every member', async () => {
    const view = supervisor.view();
    for (const { id, clientPort } of view.members) {
      const role = id === leaderOf(view) ? 'leader' : 'follower';
      expect(await fourLetterWord(clientPort, 'ruok')).toBe('imok');
      expect(await fourLetterWord(clientPort, 'srvr')).toMatch(
        new RegExp(`^Zookeeper version: .*\nMode: ${role}\n`, 's'),
      );
      expect(await fourLetterWord(clientPort, 'stat')).toMatch(/^Zookeeper version: .*\n.*Clients:\n/s);
      expect(await fourLetterWord(clientPort, 'mntr')).toContain(`zk_server_state\t${role}\n`);
      expect(await fourLetterWord(clientPort, 'conf')).toContain(`clientPort=${clientPort}\n`);
    }
  });

  it(`writes on at a survivor while the leader is killed, ${leaderKills} times`, async () => {
    const pausesMs: number[] = [];
    for (let round = 1; round <= leaderKills; round += 1) pausesMs.push(await killLeaderUnderWriter(round));
    const sorted = [...pausesMs].sort((a, b) => a - b);
    const medianMs = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
    console.log(`a kazoo writer at a survivor waited ${pausesMs.join(', ')} ms; median ${medianMs} ms`);
    expect(sorted.at(-1)).toBeLessThan(3_000);
  });

  async function killLeaderUnderWriter(round: number): Promise<number> {
    const view = await supervisor.untilHealthy(10_000);
    const leader = leaderOf(view);
    const survivor = followersOf(view)[round % 2] ?? 0;
    const folder = `/writer-${round}`;
    const writer = startForeign(kazooCommand('writer', `127.0.0.1:${clientPortOf(view, survivor)}`, folder));
    await writer.untilLine('writing');
    await pause(300);
    writer.say('report');
    const before = await untilReport(writer);
    process.kill(pidOf(supervisor.view(), leader), 'SIGKILL');
    await eventually('it crashed', () => processOf(supervisor.view(), leader).kind === 'crashed');
    await pause(1_000);
    writer.say('report');
    const during = await untilReport(writer);
    expect(await supervisor.operate(leader, 'start')).toEqual({ ok: true, value: null });
    await pause(300);
    writer.say('stop');
    const after = await untilReport(writer);
    expect(after).toMatchObject({ states: [], failures: [] });
    expect(during.written).toBeGreaterThan(before.written);
    expect(after.written).toBeGreaterThan(during.written);
    expect(await writer.untilLine('names as')).toBe('names as expected True');
    expect(await writer.untilLine('answers as')).toBe('answers as expected True');
    expect(await writer.untilLine('wrong data')).toBe('wrong data []');
    expect(await writer.finish()).toMatchObject({ code: 0 });
    expect(new Set(await settledDigests(supervisor)).size).toBe(1);
    return during.pauseMs;
  }
});

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
