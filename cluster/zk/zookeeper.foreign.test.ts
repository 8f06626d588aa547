/** The store beside Apache ZooKeeper: the same requests must get the same answers, Stat by Stat. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unreachable } from '../base/assert.ts';
import type { SessionId } from '../base/ids.ts';
import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts';
import { admit } from './admit.ts';
import { digestIdentity } from './digest-auth.ts';
import { zkErrorCodes } from './errors.ts';
import type { AuthId } from './records.ts';
import type { ReadAnswer, ReadRequest, WriteRequest } from './requests.ts';
import type { AppliedAnswer } from './store.ts';
import { TestLog } from './testing/log.ts';
import { credentials, type Pick, paths, pickRead, pickWrite } from './testing/requests.ts';

const python = '/usr/bin/python3';
const serverJar = '/usr/share/java/zookeeper.jar';
const available = existsSync(serverJar) && spawnSync(python, ['-c', 'import kazoo']).status === 0;
const startTimeoutMs = 30_000;
const scenarioSteps = 3_000;

type Step = { readonly client: number } & (
  | { readonly kind: 'open' | 'close' }
  | { readonly kind: 'auth'; readonly credential: string }
  | { readonly kind: 'call'; readonly request: ReadRequest | WriteRequest }
);

describe.skipIf(!available)('beside Apache ZooKeeper', () => {
  let server: { readonly port: number; readonly stop: () => void };
  beforeAll(async () => {
    server = await startZooKeeper();
  }, startTimeoutMs);
  afterAll(() => server?.stop());

  // ZooKeeper's tree lives on between scenarios, so all of them are one.
  it('gives the same answers to random requests of several clients', () => {
    const seed = 20_260;
    const steps = drawScenario(seededPick(seed));
    const theirs = normalise(replayOnZooKeeper(steps, server.port));
    const ours = normalise(replayOnStore(steps));
    steps.forEach((step, at) => {
      if (isExistsWithoutRead(step, ours[at])) return;
      expect({ at, step, answer: ours[at] }).toEqual({ at, step, answer: theirs[at] });
    });
  });
});

/** ZooKeeper before 3.9.3 told anybody whether a znode exists; since then it takes READ (ZOOKEEPER-2590), as here. */
function isExistsWithoutRead(step: Step, ours: unknown): boolean {
  const exists = step.kind === 'call' && step.request.kind === 'exists';
  return exists && JSON.stringify(ours) === JSON.stringify(plain({ kind: 'error', error: 'noAuth' }));
}

function drawScenario(pick: Pick): readonly Step[] {
  const steps: Step[] = [];
  const open = new Set<number>();
  for (let client = 0; client < 3; client += 1) openClient(client);
  while (steps.length < scenarioSteps) {
    const client = pick([...open]);
    const kind = pick(['write', 'write', 'write', 'write', 'read', 'read', 'life'] as const);
    if (kind === 'write') steps.push({ kind: 'call', client, request: pickWrite(pick) });
    else if (kind === 'read') steps.push({ kind: 'call', client, request: pickRead(pick) });
    else if (pick([true, false, false])) reopen(client);
  }
  for (const path of paths) {
    const [client = 0] = open;
    steps.push({ kind: 'call', client, request: { kind: 'getData', path, watch: false } });
    steps.push({
      kind: 'call',
      client,
      request: { kind: 'getChildren', path, watch: false, withStat: true },
    });
  }
  return steps;

  function openClient(client: number): void {
    open.add(client);
    steps.push({ kind: 'open', client });
    const credential = credentials[client % 3];
    if (credential !== undefined) steps.push({ kind: 'auth', client, credential });
  }

  function reopen(client: number): void {
    steps.push({ kind: 'close', client });
    open.delete(client);
    openClient(client + 3);
  }
}

