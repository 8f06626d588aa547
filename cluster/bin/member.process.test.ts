import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../build/make.js';
import type { EnsembleView, MemberReport } from '../api/ensemble.ts';
import { createZkClient, type ZkClient } from '../client/client.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import {
  eventsOf,
  eventually,
  exists,
  pidOf,
  processOf,
  TestEnsembles,
} from '../supervisor/testing/test-ensemble.ts';
import { memberExitCodes } from './member/exit-codes.ts';

const memberModule = join(repositoryRoot, 'dist/node/member.js');
const ensembles = new TestEnsembles({ memberModule });
const clients: ZkClient[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await ensembles.cleanUp();
});

function clientOf(servers: string): ZkClient {
  const client = createZkClient({ servers });
  clients.push(client);
  return client;
}

function connectOf(view: EnsembleView, members: readonly number[]): string {
  const ports = view.members.filter(({ id }) => members.includes(id)).map(({ clientPort }) => clientPort);
  return ports.map((port) => `127.0.0.1:${port}`).join(',');
}

async function write(client: ZkClient, path: string): Promise<void> {
  const created = await client.create({ path, data: new TextEncoder().encode(path) });
  expect(created).toEqual({ ok: true, value: path });
}

function leaderOf(view: EnsembleView): number {
  if (view.leader === null) throw new Error('there is no leader');
  return view.leader;
}

function reportOf(view: EnsembleView, member: number): MemberReport {
  const report = view.members.find(({ id }) => id === member)?.report ?? null;
  if (report === null) throw new Error(`member ${member} has not reported`);
  return report;
}

/** Waits until all members are at one index, and gives their digests. */
async function settledDigests(supervisor: Supervisor): Promise<readonly string[]> {
  return eventually('all members have applied the same', () => {
    const view = supervisor.view();
    const reports = view.members.map(({ id }) => reportOf(view, id));
    const isSettled = reports.every(({ applied }) => applied === reports[0]?.applied);
    return view.health.level === 'healthy' && isSettled && reports.map(({ digest }) => digest);
  });
}

