import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { standInModule } from './testing/stand-in-member.js';
import {
  eventsOf,
  eventually,
  exists,
  pidOf,
  processOf,
  spawnWith,
  TestEnsembles,
} from './testing/test-ensemble.ts';

const ensembles = new TestEnsembles({ memberModule: standInModule });
afterEach(() => ensembles.cleanUp());

describe('a running ensemble', () => {
  it('has three members, a leader and a healthy verdict', async () => {
    const supervisor = await ensembles.startHealthy();
    const view = supervisor.view();
    expect(view.members.map(({ id, process }) => ({ id, kind: process.kind }))).toEqual([
      { id: 1, kind: 'up' },
      { id: 2, kind: 'up' },
      { id: 3, kind: 'up' },
    ]);
    expect(view.leader).toBe(1);
    expect(view.health).toMatchObject({ level: 'healthy', working: 3, total: 3, tolerance: 1, reasons: [] });
    const events = supervisor.events(0);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, at) => at + 1));
    expect(eventsOf(supervisor, 'memberStarted')).toHaveLength(3);
  });

  it('sees a process killed from outside as crashed, says so, and does not start it again', async () => {
    const supervisor = await ensembles.startHealthy();
    process.kill(pidOf(supervisor.view(), 2), 'SIGKILL');
    const state = await eventually('member 2 crashed', () => {
      const now = processOf(supervisor.view(), 2);
      return now.kind === 'crashed' && now;
    });
    expect(state).toEqual({ kind: 'crashed', exitCode: null, signal: 'SIGKILL', reason: null });
    expect(eventsOf(supervisor, 'memberCrashed')).toMatchObject([
      { member: 2, level: 'error', facts: { signal: 'SIGKILL', recovery: 'operator' } },
    ]);
    expect(supervisor.view().health).toMatchObject({
      level: 'degraded',
      working: 2,
      reasons: [{ kind: 'memberDown', member: 2, state: 'crashed' }],
    });
    expect(await supervisor.operate(2, 'start')).toEqual({ ok: true, value: null });
    expect(processOf(supervisor.view(), 2).kind).toBe('up');
  });

  it('kills, stops and restarts on the same ports', async () => {
    const supervisor = await ensembles.startHealthy();
    const before = supervisor.view().members.map(({ clientPort, peerPort }) => ({ clientPort, peerPort }));
    expect(await supervisor.operate(3, 'kill')).toEqual({ ok: true, value: null });
    expect(processOf(supervisor.view(), 3)).toMatchObject({ kind: 'crashed', signal: 'SIGKILL' });
    expect(await supervisor.operate(3, 'restart')).toEqual({ ok: true, value: null });
    expect(await supervisor.operate(3, 'stop')).toEqual({ ok: true, value: null });
    expect(processOf(supervisor.view(), 3)).toEqual({ kind: 'stopped' });
    expect(await supervisor.operate(3, 'start')).toEqual({ ok: true, value: null });
    const after = supervisor.view().members.map(({ clientPort, peerPort }) => ({ clientPort, peerPort }));
    expect(after).toEqual(before);
    expect(eventsOf(supervisor, 'memberKilled')).toHaveLength(1);
    expect(eventsOf(supervisor, 'memberStopped')).toMatchObject([{ member: 3, facts: { forced: false } }]);
  });

  it('pauses a member into silence and resumes it', async () => {
    const supervisor = await ensembles.startHealthy();
    expect(await supervisor.operate(2, 'pause')).toEqual({ ok: true, value: null });
    const pid = pidOf(supervisor.view(), 2);
    expect(processOf(supervisor.view(), 2)).toEqual({ kind: 'paused', pid });
    const heardAtMs = supervisor.view().members[1]?.reportedAtMs;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(supervisor.view().members[1]?.reportedAtMs).toBe(heardAtMs);
    expect(supervisor.view().health.reasons).toEqual([{ kind: 'memberPaused', member: 2 }]);
    expect(await supervisor.operate(2, 'resume')).toEqual({ ok: true, value: null });
    await eventually('healthy again', () => supervisor.view().health.level === 'healthy');
    expect(pidOf(supervisor.view(), 2)).toBe(pid);
  });

  it('notices a member that somebody else froze', async () => {
    const supervisor = await ensembles.startHealthy();
    const pid = pidOf(supervisor.view(), 3);
    process.kill(pid, 'SIGSTOP');
    const event = await eventually('health changed', () =>
      eventsOf(supervisor, 'healthChanged').find(({ facts }) => facts['before'] === 'healthy'),
    );
    expect(event).toMatchObject({ level: 'warn', facts: { level: 'degraded', working: 2, total: 3 } });
    expect(supervisor.view().health.reasons).toMatchObject([{ kind: 'memberSilent', member: 3 }]);
    process.kill(pid, 'SIGCONT');
  });

  it('keeps a partition over a restart until it is healed', async () => {
    const supervisor = await ensembles.startHealthy();
    expect(await supervisor.partition([[1, 2], [3]])).toEqual({ ok: true, value: null });
    const blocked = () => supervisor.view().members.map((member) => member.blocked);
    const cut = [
      { to: [3], from: [3] },
      { to: [3], from: [3] },
      { to: [1, 2], from: [1, 2] },
    ];
    expect(blocked()).toEqual(cut);
    await supervisor.operate(3, 'restart');
    expect(blocked()).toEqual(cut);
    expect(supervisor.view().health.reasons).toContainEqual({ kind: 'linkCut', from: 1, to: 3 });
    expect(await supervisor.heal()).toEqual({ ok: true, value: null });
    expect(blocked()).toEqual(Array(3).fill({ to: [], from: [] }));
    const told = join(supervisor.view().members[2]?.dataFolder ?? '', 'blocked');
    expect(JSON.parse(readFileSync(told, 'utf8'))).toEqual({ to: [], from: [] });
    expect(eventsOf(supervisor, 'partitioned')).toMatchObject([{ facts: { groups: '1,2 | 3' } }]);
  });

  it('refuses what does not fit, in words', async () => {
    const supervisor = await ensembles.startHealthy();
    const codes = await Promise.all([
      supervisor.operate(9, 'start'),
      supervisor.operate(1, 'start'),
      supervisor.operate(1, 'resume'),
      supervisor.partition([[1], [1, 2]]),
      supervisor.readLog({ member: 9, from: null, count: 1 }),
    ]);
    expect(codes.map((result) => (result.ok ? 'ok' : result.error.code))).toEqual([
      'unknownMember',
      'wrongState',
      'wrongState',
      'invalidInput',
      'unknownMember',
    ]);
  });
});

