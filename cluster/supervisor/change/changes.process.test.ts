import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ChangeRequest, EnsembleChange } from '../../api/changes.ts';
import type { Supervisor } from '../supervisor.ts';
import { standInModule } from '../testing/stand-in-member.js';
import { eventsOf, eventually, processOf, spawnWith, TestEnsembles } from '../testing/test-ensemble.ts';

const ensembles = new TestEnsembles({ memberModule: standInModule });
afterEach(() => ensembles.cleanUp());

async function carryOut(supervisor: Supervisor, request: ChangeRequest): Promise<EnsembleChange> {
  const ended = await supervisor.changes.carryOut(request);
  if (!ended.ok) throw new Error(ended.error.what);
  return ended.value;
}

const settled = (supervisor: Supervisor) =>
  eventually('the change has ended', () => {
    const change = supervisor.changes.current;
    return change !== null && change.state !== 'running' && change;
  });

const standings = (supervisor: Supervisor) =>
  supervisor.view().members.map(({ id, standing }) => [id, standing]);

const incarnationOf = (supervisor: Supervisor, id: number) =>
  readFileSync(join(supervisor.dataFolder, `members/${id}/data/incarnation`), 'utf8');

const recordOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'ensemble.json'), 'utf8'));

describe('a change of members', () => {
  it('takes a new member in as a learner, promotes it, and lets it go with its directory archived', async () => {
    const supervisor = await ensembles.startHealthy();
    expect(await carryOut(supervisor, { kind: 'add', promote: false })).toMatchObject({
      kind: 'add',
      member: 4,
      state: 'done',
      error: null,
    });
    expect(standings(supervisor)).toContainEqual([4, 'learner']);
    const told = readFileSync(join(supervisor.dataFolder, 'members/1/data/peers'), 'utf8');
    expect(JSON.parse(told)).toHaveLength(4);
    expect((await carryOut(supervisor, { kind: 'promote', member: 4 })).state).toBe('done');
    expect(supervisor.view().health).toMatchObject({ level: 'healthy', total: 4 });
    const removed = await carryOut(supervisor, { kind: 'remove', member: 4 });
    expect(removed.state).toBe('done');
    expect(standings(supervisor)).toHaveLength(3);
    expect(existsSync(join(supervisor.dataFolder, 'members/4/data'))).toBe(false);
    expect(readdirSync(join(supervisor.dataFolder, removed.archive ?? ''))).toContain('incarnation');
    expect(eventsOf(supervisor, 'changeFinished')).toHaveLength(3);
    expect(await supervisor.operate(4, 'start')).toMatchObject({
      ok: false,
      error: { code: 'unknownMember', what: 'Member 4 was removed from the ensemble.' },
    });
    // A number is not given to somebody else; under it, only a new directory comes back.
    expect(supervisor.changes.plan({ kind: 'add', promote: false })).toMatchObject({ value: { member: 5 } });
    expect((await carryOut(supervisor, { kind: 'replace', member: 4 })).state).toBe('done');
    expect(standings(supervisor)).toContainEqual([4, 'voter']);
  });

  it('replaces a member whose directory was wiped, under a new incarnation', async () => {
    const supervisor = await ensembles.startHealthy();
    const before = incarnationOf(supervisor, 3);
    await supervisor.operate(3, 'kill');
    const data = join(supervisor.dataFolder, 'members/3/data');
    rmSync(data, { recursive: true });
    expect(await supervisor.operate(3, 'start')).toMatchObject({
      ok: false,
      error: {
        what: `The data directory ${data} is gone.`,
        todo: expect.stringContaining('member replace 3'),
      },
    });
    expect((await carryOut(supervisor, { kind: 'replace', member: 3 })).state).toBe('done');
    expect(incarnationOf(supervisor, 3)).not.toBe(before);
    expect(standings(supervisor)).toContainEqual([3, 'voter']);
    const { removed } = recordOf(supervisor.dataFolder);
    expect(removed).toMatchObject([
      { member: 3, incarnation: Number(before), why: 'replaced', archive: null },
    ]);
    await eventually('healthy', () => supervisor.view().health.level === 'healthy');
  });

  it('moves leadership away from a leader that is replaced', async () => {
    const supervisor = await ensembles.startHealthy();
    expect(supervisor.view().leader).toBe(1);
    expect((await carryOut(supervisor, { kind: 'replace', member: 1 })).state).toBe('done');
    expect(supervisor.view().leader).not.toBe(1);
    expect(standings(supervisor)).toContainEqual([1, 'voter']);
  });

  it('is planned without touching anything', async () => {
    const supervisor = await ensembles.startHealthy();
    const before = readFileSync(join(supervisor.dataFolder, 'ensemble.json'), 'utf8');
    const plan = supervisor.changes.plan({ kind: 'replace', member: 2 });
    expect(plan).toMatchObject({
      ok: true,
      value: {
        kind: 'replace',
        member: 2,
        refusals: [],
        steps: [
          { step: 'handOver', done: true },
          { step: 'removeSeat', done: false, facts: { votersLeft: '1,3' } },
          { step: 'stopProcess', done: false },
          { step: 'archive', done: false, facts: { from: join(supervisor.dataFolder, 'members/2/data') } },
          { step: 'makeDirectory', done: false },
          { step: 'introduce', done: false },
          { step: 'addLearner', done: false },
          { step: 'catchUp', done: false },
          { step: 'promote', done: false },
        ],
      },
    });
    expect(readFileSync(join(supervisor.dataFolder, 'ensemble.json'), 'utf8')).toBe(before);
    expect(supervisor.changes.current).toBeNull();
  });

  it('is refused when too few voters would work', async () => {
    const supervisor = await ensembles.startHealthy();
    await supervisor.operate(2, 'kill');
    await eventually('seen', () => supervisor.view().health.working === 2);
    expect(supervisor.changes.begin({ kind: 'remove', member: 3 })).toMatchObject({
      ok: false,
      error: { code: 'refused', facts: { reason: 'wouldLoseQuorum', heard: 1, left: 2, needed: 2 } },
    });
    expect(supervisor.changes.begin({ kind: 'promote', member: 1 })).toMatchObject({
      error: { facts: { reason: 'notLearner' } },
    });
    expect(supervisor.changes.begin({ kind: 'remove', member: 9 })).toMatchObject({
      error: { code: 'unknownMember' },
    });
  });

  it('fails when the members refuse, says so, and can be given up', async () => {
    const supervisor = await ensembles.startHealthy({ spawn: spawnWith(() => ['--loses-quorum']) });
    expect(await carryOut(supervisor, { kind: 'remove', member: 2 })).toMatchObject({
      state: 'failed',
      step: 'removeSeat',
      error: { facts: { reason: 'wouldLoseQuorum' } },
    });
    expect(processOf(supervisor.view(), 2).kind).toBe('up');
    expect(supervisor.view().health.reasons).toContainEqual({
      kind: 'changeUnfinished',
      change: 'remove',
      member: 2,
    });
    expect(supervisor.changes.begin({ kind: 'add', promote: false })).toMatchObject({
      error: { facts: { reason: 'changeUnfinished' } },
    });
    expect(supervisor.changes.abandon()).toMatchObject({ ok: true, value: { state: 'abandoned' } });
    expect(recordOf(supervisor.dataFolder).change).toBeNull();
    expect(supervisor.view().health.level).toBe('healthy');
  });

  it('does not hold up the end of the supervisor, and is known to the next one', async () => {
    const supervisor = await ensembles.startHealthy({ spawn: spawnWith(() => ['--lags']) });
    supervisor.changes.begin({ kind: 'remove', member: 3 });
    await eventually('it waits', () => supervisor.changes.current?.step === 'removeSeat');
    const startedMs = performance.now();
    await supervisor.close();
    expect(performance.now() - startedMs).toBeLessThan(3_000);
    expect(recordOf(supervisor.dataFolder).change).toMatchObject({ state: 'running', step: 'removeSeat' });
  });
});

