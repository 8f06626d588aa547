/** The client against a real Apache ZooKeeper: every operation, watches, pipelining. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPart, createZkClient, type Outcome, type ZkClient } from './client.ts';
import { type ApacheEnsemble, findApache, startApacheEnsemble } from './testing/apache.ts';
import { done, text } from './testing/outcomes.ts';
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
});

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