describe('an ensemble of three real members', () => {
  it('serves its first write within two seconds of nothing', async () => {
    const startedMs = performance.now();
    const started = await ensembles.start();
    if (!started.ok) throw new Error(started.error.what);
    const client = clientOf(started.value.view().connect);
    await write(client, '/first');
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    const page = await started.value.readLog({ member: 1, from: null, count: 1 });
    expect(page).toMatchObject({
      ok: true,
      value: { member: 1, entries: [{ operation: 'create', path: '/first', kind: 'command' }] },
    });
  });

  it('goes on when the leader is killed, and takes it back with the same tree', async () => {
    const supervisor = await ensembles.startHealthy();
    const leader = leaderOf(supervisor.view());
    const survivors = [1, 2, 3].filter((id) => id !== leader);
    const client = clientOf(connectOf(supervisor.view(), survivors));
    await write(client, '/before');
    const killedMs = performance.now();
    process.kill(pidOf(supervisor.view(), leader), 'SIGKILL');
    await write(client, '/after');
    expect(performance.now() - killedMs).toBeLessThan(2_000);
    await eventually('the leader crashed', () => processOf(supervisor.view(), leader).kind === 'crashed');
    expect(survivors).toContain(leaderOf(supervisor.view()));
    expect(await supervisor.operate(leader, 'start')).toEqual({ ok: true, value: null });
    const digests = await settledDigests(supervisor);
    expect(new Set(digests).size).toBe(1);
    expect(eventsOf(supervisor, 'memberBecameLeader').length).toBeGreaterThanOrEqual(2);
  });

  it('replaces a paused leader, which follows when it wakes up', async () => {
    const supervisor = await ensembles.startHealthy();
    const leader = leaderOf(supervisor.view());
    await supervisor.operate(leader, 'pause');
    await eventually('another leads', () => {
      const now = supervisor.view().leader;
      return now !== null && now !== leader;
    });
    await supervisor.operate(leader, 'resume');
    await eventually('it follows', () => supervisor.view().health.level === 'healthy');
    expect(reportOf(supervisor.view(), leader).role).toBe('follower');
    expect(eventsOf(supervisor, 'memberSteppedDown')).toMatchObject([{ member: leader }]);
  });

  it('deposes a leader that is cut off, until the partition heals', async () => {
    const supervisor = await ensembles.startHealthy();
    const leader = leaderOf(supervisor.view());
    const others = [1, 2, 3].filter((id) => id !== leader);
    expect(await supervisor.partition([[leader], others])).toEqual({ ok: true, value: null });
    const view = await eventually('the majority works without it', () => {
      const now = supervisor.view();
      const deposed = reportOf(now, leader).role !== 'leader';
      return deposed && now.leader !== null && now.health.working === 2 && now;
    });
    expect(others).toContain(leaderOf(view));
    expect(view.health.reasons).toContainEqual({ kind: 'linkCut', from: leader, to: others[0] });
    await supervisor.heal();
    expect(new Set(await settledDigests(supervisor)).size).toBe(1);
  });

  it('forgets nothing when all of it stops and starts', async () => {
    const supervisor = await ensembles.startHealthy();
    await write(clientOf(supervisor.view().connect), '/kept');
    const incarnations = supervisor.view().members.map(({ report }) => report?.incarnation);
    await supervisor.close();
    const again = await ensembles.startHealthy({ dataFolder: supervisor.dataFolder });
    const data = await clientOf(again.view().connect).getData('/kept');
    expect(data.ok && new TextDecoder().decode(data.value.data)).toBe('/kept');
    const reports = again.view().members.map(({ report }) => report);
    expect(reports.map((report) => report?.incarnation)).toEqual(incarnations);
    expect(reports.map((report) => report?.life)).toEqual([2, 2, 2]);
  });

  it('lets no member go for a Ctrl-C in the terminal', async () => {
    const supervisor = await ensembles.startHealthy();
    const pids = [1, 2, 3].map((id) => pidOf(supervisor.view(), id));
    for (const pid of pids) process.kill(pid, 'SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(pids.map(exists)).toEqual([true, true, true]);
    expect(supervisor.view().health.level).toBe('healthy');
    await supervisor.close();
    expect(pids.map(exists)).toEqual([false, false, false]);
    expect(eventsOf(supervisor, 'memberStopped').map(({ facts }) => facts['forced'])).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('repairs a damaged log from the others, and says so', async () => {
    const supervisor = await ensembles.startHealthy();
    await write(clientOf(supervisor.view().connect), '/one');
    await settledDigests(supervisor);
    await supervisor.operate(2, 'stop');
    const folder = join(supervisor.view().members[1]?.dataFolder ?? '', 'log');
    const segment = join(folder, readdirSync(folder).sort()[0] ?? '');
    const bytes = readFileSync(segment);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    writeFileSync(segment, bytes);
    expect(await supervisor.operate(2, 'start')).toEqual({ ok: true, value: null });
    const digests = await settledDigests(supervisor);
    expect(new Set(digests).size).toBe(1);
    await eventually('it is whole again', () => !reportOf(supervisor.view(), 2).repairing);
    expect(eventsOf(supervisor, 'repairStarted')).toMatchObject([{ member: 2 }]);
    expect(eventsOf(supervisor, 'repaired')).toMatchObject([{ member: 2 }]);
  });

  it('says which port a member misses', async () => {
    const supervisor = await ensembles.startHealthy();
    await supervisor.operate(3, 'stop');
    const port = supervisor.view().members[2]?.clientPort ?? 0;
    const holder = createServer().listen(port, '127.0.0.1');
    await once(holder, 'listening');
    const refused = await supervisor.operate(3, 'start');
    holder.close();
    expect(refused).toMatchObject({ ok: false, error: { what: expect.stringContaining(`Port ${port}`) } });
    expect(processOf(supervisor.view(), 3)).toMatchObject({ exitCode: memberExitCodes.portTaken });
    expect(await supervisor.operate(3, 'start')).toEqual({ ok: true, value: null });
  });
});