/** One entry per request that ZooKeeper gives a zxid, admitted or not, so that zxids run alike. */
function replayOnStore(steps: readonly Step[]): readonly unknown[] {
  const log = new TestLog();
  log.skip(); // ZooKeeper's first transaction is number 1.
  const sessions = new Map<number, SessionId>();
  const auth = new Map<number, readonly AuthId[]>();
  return steps.map((step): unknown => {
    const identities = auth.get(step.client) ?? [{ scheme: 'ip', id: '127.0.0.1' }];
    const session = sessions.get(step.client) ?? (0 as SessionId);
    switch (step.kind) {
      case 'open': {
        const opened = log.openSession();
        sessions.set(step.client, opened);
        return { kind: 'opened', session: opened };
      }
      case 'close':
        log.command({ kind: 'closeSession', session });
        return { kind: 'closed' };
      case 'auth':
        auth.set(step.client, [...identities, digestIdentity(encodeUtf8(step.credential))]);
        return { kind: 'authenticated' };
      case 'call':
        return plain(call(log, { session, auth: identities, request: step.request }));
      default:
        return unreachable(step);
    }
  });
}

function call(
  log: TestLog,
  {
    session,
    auth,
    request,
  }: { session: SessionId; auth: readonly AuthId[]; request: ReadRequest | WriteRequest },
): AppliedAnswer | ReadAnswer {
  if (isRead(request)) return log.store.read(request, auth);
  const admitted = admit(request, auth);
  if (admitted.ok) return log.write(session, admitted.value, auth);
  log.skip();
  return { kind: 'error', error: admitted.error };
}

function isRead(request: ReadRequest | WriteRequest): request is ReadRequest {
  return ['exists', 'getData', 'getAcl', 'getChildren'].includes(request.kind);
}

/** An answer in the words of `replay.py`. */
function plain(answer: AppliedAnswer | ReadAnswer): unknown {
  switch (answer.kind) {
    case 'error':
      return { kind: 'error', code: zkErrorCodes[answer.error] };
    case 'multi':
      return {
        kind: 'multi',
        parts: answer.parts.map((part) => (part.kind === 'rolledBack' ? part : plain(part))),
      };
    case 'data':
      return { ...answer, data: decodeUtf8(answer.data) };
    case 'children':
      return { ...answer, names: [...answer.names].sort() };
    default:
      return answer;
  }
}

/** Session ids become their number of appearance, zxids lose their epoch, times go. */
function normalise(answers: readonly unknown[]): readonly unknown[] {
  const sessions = ['0'];
  return JSON.parse(JSON.stringify(answers), (key, value) => {
    if (key === 'ctimeMs' || key === 'mtimeMs') return undefined;
    if (key === 'session') return sessions.push(String(value)) - 1;
    if (key === 'ephemeralOwner') return sessions.indexOf(String(value));
    if (['czxid', 'mzxid', 'pzxid'].includes(key)) return value % 2 ** 32;
    return value;
  });
}

function replayOnZooKeeper(steps: readonly Step[], port: number): readonly unknown[] {
  const scenario = { hosts: `127.0.0.1:${port}`, steps: steps.map(withTextData) };
  const answers = execFileSync(python, [new URL('testing/replay.py', import.meta.url).pathname], {
    input: JSON.stringify(scenario),
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return JSON.parse(answers);
}

function withTextData(step: Step): unknown {
  return JSON.parse(
    JSON.stringify(step, (_, value) => (value instanceof Uint8Array ? decodeUtf8(value) : value)),
  );
}

/** Park and Miller's generator: the scenario is a seed. */
function seededPick(seed: number): Pick {
  let state = seed;
  return (items) => {
    state = (state * 48_271) % 2_147_483_647;
    const item = items[state % items.length];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  };
}

async function startZooKeeper(): Promise<{ readonly port: number; readonly stop: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-zookeeper-'));
  const port = await freePort();
  const configuration = join(folder, 'zoo.cfg');
  writeFileSync(
    configuration,
    [
      `dataDir=${folder}`,
      `clientPort=${port}`,
      'clientPortAddress=127.0.0.1',
      'admin.enableServer=false',
    ].join('\n'),
  );
  const child = spawn(
    'java',
    ['-Xmx128m', '-cp', serverJar, 'org.apache.zookeeper.server.ZooKeeperServerMain', configuration],
    { stdio: 'ignore' },
  );
  const stop = (): void => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  await untilListening(port, child);
  return { port, stop };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  const attempts = startTimeoutMs / 100;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`ZooKeeper exited with ${child.exitCode}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (open) return;
    await sleep(100);
  }
  throw new Error('ZooKeeper did not start');
}
