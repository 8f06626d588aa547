/** The client against a real Apache ZooKeeper: every operation, watches, restarts, expiry, pipelining. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPart, createZkClient, type Outcome, type ZkClient } from './client.ts';
import type { ClientState } from './session.ts';
import { type ApacheEnsemble, findApache, startApacheEnsemble } from './testing/apache.ts';
import type { WatchNotice } from './watches.ts';

const apache = findApache();
const title = apache.ok ? 'against Apache ZooKeeper' : `against Apache ZooKeeper: skipped, ${apache.error}`;

describe.skipIf(!apache.ok)(title, () => {
  let ensemble: ApacheEnsemble;
  let client: ZkClient;
  const others: ZkClient[] = [];

  beforeAll(async () => {
    ensemble = await startApacheEnsemble({ members: 1 });
    client = open();
  });

  afterAll(async () => {
    await Promise.all([client, ...others].map((each) => each.close()));
    await ensemble.close();
  });

  function open(
    options: { readonly sessionTimeoutMs?: number; readonly requestTimeoutMs?: number } = {},
  ): ZkClient {
    const opened = createZkClient({ servers: ensemble.connect, sessionTimeoutMs: 5_000, ...options });
    others.push(opened);
    return opened;
  }

  it('creates in every mode', async () => {
    await done(client.create({ path: '/modes' }));
    const other = open();
    const paths = [
      await done(other.create({ path: '/modes/p', data: text('x'), mode: 'persistent' })),
      await done(other.create({ path: '/modes/e', mode: 'ephemeral' })),
      await done(other.create({ path: '/modes/s-', mode: 'persistentSequential' })),
      await done(other.create({ path: '/modes/es-', mode: 'ephemeralSequential' })),
    ];
    expect(paths).toEqual(['/modes/p', '/modes/e', '/modes/s-0000000002', '/modes/es-0000000003']);
    await other.close();
    expect([...(await done(client.getChildren('/modes')))].sort()).toEqual(['p', 's-0000000002']);
  });

  it('creates with a Stat, reads and writes data by version', async () => {
    const created = await done(client.createWithStat({ path: '/data', data: text('one') }));
    expect(created).toMatchObject({ path: '/data', stat: { version: 0, dataLength: 3 } });
    const written = await done(client.setData({ path: '/data', data: text('second'), version: 0 }));
    const read = await done(client.getData('/data'));
    expect(read).toEqual({ data: text('second'), stat: written });
    expect(await done(client.exists('/data'))).toEqual(written);
    expect(await client.setData({ path: '/data', data: text('x'), version: 0 })).toMatchObject({
      ok: false,
      error: { code: 'badVersion', outcome: 'notDone', path: '/data', what: 'setData /data: badVersion' },
    });
    expect(await done(client.delete({ path: '/data', version: 1 }))).toBeNull();
    expect(await done(client.exists('/data'))).toBeNull();
  });

  it('keeps empty and large values as they are', async () => {
    const large = new Uint8Array(1_000_000).map((_, index) => index % 251);
    await done(client.create({ path: '/large', data: large }));
    expect(same((await done(client.getData('/large'))).data, large)).toBe(true);
    await done(client.setData({ path: '/large', data: new Uint8Array(0) }));
    expect((await done(client.getData('/large'))).data).toEqual(new Uint8Array(0));
    const tooLarge = new Uint8Array(1_100_000);
    expect(await client.setData({ path: '/large', data: tooLarge })).toMatchObject({
      ok: false,
      error: { code: 'requestTooLarge' },
    });
    expect(client.state.kind).toBe('connected');
  });

  it('names what the server refuses', async () => {
    await done(client.create({ path: '/parent' }));
    await done(client.create({ path: '/parent/child' }));
    await done(client.create({ path: '/ephemeral', mode: 'ephemeral' }));
    const codes = await Promise.all(
      [
        client.create({ path: '/parent' }),
        client.create({ path: '/no/parent' }),
        client.create({ path: '/ephemeral/child' }),
        client.create({ path: 'no-slash' }),
        client.create({ path: '/acl', acl: [] }),
        client.delete({ path: '/parent' }),
        client.delete({ path: '/none' }),
        client.getData('/none'),
        client.getChildren('/none'),
        client.getAcl('/none'),
      ].map(async (asked: Outcome<unknown>) => {
        const outcome = await asked;
        return outcome.ok ? 'ok' : outcome.error.code;
      }),
    );
    expect(codes).toEqual([
      'nodeExists',
      'noNode',
      'noChildrenForEphemerals',
      'badArguments',
      'invalidAcl',
      'notEmpty',
      'noNode',
      'noNode',
      'noNode',
      'noNode',
    ]);
  });

  it('reads children with the Stat of their parent', async () => {
    await done(client.create({ path: '/children' }));
    await done(client.create({ path: '/children/ä ö' }));
    const { names, stat } = await done(client.getChildrenWithStat('/children'));
    expect({ names, count: stat.numChildren }).toEqual({ names: ['ä ö'], count: 1 });
  });

  it('guards a znode by ACL, and opens it to who proves the identity', async () => {
    const owner = open();
    await done(owner.addAuth({ scheme: 'digest', credential: text('ann:secret') }));
    await done(owner.create({ path: '/guarded', acl: [{ permissions: 31, scheme: 'auth', id: '' }] }));
    expect(await client.getData('/guarded')).toMatchObject({ ok: false, error: { code: 'noAuth' } });
    const { acl, stat } = await done(owner.getAcl('/guarded'));
    expect(acl).toEqual([{ permissions: 31, scheme: 'digest', id: expect.stringMatching(/^ann:/) }]);
    expect(stat.aversion).toBe(0);
    const world = [{ permissions: 1, scheme: 'world', id: 'anyone' }];
    expect(await done(owner.setAcl({ path: '/guarded', acl: world, version: 0 }))).toMatchObject({
      aversion: 1,
    });
    expect((await client.getData('/guarded')).ok).toBe(true);
  });

  it('says that a credential is refused', async () => {
    const other = open();
    await done(other.sync('/'));
    expect(await other.addAuth({ scheme: 'nonsense', credential: text('x') })).toMatchObject({
      ok: false,
      error: { code: 'authFailed', outcome: 'notDone' },
    });
    expect(await other.sync('/')).toMatchObject({ ok: true });
  });

  it('does all parts of a multi or none', async () => {
    const parts = await done(
      client.multi([
        createPart({ path: '/multi', data: text('a') }),
        createPart({ path: '/multi/s-', mode: 'persistentSequential' }),
        { kind: 'setData', path: '/multi', data: text('b'), version: 0 },
        { kind: 'check', path: '/multi', version: 1 },
        { kind: 'delete', path: '/multi/s-0000000000', version: -1 },
      ]),
    );
    expect(parts.map(({ kind }) => kind)).toEqual(['created', 'created', 'stat', 'checked', 'deleted']);
    const failed = await client.multi([
      { kind: 'setData', path: '/multi', data: text('c'), version: -1 },
      { kind: 'check', path: '/multi', version: 99 },
      { kind: 'delete', path: '/multi', version: -1 },
    ]);
    expect(failed).toMatchObject({ ok: false, error: { code: 'badVersion', part: 1, path: '/multi' } });
    expect((await done(client.getData('/multi'))).data).toEqual(text('b'));
    expect(await done(client.multi([]))).toEqual([]);
  });

  it('tells watchers once, of creation, change, children and deletion', async () => {
    const notices: WatchNotice[] = [];
    const watcher = (notice: WatchNotice): void => {
      notices.push(notice);
    };
    const other = open();
    expect(await done(client.exists('/watched', watcher))).toBeNull();
    await done(other.create({ path: '/watched' }));
    await done(client.sync('/'));
    await done(client.getData('/watched', watcher));
    await done(client.exists('/watched', watcher));
    await done(other.setData({ path: '/watched', data: text('x') }));
    await done(other.setData({ path: '/watched', data: text('y') }));
    await done(client.sync('/'));
    await done(client.getChildren('/watched', watcher));
    await done(other.create({ path: '/watched/child' }));
    await done(other.delete({ path: '/watched/child' }));
    await done(client.sync('/'));
    await done(client.getData('/watched', watcher));
    await done(client.getChildren('/watched', watcher));
    await done(other.delete({ path: '/watched' }));
    await done(client.sync('/'));
    expect(notices.map((notice) => notice.kind)).toEqual([
      'nodeCreated',
      'nodeDataChanged',
      'nodeChildrenChanged',
      'nodeDeleted',
    ]);
  });

  it('pipelines many requests and answers each with its own', async () => {
    await done(client.create({ path: '/many' }));
    const count = 5_000;
    const started = performance.now();
    const asked = Array.from({ length: count }, (_, index) =>
      done(client.create({ path: `/many/${index}`, data: text(String(index)) })),
    );
    expect(await Promise.all(asked)).toEqual(Array.from({ length: count }, (_, index) => `/many/${index}`));
    const createdMs = performance.now() - started;
    const read = await Promise.all(
      Array.from({ length: count }, (_, index) => done(client.getData(`/many/${index}`))),
    );
    expect(read.every(({ data }, index) => same(data, text(String(index))))).toBe(true);
    const readMs = performance.now() - started - createdMs;
    expect(Math.max(createdMs, readMs)).toBeLessThan(20_000);
  });

  it('keeps an idle session alive with pings', async () => {
    const idle = open({ sessionTimeoutMs: 1_000 });
    await done(idle.create({ path: '/idle', mode: 'ephemeral' }));
    expect(idle.sessionTimeoutMs).toBe(1_000);
    const states = watchStates(idle);
    await sleep(3_000);
    expect(states).toEqual([]);
    expect(await done(client.exists('/idle'))).not.toBeNull();
  });

  describe('when the server restarts', () => {
    it('comes back to its session, identities and watches, and tells lost writes from unsent ones', async () => {
      const [server] = ensemble.servers;
      const other = open({ requestTimeoutMs: 20_000 });
      await done(other.addAuth({ scheme: 'digest', credential: text('bob:secret') }));
      await done(other.create({ path: '/mine', mode: 'ephemeral' }));
      await done(other.create({ path: '/bob', acl: [{ permissions: 31, scheme: 'auth', id: '' }] }));
      const notice = new Promise<WatchNotice>((resolve) => {
        void other.getData('/bob', resolve);
      });
      await done(other.sync('/'));
      const states = watchStates(other);
      process.kill(server?.pid ?? 0, 'SIGSTOP');
      const inFlight = other.setData({ path: '/bob', data: text('in flight') });
      const readInFlight = other.getData('/bob');
      await sleep(100);
      await server?.kill();
      expect(await inFlight).toMatchObject({
        ok: false,
        error: { code: 'connectionLoss', outcome: 'unknown' },
      });
      expect(await readInFlight).toMatchObject({
        ok: false,
        error: { code: 'connectionLoss', outcome: 'notDone' },
      });
      const later = other.setData({ path: '/bob', data: text('later') });
      await server?.start();
      expect(await later).toMatchObject({ ok: true });
      expect(await notice).toEqual({ kind: 'nodeDataChanged', path: '/bob' });
      expect(await done(other.exists('/mine'))).not.toBeNull();
      expect(states).toEqual(['disconnected', 'connected']);
    });

    it('says that the session expired while it was away', async () => {
      const [server] = ensemble.servers;
      const other = open({ sessionTimeoutMs: 1_000 });
      const renewing = createZkClient({
        servers: ensemble.connect,
        sessionTimeoutMs: 1_000,
        onExpiry: 'renew',
      });
      others.push(renewing);
      await Promise.all([done(other.sync('/')), done(renewing.sync('/'))]);
      const notice = new Promise<WatchNotice>((resolve) => {
        void other.exists('/never', resolve);
      });
      await done(other.sync('/'));
      const states = watchStates(other);
      const renewed = watchStates(renewing);
      const forgotten = new Promise<void>((resolve) => {
        other.onState((state) => state.kind === 'expired' && resolve());
      });
      // Stopped for longer than the session may be silent; the server counts that time on restart.
      process.kill(server?.pid ?? 0, 'SIGSTOP');
      await sleep(1_200);
      process.kill(server?.pid ?? 0, 'SIGCONT');
      await Promise.race([forgotten, sleep(5_000)]);
      expect(states.at(-1)).toBe('expired');
      expect(await notice).toEqual({
        kind: 'watchLost',
        path: '/never',
        reason: 'the server says that the session has expired',
      });
      expect(await other.sync('/')).toMatchObject({
        ok: false,
        error: { code: 'sessionExpired', outcome: 'notDone' },
      });
      expect(await done(renewing.sync('/'))).toBeNull();
      expect(renewed.slice(-3)).toEqual(['expired', 'disconnected', 'connected']);
    });
  });

  it('gives up in time when no server is there', async () => {
    const lonely = createZkClient({ servers: '127.0.0.1:1', requestTimeoutMs: 300 });
    const started = performance.now();
    const outcome = await lonely.setData({ path: '/x', data: text('x') });
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(outcome).toMatchObject({
      ok: false,
      error: {
        code: 'connectionLoss',
        outcome: 'notDone',
        what: 'setData /x: connectionLoss, not connected: 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1',
      },
    });
    await lonely.close();
    expect(await lonely.sync('/')).toMatchObject({ ok: false, error: { code: 'clientClosed' } });
  });
});

/** The value of an outcome that must be a success. */
async function done<Value>(outcome: Outcome<Value>): Promise<Value> {
  const settled = await outcome;
  if (!settled.ok) throw new Error(settled.error.what);
  return settled.value;
}

function watchStates(client: ZkClient): ClientState['kind'][] {
  const states: ClientState['kind'][] = [];
  client.onState((state) => states.push(state.kind));
  return states;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function text(value: string): Uint8Array {
  return Uint8Array.from(Buffer.from(value));
}