describe('a change that was interrupted', () => {
  it.each(['removeSeat', 'stopProcess', 'makeDirectory', 'addLearner', 'promote'] as const)(
    'in the step %s is known to the next supervisor, and can be gone on with',
    async (step) => {
      const supervisor = await ensembles.startHealthy();
      supervisor.changes.begin({ kind: 'replace', member: 3 });
      await eventually(`the change is at ${step}`, () => {
        const change = supervisor.changes.current;
        return change?.state === 'done' || change?.step === step;
      });
      // What is on disk at this moment is what a killed supervisor leaves.
      const folder = supervisor.dataFolder;
      const left = recordOf(folder);
      await supervisor.close();
      writeFileSync(join(folder, 'ensemble.json'), JSON.stringify(left));
      const again = await ensembles.start({ dataFolder: folder });
      if (!again.ok) throw new Error(again.error.what);
      await eventually('a leader reports', () => again.value.view().leader !== null);
      expect(again.value.changes.unfinished).toMatchObject({
        kind: 'replace',
        member: 3,
        state: 'interrupted',
      });
      expect(eventsOf(again.value, 'changeInterrupted')).toMatchObject([{ member: 3, level: 'warn' }]);
      expect(again.value.changes.plan(null)).toMatchObject({
        ok: true,
        value: { kind: 'replace', member: 3 },
      });
      expect(again.value.changes.resume()).toMatchObject({ ok: true });
      expect((await settled(again.value)).state).toBe('done');
      await eventually('healthy', () => again.value.view().health.level === 'healthy');
      expect(standings(again.value)).toContainEqual([3, 'voter']);
    },
  );

  it('between moving the directory aside and putting that on record, goes on from there', async () => {
    const supervisor = await ensembles.startHealthy();
    const { dataFolder } = supervisor;
    await supervisor.operate(3, 'kill');
    supervisor.changes.begin({ kind: 'replace', member: 3 });
    await eventually('it is begun', () => recordOf(dataFolder).change !== null);
    const left = recordOf(dataFolder);
    await supervisor.close();
    const archive = join(dataFolder, left.change.archive);
    const data = join(dataFolder, 'members/3/data');
    if (!existsSync(archive)) {
      mkdirSync(join(dataFolder, 'archive'), { recursive: true });
      renameSync(data, archive);
    }
    rmSync(data, { recursive: true, force: true });
    writeFileSync(join(dataFolder, 'ensemble.json'), JSON.stringify(left));
    const again = await ensembles.start({ dataFolder });
    if (!again.ok) throw new Error(again.error.what);
    await eventually('a leader reports', () => again.value.view().leader !== null);
    expect(again.value.changes.resume()).toMatchObject({ ok: true });
    expect((await settled(again.value)).state).toBe('done');
    expect(readdirSync(archive)).toContain('incarnation');
    expect(readdirSync(join(dataFolder, 'archive'))).toHaveLength(1);
  });
});
