/** A directory that was given up, started behind the supervisor's back beside the ensemble it once belonged to. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { repositoryRoot } from '../../build/make.js';
import { readEnsembleFile } from '../supervisor/ensemble-file.ts';
import type { MemberConfiguration, MemberMessage } from '../supervisor/member-messages.ts';
import { planPorts } from '../supervisor/ports.ts';
import { TestEnsembles } from '../supervisor/testing/test-ensemble.ts';
import { memberExitCodes } from './member/exit-codes.ts';
import { leaderOf } from './testing/ensemble-facts.ts';

const memberModule = join(repositoryRoot, 'dist/node/member.js');
const ensembles = new TestEnsembles({ memberModule });
const folders: string[] = [];
afterEach(async () => {
  await ensembles.cleanUp();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

it('is told by its former peers that it was removed, and ends with those words', async () => {
  const supervisor = await ensembles.startHealthy();
  const old = supervisor.view().members.find(({ id }) => id !== leaderOf(supervisor.view()));
  if (old === undefined) throw new Error('there are three members');
  const record = readEnsembleFile(join(old.dataFolder, '../../../ensemble.json'));
  if (!record.ok) throw new Error(record.error.problem);
  const folder = mkdtempSync(join(tmpdir(), 'muster-zombie-'));
  folders.push(folder);
  await supervisor.operate(old.id, 'stop');
  cpSync(old.dataFolder, join(folder, 'data'), { recursive: true });
  await supervisor.operate(old.id, 'start');
  const removed = await supervisor.changes.carryOut({ kind: 'remove', member: old.id });
  expect(removed).toMatchObject({ ok: true, value: { state: 'done' } });
  const { term } = supervisor.view();

  const [clientPort = 0] = (await planPorts([0])) ?? [];
  const { clusterId, secret, timing, settings, members } = record.value;
  const configuration: MemberConfiguration = {
    clusterId,
    secret,
    member: old.id,
    clientPort,
    peers: members.map(({ id, peerPort }) => ({ member: id, peerPort })),
    removed: [],
    timing,
    settings,
    dataFolder: join(folder, 'data'),
    logFile: join(folder, 'member.log'),
    directory: {
      kind: 'open',
      incarnation: members.find(({ id }) => id === old.id)?.incarnation ?? 0,
      livesSeen: 0,
    },
    blocked: { to: [], from: [] },
  };
  const child = fork(memberModule, {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  try {
    const messages: MemberMessage[] = [];
    child.on('message', (message) => messages.push(message as MemberMessage));
    child.send({ kind: 'configure', configuration });
    expect(await once(child, 'exit')).toEqual([memberExitCodes.dataRefused, null]);
    expect(messages.at(-1)).toMatchObject({ kind: 'fatal', reason: { code: 'removedSeat' } });
    expect(supervisor.view().term).toBe(term);
  } finally {
    child.kill('SIGKILL');
  }
});
