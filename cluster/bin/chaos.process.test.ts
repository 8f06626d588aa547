/** Real members killed and cut off under load: what was acknowledged stays, once, on every member. */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../build/make.js';
import { createZkClient } from '../client/client.ts';
import { done } from '../client/testing/outcomes.ts';
import { createSeededRandom, type SeededRandom } from '../sim/random.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import { eventually, pidOf, processOf, TestEnsembles } from '../supervisor/testing/test-ensemble.ts';
import { connectTo, followersOf, leaderOf, reportOf, settledDigests } from './testing/ensemble-facts.ts';
import { differenceAt, noDifference, WriteLoad, type Writes } from './testing/write-load.ts';

const members = [1, 2, 3];
const kills = 100;
/** Of the kills: how many hit while another member is still down, so that no majority is left. */
const secondDeadChance = 0.15;
const testTimeoutMs = 240_000;
const ensembles = new TestEnsembles({ memberModule: join(repositoryRoot, 'dist/node/member.js') });

afterEach(() => ensembles.cleanUp());

async function expectNothingLost(
  supervisor: Supervisor,
  told: { readonly folder: string; readonly writes: Writes },
): Promise<void> {
  expect(new Set(await settledDigests(supervisor)).size).toBe(1);
  for (const id of members) {
    const difference = await differenceAt(connectTo(supervisor.view(), [id]), told);
    expect({ member: id, ...difference }).toEqual({ member: id, ...noDifference });
  }
}

async function killAndRestart(supervisor: Supervisor, victim: number, downMs: number): Promise<void> {
  process.kill(pidOf(supervisor.view(), victim), 'SIGKILL');
  await eventually('it crashed', () => processOf(supervisor.view(), victim).kind === 'crashed');
  await sleep(downMs);
  expect(await supervisor.operate(victim, 'start')).toEqual({ ok: true, value: null });
}

/** Kills at random moments. Most of the time the others form a majority; sometimes two are dead at once. */
async function killAtRandom(supervisor: Supervisor, random: SeededRandom): Promise<void> {
  const down = new Map<number, Promise<void>>();
  for (let kill = 0; kill < kills; kill += 1) {
    await sleep(random.between({ min: 20, max: 500 }));
    if (!random.chance(secondDeadChance) || down.size === 2) await Promise.all(down.values());
    const victim = random.pick(members.filter((id) => !down.has(id)));
    const downMs = random.between({ min: 0, max: 400 });
    const back = killAndRestart(supervisor, victim, downMs).finally(() => down.delete(victim));
    down.set(victim, back);
  }
  await Promise.all(down.values());
}

describe('an ensemble of three real members', () => {
  it(
    `keeps every acknowledged write through ${kills} kills under load`,
    async () => {
      const seed = String(randomInt(2 ** 32));
      console.log(`seed ${seed}`);
      const supervisor = await ensembles.startHealthy();
      const folder = '/chaos';
      const { connect } = supervisor.view();
      const first = createZkClient({ servers: connect });
      await done(first.create({ path: folder }));
      await first.close();

      const load = new WriteLoad({ servers: connect, folder, name: 'w', writers: 12, pauseMs: 5 });
      const startedMs = performance.now();
      await killAtRandom(supervisor, createSeededRandom(seed));
      const seconds = (performance.now() - startedMs) / 1_000;
      await load.stop();
      const { acknowledged, unknown, refused } = load;
      console.log(
        `${kills} kills in ${seconds.toFixed(1)} s: ${acknowledged.size} acknowledged, ${unknown.size} unknown, ${refused.size} refused`,
      );
      expect(acknowledged.size).toBeGreaterThan(kills * 10);
      await expectNothingLost(supervisor, { folder, writes: load });
    },
    testTimeoutMs,
  );

  it('acknowledges on the side of the majority alone while the leader is cut off', async () => {
    const supervisor = await ensembles.startHealthy();
    const leader = leaderOf(supervisor.view());
    const others = followersOf(supervisor.view());
    const folder = '/partition';
    const client = createZkClient({ servers: supervisor.view().connect });
    await done(client.create({ path: folder }));
    await client.close();
    const start = (ids: readonly number[], name: string): WriteLoad =>
      new WriteLoad({ servers: connectTo(supervisor.view(), ids), folder, name, writers: 4, pauseMs: 5 });
    const atLeader = start([leader], 'leader');
    const atOthers = start(others, 'others');
    await eventually('all write', () => atLeader.acknowledged.size > 50 && atOthers.acknowledged.size > 50);

    expect(await supervisor.partition([[leader], others])).toEqual({ ok: true, value: null });
    // Answers that were on their way when the links were cut.
    await sleep(100);
    const cutOff = atLeader.acknowledged.size;
    const before = atOthers.acknowledged.size;
    await eventually('the others elect and acknowledge', () => {
      const elected = others.some((id) => reportOf(supervisor.view(), id).role === 'leader');
      return elected && atOthers.acknowledged.size > before + 100;
    });
    await eventually('the leader steps down', () => reportOf(supervisor.view(), leader).role !== 'leader');
    expect(atLeader.acknowledged.size).toBe(cutOff);

    await supervisor.heal();
    await eventually('the old leader acknowledges again', () => atLeader.acknowledged.size > cutOff + 50);
    await Promise.all([atLeader.stop(), atOthers.stop()]);
    await expectNothingLost(supervisor, { folder, writes: together(atLeader, atOthers) });
  });
});

describe('the judgement on the writes', () => {
  it('notices one that is lost, one that is doubled and one that nobody asked for', async () => {
    const supervisor = await ensembles.startHealthy({ members: 1 });
    const server = supervisor.view().connect;
    const client = createZkClient({ servers: server });
    await done(client.create({ path: '/judged' }));
    for (const label of ['kept-', 'doubled-', 'doubled-', 'unasked-'])
      await done(client.create({ path: `/judged/${label}`, mode: 'persistentSequential' }));
    await client.close();
    const acknowledged = new Map([
      ['kept-', '/judged/kept-0000000000'],
      ['doubled-', '/judged/doubled-0000000001'],
      ['lost-', '/judged/lost-0000000009'],
    ]);
    const writes = { acknowledged, unknown: new Set<string>(), refused: new Set(['unasked-']) };
    expect(await differenceAt(server, { folder: '/judged', writes })).toEqual({
      lost: ['/judged/lost-0000000009'],
      doubled: ['/judged/doubled-0000000001', '/judged/doubled-0000000002'],
      moved: [],
      unasked: ['unasked-'],
    });
  });
});

function together(one: Writes, other: Writes): Writes {
  return {
    acknowledged: new Map([...one.acknowledged, ...other.acknowledged]),
    unknown: new Set([...one.unknown, ...other.unknown]),
    refused: new Set([...one.refused, ...other.refused]),
  };
}
