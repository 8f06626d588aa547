/** Real members under faults and load: what was acknowledged stays, once, on every member. */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../build/make.js';
import { createZkClient } from '../client/client.ts';
import { done } from '../client/testing/outcomes.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import { eventually, TestEnsembles } from '../supervisor/testing/test-ensemble.ts';
import { type FaultKind, faultKinds } from './chaos/faults.ts';
import { runChaos } from './chaos/run.ts';
import { differenceAt, noDifference, type Serials, SerialWriters } from './chaos/serials.ts';
import { connectTo, followersOf, leaderOf, reportOf, settledDigests } from './testing/ensemble-facts.ts';

const members = [1, 2, 3];
const chaosMs = 20_000;
const chaosTimeoutMs = 180_000;
const memberModule = join(repositoryRoot, 'dist/node/member.js');
const ensembles = new TestEnsembles({ memberModule });

afterEach(() => ensembles.cleanUp());

async function expectNothingLost(
  supervisor: Supervisor,
  told: { readonly folder: string; readonly serials: Serials },
): Promise<void> {
  expect(new Set(await settledDigests(supervisor)).size).toBe(1);
  for (const id of members) {
    const found = await differenceAt(connectTo(supervisor.view(), [id]), told);
    expect({ member: id, found }).toEqual({ member: id, found: { ok: true, value: noDifference } });
  }
}

/** A run of `npm run chaos`, short and of few faults: its seed is printed, and what it says when it fails. */
async function chaosOf(kinds: readonly FaultKind[], everyMs: number) {
  const lines: string[] = [];
  const seed = String(randomInt(2 ** 32));
  const { report } = await runChaos({
    ...{ seed, kinds, everyMs, memberModule },
    members: 3,
    durationMs: chaosMs,
    dataFolder: join(ensembles.folder(), 'ensemble'),
    tell: (line) => lines.push(line),
  });
  const broken = report.findings.filter(({ wrong }) => wrong !== null);
  if (broken.length > 0) console.log([`seed ${seed}`, ...lines].join('\n'));
  return { ...report, broken };
}

describe('an ensemble of three real members', () => {
  it(
    'keeps every promise through kills at random moments, of all at once too',
    async () => {
      const report = await chaosOf(['kill', 'blackout'], 250);
      expect(report.broken).toEqual([]);
      expect(report.faults.kill).toBeGreaterThan(10);
      expect(report.writes.acknowledged).toBeGreaterThan(100);
    },
    chaosTimeoutMs,
  );

  it(
    'keeps every promise through faults of every kind',
    async () => {
      const report = await chaosOf(faultKinds, 400);
      expect(report.broken).toEqual([]);
      expect(report.writes.acknowledged).toBeGreaterThan(100);
    },
    chaosTimeoutMs,
  );

  it('acknowledges on the side of the majority alone while the leader is cut off', async () => {
    const supervisor = await ensembles.startHealthy();
    const leader = leaderOf(supervisor.view());
    const others = followersOf(supervisor.view());
    const folder = '/partition';
    const client = createZkClient({ servers: supervisor.view().connect });
    await done(client.create({ path: folder }));
    await client.close();
    const start = (ids: readonly number[], name: string): SerialWriters =>
      new SerialWriters({ servers: connectTo(supervisor.view(), ids), folder, name, writers: 4, pauseMs: 5 });
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
    await expectNothingLost(supervisor, { folder, serials: together(atLeader, atOthers) });
  });
});

describe('the judgement on the writes', () => {
  it('notices one that is lost, one that is doubled and one that nobody asked for', async () => {
    const supervisor = await ensembles.startHealthy({ members: 1 });
    const server = supervisor.view().connect;
    const client = createZkClient({ servers: server });
    for (const path of ['/judged', '/judged/w']) await done(client.create({ path }));
    for (const label of ['kept-', 'doubled-', 'doubled-', 'unasked-'])
      await done(client.create({ path: `/judged/w/${label}`, mode: 'persistentSequential' }));
    await client.close();
    const acknowledged = new Map([
      ['w/kept-', '/judged/w/kept-0000000000'],
      ['w/doubled-', '/judged/w/doubled-0000000001'],
      ['w/lost-', '/judged/w/lost-0000000009'],
    ]);
    const serials = { acknowledged, unknown: new Set<string>(), refused: new Set(['w/unasked-']) };
    expect(await differenceAt(server, { folder: '/judged', serials })).toEqual({
      ok: true,
      value: {
        lost: ['/judged/w/lost-0000000009'],
        doubled: ['/judged/w/doubled-0000000001', '/judged/w/doubled-0000000002'],
        moved: [],
        unasked: ['w/unasked-'],
      },
    });
  });
});

function together(one: Serials, other: Serials): Serials {
  return {
    acknowledged: new Map([...one.acknowledged, ...other.acknowledged]),
    unknown: new Set([...one.unknown, ...other.unknown]),
    refused: new Set([...one.refused, ...other.refused]),
  };
}