describe('a member that misbehaves', () => {
  it('is killed when it does not stop', async () => {
    const supervisor = await ensembles.startHealthy({
      spawn: spawnWith((id) => (id === 1 ? ['--stubborn'] : [])),
    });
    expect(await supervisor.operate(1, 'stop')).toEqual({ ok: true, value: null });
    expect(processOf(supervisor.view(), 1)).toEqual({ kind: 'stopped' });
    expect(eventsOf(supervisor, 'memberStopped')).toMatchObject([
      { facts: { forced: true, signal: 'SIGKILL' } },
    ]);
  });

  it('is stopped even while paused', async () => {
    const supervisor = await ensembles.startHealthy();
    const pid = pidOf(supervisor.view(), 1);
    await supervisor.operate(1, 'pause');
    expect(await supervisor.operate(1, 'stop')).toEqual({ ok: true, value: null });
    expect(exists(pid)).toBe(false);
    expect(eventsOf(supervisor, 'memberStopped')).toMatchObject([{ facts: { forced: false } }]);
  });

  it('is ended when it does not speak the protocol', async () => {
    const supervisor = await ensembles.startHealthy();
    await supervisor.close();
    const again = await ensembles.start({
      dataFolder: supervisor.dataFolder,
      spawn: spawnWith((id) => (id === 2 ? ['--nonsense'] : [])),
    });
    if (!again.ok) throw new Error(again.error.what);
    const state = await eventually('member 2 crashed', () => {
      const now = processOf(again.value.view(), 2);
      return now.kind === 'crashed' && now;
    });
    expect(state.reason).toContain('not understood');
  });

  it('crashes with the reason it gave', async () => {
    const supervisor = await ensembles.startHealthy();
    await supervisor.close();
    const again = await ensembles.start({
      dataFolder: supervisor.dataFolder,
      spawn: spawnWith((id) => (id === 2 ? ['--refuse'] : [])),
    });
    if (!again.ok) throw new Error(again.error.what);
    const state = await eventually('member 2 crashed', () => {
      const now = processOf(again.value.view(), 2);
      return now.kind === 'crashed' && now;
    });
    expect(state).toEqual({
      kind: 'crashed',
      exitCode: 65,
      signal: null,
      reason: 'Entry 7 is damaged. It is lost. Restore it.',
    });
  });

  it('keeps a new ensemble from being founded, which the next start makes good', async () => {
    const dataFolder = ensembles.folder();
    const refused = await ensembles.start({
      dataFolder,
      spawn: spawnWith((id) => (id === 3 ? ['--refuse'] : [])),
    });
    expect(refused).toMatchObject({ ok: false, error: { code: 'creationFailed' } });
    const supervisor = await ensembles.startHealthy({ dataFolder });
    expect(supervisor.view().health.working).toBe(3);
  });
});
