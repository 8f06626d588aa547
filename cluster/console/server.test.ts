import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeCodes, messageBytesMax, socketPath } from '../api/messages.ts';
import { connectConsole } from './console-client.ts';
import { type ConsoleServer, createConsoleServer } from './server.ts';
import { RawClient } from './testing/raw-client.ts';
import { StandInSupervisor, StandInZnodes } from './testing/stand-in.ts';

const token = 'the-token-of-this-test';
let folder: string;
let server: ConsoleServer;
let supervisor: StandInSupervisor;
let znodes: StandInZnodes;
let defects: unknown[];
const clients: RawClient[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-console-'));
  mkdirSync(join(folder, 'site/assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'site/index.html'), '<title>console</title>');
  writeFileSync(join(folder, 'site/assets/main-abc.js'), 'export {}');
  symlinkSync(join(folder, 'secret.txt'), join(folder, 'site/link.txt'));
  supervisor = new StandInSupervisor();
  znodes = new StandInZnodes();
  defects = [];
  server = await createConsoleServer({
    supervisor,
    znodes,
    token,
    port: 0,
    assetsFolder: join(folder, 'site'),
    dataFolder: '/data',
    onDefect: (defect) => defects.push(defect),
  });
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.terminate();
  await server.close();
  rmSync(folder, { recursive: true });
});

function open(options: ConstructorParameters<typeof RawClient>[1] = {}): RawClient {
  const client = new RawClient(new URL(socketPath, server.url).href, options);
  clients.push(client);
  return client;
}

async function authenticated(): Promise<RawClient> {
  const client = open();
  await client.opened();
  client.send({ kind: 'authenticate', token, protocol: 1 });
  await client.next('welcome');
  return client;
}

interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

function fetchPage(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Page> {
  return new Promise((settle, reject) => {
    const asked = request({ host: '127.0.0.1', port: server.port, path, headers, method }, (response) => {
      let body = '';
      response.on('data', (part) => {
        body += part;
      });
      response.on('end', () => settle({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

describe('the pages', () => {
  it('serves index.html uncached, with a strict policy', async () => {
    const page = await fetchPage('/');
    expect(page).toMatchObject({ status: 200, body: '<title>console</title>' });
    expect(page.headers['cache-control']).toBe('no-store');
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';");
    expect((await fetchPage('/assets/main-abc.js')).headers['cache-control']).toContain('immutable');
  });

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '//etc/passwd',
    '/link.txt',
    '/%',
    '/assets',
  ])('has nothing at %s', async (path) => {
    expect((await fetchPage(path)).status).toBe(404);
  });

  it('refuses another name for this machine, and other methods', async () => {
    expect((await fetchPage('/', { Host: `evil.example:${server.port}` })).status).toBe(403);
    expect((await fetchPage('/', { Host: `localhost:${server.port}` })).status).toBe(200);
    expect((await fetchPage('/', {}, 'POST')).status).toBe(405);
  });
});

describe('who may connect', () => {
  it('refuses a page of another origin, and another host name', async () => {
    await expect(open({ origin: 'https://evil.example' }).opened()).rejects.toThrow('403');
    await expect(open({ origin: 'null' }).opened()).rejects.toThrow('403');
    await expect(open({ headers: { Host: `evil.example:${server.port}` } }).opened()).rejects.toThrow('403');
    await open({ origin: `http://localhost:${server.port}` }).opened();
  });

  it('closes on a wrong token, and on anything before the token', async () => {
    const wrong = open();
    await wrong.opened();
    wrong.send({ kind: 'authenticate', token: `${token}x`, protocol: 1 });
    expect(await wrong.closed).toBe(closeCodes.notAuthenticated);
    const eager = open();
    await eager.opened();
    eager.send({ kind: 'command', id: 1, name: 'member.kill', input: { member: 1 } });
    expect(await eager.closed).toBe(closeCodes.notAuthenticated);
    expect(supervisor.operations).toEqual([]);
  });

  it('closes a socket that says nothing for two seconds', async () => {
    const silent = open();
    await silent.opened();
    const before = Date.now();
    expect(await silent.closed).toBe(closeCodes.notAuthenticated);
    expect(Date.now() - before).toBeLessThan(4_000);
  });

  it('serves a bounded number of sockets without a token', async () => {
    const many = Array.from({ length: 17 }, () => open());
    await Promise.all(many.map((client) => client.opened()));
    expect(await Promise.race(many.map((client) => client.closed))).toBe(closeCodes.tooMany);
  });

  it('lives on after garbage instead of HTTP', async () => {
    await new Promise<void>((settle) => {
      const socket = connect(server.port, '127.0.0.1', () => socket.end(Buffer.alloc(100_000, 0xff)));
      socket.resume();
      socket.on('error', () => undefined);
      socket.on('close', () => settle());
    });
    expect((await fetchPage('/')).status).toBe(200);
  });
});

describe('messages outside the protocol', () => {
  it('are answered with an error, and end the connection when they go on', async () => {
    const client = await authenticated();
    for (const text of ['', '{', '[]', '{"kind":"nonsense"}', '{"kind":"command","id":-1}', 'null']) {
      client.socket.send(text);
      expect((await client.next('error')).error.code).toBe('invalidMessage');
    }
    client.socket.send(Buffer.from([1, 2, 3]));
    expect((await client.next('error')).error.what).toContain('Binary');
    client.send({ kind: 'authenticate', token, protocol: 1 });
    expect(await client.closed).toBe(closeCodes.invalidMessage);
  });

  it('are not read when oversized', async () => {
    const client = await authenticated();
    client.socket.send('x'.repeat(messageBytesMax + 1));
    expect(await client.closed).toBe(1009);
  });
});

describe('commands', () => {
  it('reach the supervisor and the znodes', async () => {
    const client = await authenticated();
    znodes.put('/a', 'hello');
    client.send({ kind: 'command', id: 1, name: 'member.kill', input: { member: 1 } });
    expect(await client.next('result')).toEqual({ kind: 'result', id: 1, output: null });
    client.send({ kind: 'command', id: 2, name: 'znode.get', input: { path: '/a' } });
    expect(await client.next('result')).toMatchObject({
      output: { data: { base64: 'aGVsbG8=', length: 5 } },
    });
    expect(supervisor.operations).toEqual(['kill 1']);
  });

  it('change members, plan that and ask for actions, through the supervisor', async () => {
    const client = await authenticated();
    const answer = async (name: string, input: unknown) => {
      client.send({ kind: 'command', id: 3, name, input });
      return client.next('result');
    };
    const replace = { kind: 'replace', member: 1 } as const;
    expect(await answer('change.plan', { change: replace })).toMatchObject({
      output: { kind: 'replace', steps: [] },
    });
    expect(await answer('change.begin', { change: replace })).toMatchObject({ output: { state: 'running' } });
    expect(await answer('action.plan', { action: { kind: 'transfer', to: null } })).toMatchObject({
      output: { kind: 'transfer', refusals: [] },
    });
    expect(await answer('action.run', { action: { kind: 'campaign', member: 1 } })).toMatchObject({
      output: { kind: 'leads', member: 1 },
    });
    client.send({
      kind: 'command',
      id: 4,
      name: 'change.begin',
      input: { change: { kind: 'wipe', member: 1 } },
    });
    expect((await client.next('failure')).error.code).toBe('invalidInput');
    expect(supervisor.operations).toEqual(['replace 1', 'campaign']);
  });

  it('with a wrong name, input, member or number are refused by code', async () => {
    const client = await authenticated();
    const refused = async (name: string, input: unknown): Promise<string> => {
      client.send({ kind: 'command', id: 7, name, input });
      return (await client.next('failure')).error.code;
    };
    expect(await refused('constructor', {})).toBe('unknownCommand');
    expect(await refused('member.kill', { member: 'all' })).toBe('invalidInput');
    expect(await refused('member.kill', null)).toBe('invalidInput');
    expect(await refused('member.kill', { member: 9 })).toBe('unknownMember');
    expect(await refused('znode.get', { path: '/none' })).toBe('noNode');
    client.send({ kind: 'command', id: 1, name: 'znode.delete', input: { path: '/hangs', version: -1 } });
    client.send({ kind: 'command', id: 1, name: 'ensemble.read', input: {} });
    expect((await client.next('failure')).error.code).toBe('invalidMessage');
    expect(supervisor.operations).toEqual([]);
  });

  it('are bounded in number', async () => {
    const client = await authenticated();
    for (let id = 0; id < 65; id += 1) {
      client.send({ kind: 'command', id, name: 'znode.delete', input: { path: '/hangs', version: -1 } });
    }
    expect(await client.next('failure')).toMatchObject({ id: 64, error: { code: 'tooMany' } });
  });

  it('that run into a defect say so, and the server lives on', async () => {
    const client = await authenticated();
    client.send({ kind: 'command', id: 1, name: 'heal', input: {} });
    expect((await client.next('failure')).error).toMatchObject({ code: 'internal' });
    expect(defects).toHaveLength(1);
    client.send({ kind: 'command', id: 2, name: 'ensemble.read', input: {} });
    await client.next('result');
  });

  it('work through the client that the command line uses', async () => {
    const options = { url: server.url, connectTimeoutMs: 1_000, commandTimeoutMs: 1_000 };
    expect(await connectConsole({ ...options, token: 'wrong' })).toMatchObject({
      ok: false,
      error: { kind: 'gone' },
    });
    const client = await connectConsole({ ...options, token });
    if (!client.ok) throw new Error(client.error.why);
    expect(await client.value.command('partition', { groups: [[1], [2]] })).toEqual({
      ok: true,
      value: null,
    });
    expect(await client.value.command('znode.delete', { path: '/hangs', version: -1 })).toMatchObject({
      ok: false,
      error: { code: 'deadline' },
    });
    const lost = client.value.command('znode.delete', { path: '/hangs', version: -1 });
    await server.close();
    expect(await lost).toMatchObject({ ok: false, error: { code: 'outcomeUnknown' } });
    // On a connection that has ended nobody waits for the deadline.
    expect(await client.value.command('ensemble.read', {})).toMatchObject({
      ok: false,
      error: { code: 'outcomeUnknown' },
    });
  });
});
