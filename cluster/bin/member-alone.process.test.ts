import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../build/make.js';
import { defaultSettings } from '../api/settings.ts';
import { clusterId, memberId } from '../base/ids.ts';
import { createDisk } from '../node/disk.ts';
import type { MemberConfiguration, MemberMessage } from '../supervisor/member-messages.ts';
import { planPorts } from '../supervisor/ports.ts';
import { eventually } from '../supervisor/testing/test-ensemble.ts';
import { openWal } from '../wal/open.ts';
import { memberExitCodes } from './member/exit-codes.ts';

const memberModule = join(repositoryRoot, 'dist/node/member.js');
const children: ChildProcess[] = [];
const folders: string[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
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
    const configuration = await configure({ kind: 'open', incarnation: 7, livesSeen: 0 });
    const { child, messages } = launch();
    const ended = once(child, 'exit');
    child.send({ kind: 'configure', configuration });
    expect(await ended).toEqual([memberExitCodes.dataRefused, null]);
    expect(messages).toMatchObject([{ kind: 'fatal', reason: { code: 'notInitialised' } }]);
    expect(existsSync(configuration.dataFolder)).toBe(false);
  });

  it('refuses by name a directory that was given up', async () => {
    const first = await startAlone();
    await stop(first.child);
    const { child, messages } = launch();
    const ended = once(child, 'exit');
    const directory = { kind: 'open', incarnation: first.incarnation, livesSeen: 0 } as const;
    const removed = [{ member: 1, incarnation: first.incarnation }];
    child.send({ kind: 'configure', configuration: { ...first.configuration, directory, removed } });
    expect(await ended).toEqual([memberExitCodes.dataRefused, null]);
    expect(messages).toMatchObject([{ kind: 'fatal', reason: { code: 'removedSeat' } }]);
  });

  it('refuses a directory of another incarnation', async () => {
    const first = await startAlone();
    await stop(first.child);
    const { child, messages } = launch();
    const ended = once(child, 'exit');
    const directory = { kind: 'open', incarnation: first.incarnation + 1, livesSeen: 0 } as const;
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
    const directory = { kind: 'open', incarnation: first.incarnation, livesSeen: 0 } as const;
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
    removed: [],
    settings: defaultSettings,
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
  const founders = [{ member: 1, incarnation: 4_711 }];
  const configuration = await configure({ kind: 'found', incarnation: 4_711, founders });
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
