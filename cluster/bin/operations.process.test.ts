/** Real members that come, go and come back anew, while clients write. */
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../build/make.js';
import type { ChangeRequest } from '../api/changes.ts';
import { createZkClient } from '../client/client.ts';
import { done } from '../client/testing/outcomes.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import { eventually, processOf, TestEnsembles } from '../supervisor/testing/test-ensemble.ts';
import { differenceAt, noDifference, SerialWriters } from './chaos/serials.ts';
import { connectTo, followersOf, leaderOf, reportOf, settledDigests } from './testing/ensemble-facts.ts';

const memberModule = join(repositoryRoot, 'dist/node/member.js');
const ensembles = new TestEnsembles({ memberModule });
afterEach(() => ensembles.cleanUp());

async function carryOut(supervisor: Supervisor, request: ChangeRequest): Promise<void> {
  const ended = await supervisor.changes.carryOut(request);
  expect(ended).toMatchObject({ ok: true, value: { state: 'done', error: null } });
}

const votersOf = (supervisor: Supervisor): readonly number[] =>
  reportOf(supervisor.view(), leaderOf(supervisor.view())).membership.voters.map(({ id }) => id);

/** Writes all the time in a folder of its own; `judge` compares what every member holds with what was answered. */
async function underLoad(supervisor: Supervisor, ids: readonly number[]) {
  const folder = '/load';
  const client = createZkClient({ servers: supervisor.view().connect });
  await done(client.create({ path: folder }));
  await client.close();
  const servers = connectTo(supervisor.view(), ids);
  const writers = new SerialWriters({ servers, folder, name: 'w', writers: 4, pauseMs: 2 });
  await eventually('the load runs', () => writers.acknowledged.size > 50);
  return {
    writers,
    async judge() {
      await writers.stop();
      expect(new Set(await settledDigests(supervisor)).size).toBe(1);
      for (const { id } of supervisor.view().members) {
        const found = await differenceAt(connectTo(supervisor.view(), [id]), { folder, serials: writers });
        expect({ id, found }).toEqual({ id, found: { ok: true, value: noDifference } });
      }
      expect(writers.refused.size).toBe(0);
    },
  };
}

describe('members of a working ensemble', () => {
  it('are added as learners, promoted and removed while clients write', async () => {
    const supervisor = await ensembles.startHealthy();
    const load = await underLoad(supervisor, [1, 2, 3]);
    await carryOut(supervisor, { kind: 'add', promote: false });
    expect(votersOf(supervisor)).toEqual([1, 2, 3]);
    await carryOut(supervisor, { kind: 'promote', member: 4 });
    await carryOut(supervisor, { kind: 'add', promote: true });
    expect(votersOf(supervisor)).toEqual([1, 2, 3, 4, 5]);
    const leader = leaderOf(supervisor.view());
    const leaving = followersOf(supervisor.view()).find((id) => id > 3) ?? 5;
    await carryOut(supervisor, { kind: 'remove', member: leaving });
    expect(votersOf(supervisor)).toEqual([1, 2, 3, 4, 5].filter((id) => id !== leaving));
    expect(leaderOf(supervisor.view())).toBe(leader);
    await load.judge();
  });

  it('are replaced after their directory was wiped, and no acknowledged write is lost', async () => {
    const supervisor = await ensembles.startHealthy({
      settings: { snapshots: { everyEntries: 200, logEntriesKept: 50 } },
    });
    const [wiped = 0, other = 0] = followersOf(supervisor.view());
    const load = await underLoad(supervisor, [leaderOf(supervisor.view()), other]);
    await supervisor.operate(wiped, 'kill');
    rmSync(join(supervisor.dataFolder, `members/${wiped}/data`), { recursive: true });
    expect(await supervisor.operate(wiped, 'start')).toMatchObject({
      ok: false,
      error: { todo: expect.stringContaining(`muster member replace ${wiped}`) },
    });
    await eventually('the log is compacted', () => {
      const { first } = reportOf(supervisor.view(), leaderOf(supervisor.view()));
      return first > 1;
    });
    await carryOut(supervisor, { kind: 'replace', member: wiped });
    expect(votersOf(supervisor)).toEqual([1, 2, 3]);
    await load.judge();
  });

  it('are replaced while they lead', async () => {
    const supervisor = await ensembles.startHealthy();
    const leader = leaderOf(supervisor.view());
    const load = await underLoad(supervisor, followersOf(supervisor.view()));
    await carryOut(supervisor, { kind: 'replace', member: leader });
    expect(leaderOf(supervisor.view())).not.toBe(leader);
    await load.judge();
  });

  it('do not come back under an old directory', async () => {
    const supervisor = await ensembles.startHealthy();
    const [id = 0] = followersOf(supervisor.view());
    const data = join(supervisor.dataFolder, `members/${id}/data`);
    const kept = join(ensembles.folder(), 'kept');
    await supervisor.operate(id, 'stop');
    cpSync(data, kept, { recursive: true });
    await carryOut(supervisor, { kind: 'replace', member: id });
    await supervisor.operate(id, 'stop');
    rmSync(data, { recursive: true });
    cpSync(kept, data, { recursive: true });
    expect(await supervisor.operate(id, 'start')).toMatchObject({
      ok: false,
      error: { code: 'operationFailed', todo: expect.stringContaining(`muster member replace ${id}`) },
    });
    expect(processOf(supervisor.view(), id)).toMatchObject({ kind: 'crashed', exitCode: 65 });
    await carryOut(supervisor, { kind: 'replace', member: id });
    await eventually('healthy', () => supervisor.view().health.level === 'healthy');
  });

  it('do not come back under an older copy of their own directory', async () => {
    const supervisor = await ensembles.startHealthy();
    const [id = 0] = followersOf(supervisor.view());
    const data = join(supervisor.dataFolder, `members/${id}/data`);
    const kept = join(ensembles.folder(), 'kept');
    await supervisor.operate(id, 'stop');
    cpSync(data, kept, { recursive: true });
    await supervisor.operate(id, 'start');
    await supervisor.operate(id, 'stop');
    rmSync(data, { recursive: true });
    cpSync(kept, data, { recursive: true });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(await supervisor.operate(id, 'start')).toMatchObject({
        ok: false,
        error: {
          what: expect.stringContaining('is an older copy: it was started 1 times, and this member 2 times'),
          todo: expect.stringContaining(`muster member replace ${id}`),
        },
      });
    }
    await carryOut(supervisor, { kind: 'replace', member: id });
    await eventually('healthy', () => supervisor.view().health.level === 'healthy');
  });

  it('take snapshots when they are told to', async () => {
    const supervisor = await ensembles.startHealthy();
    const outcome = await supervisor.act({ kind: 'snapshot', member: null });
    expect(outcome).toMatchObject({ ok: true, value: { kind: 'snapshots' } });
    const taken = supervisor.view().members.map(({ report }) => report?.snapshots.length);
    expect(taken).toEqual([1, 1, 1]);
    expect(existsSync(join(supervisor.dataFolder, 'members/1/data/snapshots'))).toBe(true);
  });
});

