/** Sessions against a real Apache ZooKeeper: kept alive, taken up again after a restart, expired. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createZkClient, type ZkClient, type ZkClientOptions } from './client.ts';
import { type ApacheEnsemble, findApache, startApacheEnsemble } from './testing/apache.ts';
import { done, statesOf, text } from './testing/outcomes.ts';
import { startProxy } from './testing/proxy.ts';
import type { WatchNotice } from './watches.ts';

const apache = findApache();
const title = apache.ok ? 'against Apache ZooKeeper' : `against Apache ZooKeeper: skipped, ${apache.error}`;

describe.skipIf(!apache.ok)(title, () => {
  let ensemble: ApacheEnsemble;
  let client: ZkClient;
  const opened: ZkClient[] = [];

  beforeAll(async () => {
    ensemble = await startApacheEnsemble({ members: 1 });
    client = open();
  });

  afterAll(async () => {
    await Promise.all(opened.map((each) => each.close()));
    await ensemble.close();
  });

  function open(options: Partial<ZkClientOptions> = {}): ZkClient {
    const another = createZkClient({ servers: ensemble.connect, sessionTimeoutMs: 5_000, ...options });
    opened.push(another);
    return another;
  }

  it('keeps an idle session alive with pings', async () => {
    const idle = open({ sessionTimeoutMs: 1_000 });
    await done(idle.create({ path: '/idle', mode: 'ephemeral' }));
    expect(idle.sessionTimeoutMs).toBe(1_000);
    const states = statesOf(idle);
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
      const states = statesOf(other);
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
  });

  describe('when the session expires behind a cut connection', () => {
    it('says so, to its user and its watchers; a client that renews goes on', async () => {
      const proxy = await startProxy(ensemble.servers[0]?.clientPort ?? 0);
      // Long enough for a busy machine to keep the sessions alive until the cut.
      const through = { servers: `127.0.0.1:${proxy.port}`, sessionTimeoutMs: 4_000 };
      const other = open(through);
      const renewing = open({ ...through, onExpiry: 'renew' });
      const notice = new Promise<WatchNotice>((resolve) => {
        void other.exists('/never', resolve);
      });
      await Promise.all([done(other.create({ path: '/gone', mode: 'ephemeral' })), done(renewing.sync('/'))]);
      let tellGone: (notice: WatchNotice) => void = () => undefined;
      const gone = new Promise<WatchNotice>((resolve) => {
        tellGone = resolve;
      });
      expect(await done(client.exists('/gone', tellGone))).not.toBeNull();
      const states = statesOf(other);
      const renewed = statesOf(renewing);
      proxy.cut();
      expect(await gone).toEqual({ kind: 'nodeDeleted', path: '/gone' });
      await sleep(500);
      const asked = other.sync('/');
      proxy.mend();
      const reason = 'the server says that the session has expired';
      expect(await asked).toMatchObject({ ok: false, error: { code: 'sessionExpired', outcome: 'notDone' } });
      expect(await notice).toEqual({ kind: 'watchLost', path: '/never', reason });
      expect(states).toEqual(['disconnected', 'expired']);
      expect(await other.sync('/')).toMatchObject({ ok: false, error: { code: 'sessionExpired' } });
      expect(await done(renewing.sync('/'))).toBeNull();
      expect(renewed).toEqual(['disconnected', 'expired', 'disconnected', 'connected']);
      await Promise.all([other.close(), renewing.close()]);
      await proxy.close();
    });
  });
});
