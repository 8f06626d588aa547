/** The client against servers that are not there, silent, slow, or speak nonsense. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Scope } from '../base/scope.ts';
import type { Stat } from '../zk/records.ts';
import { createZkClient, type ZkClient, type ZkClientOptions } from './client.ts';
import { formatFailure } from './failure.ts';
import { done, statesOf, text } from './testing/outcomes.ts';
import { type Script, type ScriptedServer, startScriptedServer } from './testing/scripted-server.ts';

let scope = new Scope();

afterEach(async () => {
  await scope.close();
  scope = new Scope();
});

function open(options: ZkClientOptions): ZkClient {
  const client = createZkClient(options);
  scope.add(() => client.close());
  return client;
}

async function serve(script: Script, grantedTimeoutMs = 4_000): Promise<ScriptedServer> {
  const server = await startScriptedServer({ script, grantedTimeoutMs });
  scope.add(() => server.close());
  return server;
}

/** Answers everything as a healthy server might. */
const healthy: Script = ({ request }) => {
  switch (request.kind) {
    case 'create':
      return { kind: 'created', path: request.path, stat: null };
    case 'sync':
      return { kind: 'synced', path: request.path };
    case 'getData':
      return { kind: 'data', data: text(request.path), stat };
    default:
      return { kind: 'empty' };
  }
};

const stat = {
  czxid: 0,
  mzxid: 0,
  pzxid: 0,
  ctimeMs: 0,
  mtimeMs: 0,
  version: 0,
  cversion: 0,
  aversion: 0,
  ephemeralOwner: 0,
  dataLength: 0,
  numChildren: 0,
} as Stat;

describe('createZkClient', () => {
  it('gives up in time when no server is there, and says why', async () => {
    const client = open({ servers: '127.0.0.1:1', requestTimeoutMs: 200 });
    const started = performance.now();
    const outcome = await client.setData({ path: '/x', data: text('x') });
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(!outcome.ok && { outcome: outcome.error.outcome, text: formatFailure(outcome.error) }).toEqual({
      outcome: 'notDone',
      text:
        'setData /x: connectionLoss, not connected: 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1. ' +
        'The request was not carried out: it was never sent, or only reads. ' +
        'Check that a majority of the servers works, then repeat it.',
    });
  });

  it('says what is asked of it after close', async () => {
    const server = await serve(healthy);
    const client = open({ servers: server.servers });
    await done(client.sync('/'));
    await client.close();
    expect(client.state).toEqual({ kind: 'closed' });
    expect(server.requests.at(-1)?.request).toEqual({ kind: 'closeSession' });
    expect(await client.sync('/')).toMatchObject({ ok: false, error: { code: 'clientClosed' } });
  });

  it('goes on to the server that is there', async () => {
    const server = await serve(healthy);
    const client = open({ servers: `127.0.0.1:1,${server.servers},127.0.0.1:2` });
    expect(await done(client.create({ path: '/a' }))).toBe('/a');
  });

  it('sends what is asked in one turn in one piece', async () => {
    const server = await serve(healthy);
    const client = open({ servers: server.servers });
    await done(client.sync('/'));
    const readsBefore = server.reads.length;
    await Promise.all(Array.from({ length: 50 }, (_, index) => done(client.getData(`/${index}`))));
    expect(server.reads.length - readsBefore).toBe(1);
  });

  it('keeps no more than a thousand requests unanswered at the server', async () => {
    const held: number[] = [];
    const server = await serve((asked) => {
      if (asked.request.kind !== 'getData') return healthy(asked);
      held.push(asked.xid);
      return null;
    });
    const client = open({ servers: server.servers, requestTimeoutMs: 500 });
    await done(client.sync('/'));
    const asked = Array.from({ length: 1_500 }, () => client.getData('/x'));
    await sleep(200);
    expect(held.length).toBe(1_000);
    const codes = new Set(
      (await Promise.all(asked)).map((outcome) => (outcome.ok ? 'ok' : outcome.error.code)),
    );
    expect([...codes].sort()).toEqual(['connectionLoss', 'operationTimeout']);
  });

  it('gives up a write whose answer does not come, without knowing its outcome', async () => {
    const server = await serve((asked) => (asked.request.kind === 'create' ? null : healthy(asked)));
    const client = open({ servers: server.servers, requestTimeoutMs: 200 });
    expect(await client.create({ path: '/slow' })).toMatchObject({
      ok: false,
      error: { code: 'operationTimeout', outcome: 'unknown', path: '/slow' },
    });
    expect(client.state.kind).toBe('connected');
  });

  it('leaves a server that passes over a request it still owes an answer', async () => {
    const server = await serve((asked) => (asked.request.kind === 'create' ? null : healthy(asked)));
    const client = open({ servers: server.servers, requestTimeoutMs: 150 });
    await client.create({ path: '/late' });
    const states = statesOf(client);
    // The create, given up here, is still the oldest at the server: answers come in order.
    expect(await client.sync('/')).toMatchObject({ ok: false, error: { code: 'connectionLoss' } });
    expect(states[0]).toBe('disconnected');
  });

  it('leaves a silent server for another connection', async () => {
    const server = await serve(() => null, 300);
    const client = open({ servers: server.servers, requestTimeoutMs: 5_000 });
    await connected(client);
    const started = performance.now();
    expect(await client.setData({ path: '/x', data: text('x') })).toMatchObject({
      ok: false,
      error: {
        code: 'connectionLoss',
        outcome: 'unknown',
        what: expect.stringContaining('has been silent for'),
      },
    });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it.each([
    ['nonsense', Uint8Array.from({ length: 40 }, () => 0x41)],
    [
      'an answer to another request',
      Uint8Array.of(0, 0, 0, 16, 0, 0, 0, 99, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0),
    ],
    ['half an answer', Uint8Array.of(0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0)],
  ])('leaves a server that sends %s, and lives on', async (_name, bytes) => {
    let healed = false;
    const server = await serve((asked) => (healed ? healthy(asked) : bytes));
    const client = open({ servers: server.servers });
    expect(await client.getData('/x')).toMatchObject({ ok: false, error: { code: 'connectionLoss' } });
    healed = true;
    expect((await done(client.getData('/x'))).data).toEqual(text('/x'));
  });

  it('refuses to queue without end', async () => {
    const client = open({ servers: '127.0.0.1:1', requestTimeoutMs: 400 });
    const asked = Array.from({ length: 20_001 }, () => client.sync('/'));
    expect(await asked.at(-1)).toMatchObject({ ok: false, error: { code: 'tooManyRequests' } });
    await asked[0];
    await sleep(200);
    expect(await client.sync('/')).toMatchObject({ ok: false, error: { code: 'connectionLoss' } });
  });
});

function connected(client: ZkClient): Promise<void> {
  return new Promise((resolve) => {
    client.onState((state) => {
      if (state.kind === 'connected') resolve();
    });
  });
}
