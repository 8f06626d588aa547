import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../build/make.js';
import type { EnsembleView, MemberReport } from '../api/ensemble.ts';
import { clusterId, memberId } from '../base/ids.ts';
import { createZkClient, type ZkClient } from '../client/client.ts';
import { createDisk } from '../node/disk.ts';
import type { MemberConfiguration, MemberMessage } from '../supervisor/member-messages.ts';
import { planPorts } from '../supervisor/ports.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import {
  eventsOf,
  eventually,
  exists,
  pidOf,
  processOf,
  TestEnsembles,
} from '../supervisor/testing/test-ensemble.ts';
import { openWal } from '../wal/wal.ts';
import { memberExitCodes } from './member/exit-codes.ts';

const memberModule = join(repositoryRoot, 'dist/node/member.js');
const ensembles = new TestEnsembles({ memberModule });
const clients: ZkClient[] = [];
const children: ChildProcess[] = [];
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await ensembles.cleanUp();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
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

  it('does not let a member start on a damaged log', async () => {
    const supervisor = await ensembles.startHealthy();
    await write(clientOf(supervisor.view().connect), '/one');
    await settledDigests(supervisor);
    await supervisor.operate(2, 'stop');
    const folder = join(supervisor.view().members[1]?.dataFolder ?? '', 'log');
    const segment = join(folder, readdirSync(folder).sort()[0] ?? '');
    const bytes = readFileSync(segment);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    writeFileSync(segment, bytes);
    expect(await supervisor.operate(2, 'start')).toMatchObject({
      ok: false,
      error: { code: 'operationFailed', todo: expect.stringContaining('replace this member') },
    });
    expect(processOf(supervisor.view(), 2)).toMatchObject({
      kind: 'crashed',
      exitCode: memberExitCodes.dataRefused,
    });
    expect(supervisor.view().health.working).toBe(2);
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

describe('a member on its own', () => {
  it('does not run without a supervisor', () => {
    const ended = spawnSync(process.execPath, [memberModule], { encoding: 'utf8' });
    expect(ended.status).toBe(memberExitCodes.misused);
    expect(ended.stderr).toContain('muster up');
  });

  it('ends cleanly within a second when its supervisor is gone', async () => {
    const member = await startAlone();
    const ended = once(member.child, 'exit');
    const leftMs = performance.now();
    member.child.disconnect();
    expect(await ended).toEqual([memberExitCodes.stopped, null]);
    expect(performance.now() - leftMs).toBeLessThan(1_000);
    expect(readFileSync(member.configuration.logFile, 'utf8')).toContain('the supervisor is gone');
  });

  it('refuses what it does not understand', async () => {
    const { child, messages } = launch();
    const ended = once(child, 'exit');
    child.send({ kind: 'configure', configuration: { member: 'one' } });
    expect(await ended).toEqual([memberExitCodes.misused, null]);
    expect(messages).toMatchObject([{ kind: 'fatal', reason: { code: 'misused' } }]);
  });

  it('never takes an absent directory for a new one', async () => {
    const configuration = await configure({ kind: 'open', incarnation: 7 });
    const { child, messages } = launch();
    const ended = once(child, 'exit');
    child.send({ kind: 'configure', configuration });
    expect(await ended).toEqual([memberExitCodes.dataRefused, null]);
    expect(messages).toMatchObject([{ kind: 'fatal', reason: { code: 'notInitialised' } }]);
    expect(existsSync(configuration.dataFolder)).toBe(false);
  });

  it('refuses a directory of another incarnation', async () => {
    const first = await startAlone();
    await stop(first.child);
    const { child, messages } = launch();
    const ended = once(child, 'exit');
    const directory = { kind: 'open', incarnation: first.incarnation + 1 } as const;
    child.send({ kind: 'configure', configuration: { ...first.configuration, directory } });
    expect(await ended).toEqual([memberExitCodes.dataRefused, null]);
    expect(messages).toMatchObject([{ kind: 'fatal', reason: { code: 'foreign' } }]);
  });

  it('says so and logs where when it finds itself in an impossible state', async () => {
    const first = await startAlone();
    await stop(first.child);
    await appendNonsense(first.configuration);
    const { child, messages } = launch();
    const ended = once(child, 'exit');
    const directory = { kind: 'open', incarnation: first.incarnation } as const;
    child.send({ kind: 'configure', configuration: { ...first.configuration, directory } });
    expect(await ended).toEqual([memberExitCodes.defect, null]);
    expect(messages).toMatchObject([{ kind: 'fatal', reason: { code: 'defect' } }]);
    expect(readFileSync(first.configuration.logFile, 'utf8')).toMatch(/"event":"defect".*hard state.*at /);
  });
});

function launch(): { readonly child: ChildProcess; readonly messages: MemberMessage[] } {
  const child = fork(memberModule, {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  children.push(child);
  const messages: MemberMessage[] = [];
  child.on('message', (message) => messages.push(message as MemberMessage));
  return { child, messages };
}

async function configure(directory: MemberConfiguration['directory']): Promise<MemberConfiguration> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-member-'));
  folders.push(folder);
  const [clientPort = 0, peerPort = 0] = (await planPorts([0, 0])) ?? [];
  return {
    clusterId: 1,
    secret: '0'.repeat(64),
    member: 1,
    clientPort,
    peers: [{ member: 1, peerPort }],
    timing: { heartbeatMs: 50, electionMinMs: 250, electionMaxMs: 500 },
    dataFolder: join(folder, 'data'),
    logFile: join(folder, 'log/member.log'),
    directory,
    blocked: { to: [], from: [] },
  };
}

/** An ensemble of one, running, without a supervisor but this test. */
async function startAlone(): Promise<{
  readonly child: ChildProcess;
  readonly configuration: MemberConfiguration;
  readonly incarnation: number;
}> {
  const configuration = await configure({ kind: 'create' });
  const { child, messages } = launch();
  child.send({ kind: 'configure', configuration });
  const created = await eventually('created', () => messages.find((message) => message.kind === 'created'));
  child.send({ kind: 'proceed' });
  await eventually('ready', () => messages.some((message) => message.kind === 'ready'));
  return { child, configuration, incarnation: created.incarnation };
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.send({ kind: 'stop' });
  expect(await ended).toEqual([memberExitCodes.stopped, null]);
}

/** Writes a hard state that is whole on disk and means nothing to the engine. */
async function appendNonsense({
  dataFolder,
  clusterId: cluster,
  member,
}: MemberConfiguration): Promise<void> {
  const opened = openWal(createDisk(dataFolder), { cluster: clusterId(cluster), member: memberId(member) });
  if (!opened.ok) throw new Error(opened.error.what);
  const { wal } = opened.value;
  const batch = { hardState: new Uint8Array([1, 2, 3]), entries: [] };
  const failure = await new Promise((settle) => wal.append([batch], settle));
  expect(failure).toBeNull();
  wal.close();
}
