import { readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../build/make.js';
import { socketPath } from '../api/messages.ts';
import { RawClient } from '../console/testing/raw-client.ts';
import { isFree } from '../supervisor/ports.ts';
import { isAlive, MusterHome, type ReadyLine, type Up } from './testing/muster-process.ts';

let home: MusterHome;
beforeEach(() => {
  home = new MusterHome({ program: join(repositoryRoot, 'dist/node/muster.js') });
});
afterEach(() => home.cleanUp());

const leaderOf = (ready: ReadyLine): number => ready.members.find(({ role }) => role === 'leader')?.id ?? 0;

async function statusOf(path: 'leader' | 'level'): Promise<unknown> {
  const { ensemble } = (await home.json('status')) as {
    ensemble: { leader: number | null; health: { level: string } };
  };
  return path === 'leader' ? ensemble.leader : ensemble.health.level;
}

async function codeOf(...args: readonly string[]): Promise<number | null> {
  return (await home.run(args)).code;
}

async function openConsole({ ready }: Up): Promise<RawClient> {
  const address = new URL(ready.console);
  const client = new RawClient(new URL(socketPath, address).href, { origin: address.origin });
  await client.opened();
  client.send({ kind: 'authenticate', token: address.hash.slice('#token='.length), protocol: 1 });
  await client.next('welcome');
  return client;
}

describe('muster up', () => {
  it('says that it is ready on one line, and leaves nothing behind on SIGTERM', async () => {
    const { child, ended, ready } = await home.up();
    expect(ready.members.map(({ id, role }) => [id, role === 'leader' || role === 'follower'])).toEqual([
      [1, true],
      [2, true],
      [3, true],
    ]);
    expect(ready.connect).toBe(ready.members.map(({ clientPort }) => `127.0.0.1:${clientPort}`).join(','));
    expect(ready.members.every(({ pid }) => isAlive(pid))).toBe(true);
    child.kill('SIGTERM');
    const { code, stdout } = await ended;
    expect([code, String(stdout).split('\n').length]).toEqual([0, 2]);
    expect(ready.members.some(({ pid }) => isAlive(pid))).toBe(false);
    const ports = [...ready.members.map(({ clientPort }) => clientPort), Number(new URL(ready.console).port)];
    expect(await Promise.all(ports.map(isFree))).toEqual([true, true, true, true]);
    expect(readdirSync(join(home.folder, 'instances'))).toEqual([]);
    expect(readdirSync(join(home.folder, 'data')).sort()).toEqual(['ensemble.json', 'members']);
  });

  it('serves the console to whoever knows the token', async () => {
    const up = await home.up('--members', '1');
    const client = await openConsole(up);
    client.send({ kind: 'subscribe', id: 1, view: { kind: 'ensemble' } });
    const { content } = await client.next('snapshot');
    expect(content).toMatchObject({ ensemble: { members: [{ id: 1, process: { kind: 'up' } }] } });
    const page = await fetch(new URL('/', up.ready.console));
    expect([page.status, (await page.text()).includes('<script')]).toEqual([200, true]);
    client.socket.close();
  });

  it('says that one is running when it is started again', async () => {
    const { ready } = await home.up('--members', '1');
    const second = await home.run(['up', '--no-open', '--json']);
    expect(second.code).toBe(5);
    expect(JSON.parse(String(second.stdout))).toMatchObject({
      ok: false,
      error: { code: 'alreadyRunning', facts: { console: ready.console, connect: ready.connect } },
    });
    expect(second.stderr).toContain(ready.console);
  });

  it('takes free ports instead of those in use', async () => {
    const blocker = createServer();
    const port = await new Promise<number>((settle) => {
      blocker.listen({ host: '127.0.0.1', port: 0 }, () => {
        const address = blocker.address();
        settle(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    const { ready } = await home.up('--members', '1', '--client-port', String(port));
    expect(ready.members[0]?.clientPort).not.toBe(port);
    expect(await codeOf('ls', '/')).toBe(0);
    const taken = await home.run([
      'up',
      '--no-open',
      '--data',
      join(home.folder, 'b'),
      '--console-port',
      String(port),
    ]);
    expect([taken.code, taken.stderr.includes(`Port ${port} is in use.`)]).toEqual([1, true]);
    blocker.close();
  });

  it('takes two signals of one Ctrl-C under npm as one', async () => {
    const { child, ended } = await home.up();
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
  });

  it('ends at once on a later signal, and takes its members with it', async () => {
    const { child, ended, ready } = await home.up();
    // Frozen behind the supervisor's back, a member would hold up an orderly end.
    process.kill(ready.members[0]?.pid ?? 0, 'SIGSTOP');
    child.kill('SIGTERM');
    await new Promise((settle) => setTimeout(settle, 700));
    child.kill('SIGTERM');
    expect((await ended).code).toBe(130);
    const someAlive = (): boolean => ready.members.some(({ pid }) => isAlive(pid));
    await expect.poll(someAlive, { timeout: 10_000 }).toBe(false);
    expect(readdirSync(join(home.folder, 'instances'))).toEqual([]);
  });

  it('that was killed leaves no members, and its data serves the next one', async () => {
    const first = await home.up();
    await home.json('create', '/kept', 'yes');
    first.child.kill('SIGKILL');
    await first.ended;
    await expect
      .poll(() => first.ready.members.some(({ pid }) => isAlive(pid)), { timeout: 10_000 })
      .toBe(false);
    expect(await codeOf('status')).toBe(3);
    expect(readdirSync(join(home.folder, 'instances'))).toEqual([]);
    await home.up();
    expect(String((await home.run(['get', '/kept'])).stdout)).toBe('yes');
  });
});

describe('commands on znodes', () => {
  it('create, read, change and delete, by version', async () => {
    await home.up('--members', '1');
    expect(await home.json('create', '/a', 'one')).toMatchObject({ ok: true, path: '/a' });
    expect(await home.json('create', '-s', '/a/job-')).toMatchObject({ path: '/a/job-0000000000' });
    expect(await home.json('create', '-e', '/mine')).toMatchObject({ mode: 'ephemeral' });
    expect(await home.json('set', '/a', 'two', '-v', '0')).toMatchObject({
      stat: { version: 1, dataLength: 3 },
    });
    expect(await codeOf('set', '/a', 'three', '-v', '0')).toBe(1);
    expect(await home.json('ls', '/a')).toMatchObject({ total: 1, children: ['job-0000000000'] });
    expect(await codeOf('rm', '/a')).toBe(1);
    expect(await codeOf('rm', '/a/job-0000000000')).toBe(0);
    expect(await codeOf('rm', '-v', '1', '/a')).toBe(0);
    expect(await codeOf('stat', '/a')).toBe(1);
    expect(await home.json('log', '1', '--count', '3')).toMatchObject({
      member: 1,
      commit: expect.any(Number),
    });
  });

  it('carry any bytes without loss', async () => {
    await home.up('--members', '1');
    const bytes = Uint8Array.from({ length: 1_000 }, (_, at) => (at * 7) % 256);
    writeFileSync(join(home.folder, 'value'), bytes);
    expect(await codeOf('create', '/bytes', '--file', join(home.folder, 'value'))).toBe(0);
    expect(Buffer.compare((await home.run(['get', '/bytes'])).stdout, bytes)).toBe(0);
    const reversed = bytes.toReversed();
    expect((await home.run(['set', '/bytes', '--file', '-'], reversed)).code).toBe(0);
    const { data } = (await home.json('get', '/bytes')) as { data: { base64: string; length: number } };
    expect([data.length, Buffer.compare(Buffer.from(data.base64, 'base64'), reversed)]).toEqual([1_000, 0]);
  });
});

describe('breaking and mending', () => {
  it('survives the kill of its leader, and shows it', async () => {
    const up = await home.up();
    const leader = leaderOf(up.ready);
    await home.json('create', '/a', 'before');
    expect(await codeOf('kill', String(leader))).toBe(0);
    expect(await codeOf('set', '/a', 'after')).toBe(0);
    expect(await statusOf('level')).toBe('degraded');
    expect(await codeOf('kill', String(leader))).toBe(1);
    expect(await codeOf('start', String(leader))).toBe(0);
    await expect.poll(() => statusOf('level'), { timeout: 10_000 }).toBe('healthy');
    expect(String((await home.run(['get', '/a'])).stdout)).toBe('after');
  });

  it('outlasts an election when its leader freezes, whoever served the console', async () => {
    const { ready } = await home.up();
    await home.json('create', '/a', '0');
    for (const { id } of ready.members) {
      await home.json('pause', String(id));
      await expect.poll(() => codeOf('set', '/a', String(id)), { timeout: 20_000 }).toBe(0);
      expect(String((await home.run(['get', '/a'])).stdout)).toBe(String(id));
      await home.json('resume', String(id));
      await expect.poll(() => statusOf('level'), { timeout: 10_000 }).toBe('healthy');
    }
  });

  it('elects another leader when the old one is cut off, and heals', async () => {
    const { ready } = await home.up();
    const leader = leaderOf(ready);
    const others = ready.members.map(({ id }) => id).filter((id) => id !== leader);
    expect(await codeOf('partition', `${leader}/${others.join(',')}`)).toBe(0);
    await expect
      .poll(() => statusOf('leader'), { timeout: 10_000 })
      .toSatisfy((id) => others.includes(Number(id)));
    await expect.poll(() => codeOf('create', '/cut', 'x'), { timeout: 20_000 }).toBeOneOf([0, 1]);
    expect(await codeOf('heal')).toBe(0);
    await expect.poll(() => statusOf('level'), { timeout: 10_000 }).toBe('healthy');
    expect(String((await home.run(['get', '/cut'])).stdout)).toBe('x');
  });

  it('answers without a majority, with its own exit code, and goes on when it is back', async () => {
    const { ready } = await home.up();
    await home.json('create', '/a', 'x');
    const leader = leaderOf(ready);
    const other = ready.members.find(({ id }) => id !== leader)?.id ?? 0;
    await home.json('pause', String(leader));
    await home.json('kill', String(other));
    const before = performance.now();
    expect(await codeOf('set', '/a', 'y')).toBe(4);
    expect(performance.now() - before).toBeLessThan(12_000);
    expect(await statusOf('level')).toBe('noQuorum');
    await home.json('resume', String(leader));
    await home.json('start', String(other));
    await expect.poll(() => statusOf('level'), { timeout: 10_000 }).toBe('healthy');
    await expect.poll(() => codeOf('set', '/a', 'z'), { timeout: 20_000 }).toBe(0);
  });

  it('keeps live views of znodes through the death of every member in turn', async () => {
    const up = await home.up();
    const client = await openConsole(up);
    await home.json('create', '/live', '0');
    client.send({ kind: 'subscribe', id: 1, view: { kind: 'znode', path: '/live' } });
    client.send({ kind: 'subscribe', id: 2, view: { kind: 'children', path: '/live' } });
    const seen = (): unknown[] =>
      client.messages.flatMap((message) => {
        const isContent = message.kind === 'snapshot' || message.kind === 'delta';
        if (!isContent || message.content.view !== 'znode') return [];
        const { znode } = message.content;
        return znode.kind === 'present' ? [Buffer.from(znode.value.data.base64, 'base64').toString()] : [];
      });
    await expect.poll(seen).toEqual(['0']);
    for (const { id } of up.ready.members) {
      await home.json('kill', String(id));
      await expect.poll(() => codeOf('set', '/live', String(id)), { timeout: 20_000 }).toBe(0);
      await expect.poll(() => seen().at(-1), { timeout: 10_000 }).toBe(String(id));
      await home.json('start', String(id));
      await expect.poll(() => statusOf('level'), { timeout: 10_000 }).toBe('healthy');
    }
    await home.json('create', '/live/child');
    await expect
      .poll(() => client.messages.at(-1))
      .toMatchObject({ content: { view: 'children', children: { total: 1 } } });
    client.socket.close();
  });
});

describe('finding the instance', () => {
  it('asks which one, when several run', async () => {
    await home.up('--members', '1');
    await home.up('--members', '1', '--data', join(home.folder, 'second'));
    const ambiguous = await home.run(['status']);
    expect([ambiguous.code, ambiguous.stderr.includes('--data')]).toEqual([2, true]);
    expect(await codeOf('status', '--data', join(home.folder, 'second'))).toBe(0);
    expect(await codeOf('status', '--data', join(home.folder, 'third'))).toBe(3);
  });

  it('says how to start one, when none runs', async () => {
    const none = await home.run(['ls', '/', '--json']);
    expect([none.code, JSON.parse(String(none.stdout))]).toMatchObject([
      3,
      { ok: false, error: { code: 'noInstance' } },
    ]);
    expect(none.stderr).toContain('muster up');
  });

  it.each([
    [['kill', 'two']],
    [['kill']],
    [['partition', '1,2/2']],
    [['set', '/a']],
    [['set', '/a', 'b', '-v', 'x']],
    [['up', '--members', '2']],
    [['up', '--client-port', '70000']],
    [['nonsense']],
    [[]],
  ])('refuses the command line %j', async (args) => {
    expect(await codeOf(...args)).toBe(2);
  });

  it.each(['up', 'status', 'kill', 'partition', 'create', 'get', 'log', 'transfer', 'recover'])(
    'explains %s with an example',
    async (name) => {
      const { code, stdout } = await home.run([name, '--help']);
      expect([code, String(stdout).includes(`$ muster ${name}`)]).toEqual([0, true]);
    },
  );
});