describe('leadership', () => {
  it('goes to the member that is named, and nobody notices', async () => {
    const supervisor = await ensembles.startHealthy();
    const [to = 0] = followersOf(supervisor.view());
    const load = await underLoad(supervisor, [1, 2, 3]);
    expect(await supervisor.act({ kind: 'transfer', to })).toMatchObject({
      ok: true,
      value: { kind: 'leads', member: to },
    });
    const from = leaderOf(supervisor.view());
    expect(await supervisor.act({ kind: 'transfer', to: null })).toMatchObject({ ok: true });
    expect(leaderOf(supervisor.view())).not.toBe(from);
    await load.judge();
  });

  it('is refused to whom it cannot go, in words', async () => {
    const supervisor = await ensembles.startHealthy();
    const leader = leaderOf(supervisor.view());
    const [stopped = 0, other = 0] = followersOf(supervisor.view());
    await supervisor.operate(stopped, 'stop');
    await eventually('it is missed', () => supervisor.view().health.working === 2);
    const reasons = [leader, stopped, 9].map((to) => {
      const [refusal] = supervisor.planAction({ kind: 'transfer', to }).refusals;
      return refusal?.facts['reason'] ?? refusal?.code;
    });
    expect(reasons).toEqual(['alreadyLeader', 'lagging', 'unknownMember']);
    expect(supervisor.planAction({ kind: 'campaign', member: other }).refusals).toMatchObject([
      { facts: { reason: 'leaderWorks' }, todo: expect.stringContaining(`muster transfer ${other}`) },
    ]);
  });

  it('waits for the operator when elections are manual', async () => {
    const started = await ensembles.start({ settings: { elections: 'manual' } });
    if (!started.ok) throw new Error(started.error.what);
    const supervisor = started.value;
    await eventually('all report', () => supervisor.view().members.every(({ report }) => report !== null));
    await new Promise((settle) => setTimeout(settle, 2_000));
    expect(supervisor.view().leader).toBeNull();
    expect(await supervisor.act({ kind: 'campaign', member: 2 })).toMatchObject({
      ok: true,
      value: { kind: 'leads', member: 2 },
    });
    await eventually('healthy', () => supervisor.view().health.level === 'healthy');
    await supervisor.operate(2, 'kill');
    await new Promise((settle) => setTimeout(settle, 2_000));
    expect(supervisor.view().leader).toBeNull();
    expect(await supervisor.act({ kind: 'campaign', member: 3 })).toMatchObject({
      value: { kind: 'leads', member: 3 },
    });
  });
});
