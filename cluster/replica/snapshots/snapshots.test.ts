/** Members that fell behind what the log still has, over virtual time. */
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../api/settings.ts';
import { type MemberId, nextIndex, zxid } from '../../base/ids.ts';
import { noDiskFaults } from '../../fault/disk-faults.ts';
import { create, setData } from '../../zk/testing/log.ts';
import type { TestClient } from '../testing/test-client.ts';
import { VirtualEnsemble } from '../testing/virtual-ensemble.ts';

const settings = {
  snapshots: { ...defaultSettings.snapshots, everyEntries: 100, logEntriesKept: 50 },
};
const filled = 100;

/** Three members with a hundred znodes of so many bytes each, and a client of the leader. */
function filledEnsemble(bytesEach = 8_000): {
  readonly ensemble: VirtualEnsemble;
  readonly client: TestClient;
} {
  const ensemble = new VirtualEnsemble(3, settings);
  const client = ensemble.openSession(ensemble.leader, { timeoutMs: 40_000 });
  const data = 'x'.repeat(bytesEach);
  client.ask(...Array.from({ length: filled }, (_, at) => create(`/filled-${at}`, { data })));
  ensemble.run(500);
  return { ensemble, client };
}

/** Writes so much that the log no longer reaches back to where it began. */
function writeOn(ensemble: VirtualEnsemble, client: TestClient): void {
  for (let round = 0; round < 4; round += 1) {
    client.ask(...Array.from({ length: 100 }, () => setData('/', `${round}`)));
    ensemble.run(300);
  }
}

/** Cuts a follower off for a little less than the grace of its clients, while others write. */
function leaveBehind({ ensemble, client }: ReturnType<typeof filledEnsemble>): {
  readonly behind: MemberId;
  readonly mend: () => void;
} {
  const behind = ensemble.follower;
  const mend = ensemble.isolate(behind);
  writeOn(ensemble, client);
  const { last } = ensemble.replica(behind).status;
  ensemble.until(
    'the log is shorter',
    () => ensemble.replica(ensemble.leader).status.first > nextIndex(last),
  );
  return { behind, mend };
}

const fetching = (ensemble: VirtualEnsemble): boolean =>
  ensemble.snapshotBytesSent > 0 && ensemble.told('snapshotInstalled').length === 0;

describe('a member that lags behind the log', () => {
  it('is brought up to date by a snapshot while others write', () => {
    const world = filledEnsemble();
    const { ensemble, client } = world;
    const { behind, mend } = leaveBehind(world);
    mend();
    client.ask(...Array.from({ length: 300 }, () => setData('/filled-1', 'meanwhile')));
    ensemble.until(
      'it is up to date',
      () => ensemble.agreed && ensemble.told('snapshotInstalled').length > 0,
    );
    expect(client.outcomes.filter((outcome) => outcome === 'error')).toEqual([]);
    const installed = ensemble.told('snapshotInstalled');
    expect(installed).toHaveLength(1);
    expect(installed[0]).toContain(` ${behind}: info `);
    ensemble.member(behind).end('withoutPower');
    writeOn(ensemble, client);
    ensemble.member(behind).start();
    ensemble.until('it is up to date again', () => ensemble.agreed);
  });

  it('asks again for what is lost on the way', () => {
    const world = filledEnsemble();
    const { ensemble } = world;
    const { mend } = leaveBehind(world);
    const calm = ensemble.network.flaky({ loss: 0.3, duplication: 0.3 });
    mend();
    ensemble.until('it has the snapshot', () => ensemble.told('snapshotInstalled').length > 0);
    calm();
    ensemble.until('it is up to date', () => ensemble.agreed);
  });

  it('goes on with another leader when the one it fetches from dies', () => {
    const world = filledEnsemble();
    const { ensemble } = world;
    const { mend } = leaveBehind(world);
    const dying = ensemble.leader;
    mend();
    ensemble.until('it fetches', () => fetching(ensemble));
    ensemble.member(dying).end('withoutPower');
    ensemble.until('it has a snapshot', () => ensemble.told('snapshotInstalled').length > 0);
    ensemble.member(dying).start();
    ensemble.until('all are up to date', () => ensemble.agreed);
  });

  it('goes on where it stopped when it is started again', () => {
    const world = filledEnsemble(60_000);
    const { ensemble } = world;
    const { behind, mend } = leaveBehind(world);
    mend();
    const { sizeBytes = 0 } = ensemble.replica(ensemble.leader).snapshots[0] ?? {};
    ensemble.until('most of it is here', () => ensemble.snapshotBytesSent > sizeBytes * 0.85);
    ensemble.member(behind).end('killed');
    ensemble.member(behind).start();
    ensemble.until('it is up to date', () => ensemble.agreed);
    expect(ensemble.snapshotBytesSent).toBeGreaterThan(sizeBytes);
    expect(ensemble.snapshotBytesSent).toBeLessThan(sizeBytes * 1.4);
  });

  it('sends its clients away: they come back, and find what they missed', () => {
    const world = filledEnsemble();
    const { ensemble } = world;
    const behind = ensemble.follower;
    const reader = ensemble.openSession(behind, { timeoutMs: 40_000 });
    reader.ask({ kind: 'getData', path: '/', watch: true });
    ensemble.run(100);
    const { mend } = leaveBehind(world);
    expect(reader.closed).toBe(false);
    reader.ask(create('/asked-before'));
    mend();
    ensemble.until('it has the snapshot', () => ensemble.told('snapshotInstalled').length > 0);
    expect(reader.closed).toBe(true);
    ensemble.until(
      'it is up to date',
      () => ensemble.agreed && ensemble.replica(behind).forwardsPending === 0,
    );
    const again = ensemble.openSession(behind, { session: reader.session });
    const relativeZxid = reader.heard.at(-1)?.zxid ?? zxid(0);
    again.ask({ kind: 'setWatches', relativeZxid, data: ['/'], exist: [], child: [] });
    ensemble.run(100);
    expect(again.outcomes).toContain('event');
  });
});

describe('a leader that cannot give the snapshot that it offers', () => {
  /** The newest snapshot on a member's disk, and the disk below its faults. */
  function newestOn(ensemble: VirtualEnsemble, id: MemberId) {
    const [newest] = ensemble.replica(id).snapshots;
    const { disk } = ensemble.member(id).directory;
    const path = [...disk.files().keys()].findLast((name) => name.endsWith('.snap')) ?? '';
    return { disk: disk.look(), path, index: newest?.index, bytes: disk.files().get(path)?.slice() };
  }

  it('takes another when there is room for it again, though nobody writes', () => {
    const world = filledEnsemble();
    const { ensemble } = world;
    const { behind, mend } = leaveBehind(world);
    const { leader } = ensemble;
    const { disk, path, bytes = new Uint8Array(0) } = newestOn(ensemble, leader);
    bytes[bytes.length - 30] = (bytes[bytes.length - 30] ?? 0) ^ 1;
    disk.replace(path, bytes);
    ensemble.member(leader).setDiskFaults({ ...noDiskFaults, freeBytes: 1_000 });
    mend();
    ensemble.until('no other could be written', () => ensemble.told('snapshotFailed').length > 1);
    expect(ensemble.told('snapshotSetAside')).toHaveLength(1);
    expect(ensemble.told('snapshotFailed').length).toBeLessThan(4);
    ensemble.member(leader).setDiskFaults(noDiskFaults);
    ensemble.until('it has caught up', () => ensemble.agreed);
    expect(ensemble.told('snapshotInstalled')).toHaveLength(1);
    expect(ensemble.told('snapshotInstalled')[0]).toContain(` ${behind}: info `);
    expect(ensemble.leader).toBe(leader);
  });

  it('takes it again when it is gone, of the same entry if need be', () => {
    const world = filledEnsemble();
    const { ensemble } = world;
    const { mend } = leaveBehind(world);
    const { leader } = ensemble;
    ensemble.replica(leader).request({ kind: 'snapshot' });
    ensemble.run(1_000);
    const { disk, path, index } = newestOn(ensemble, leader);
    expect(index).toBe(ensemble.replica(leader).status.applied);
    disk.remove(path);
    mend();
    ensemble.until('it has caught up', () => ensemble.agreed);
    expect(ensemble.told('snapshotInstalled')[0]).toContain(`index=${index} `);
  });
});

describe('snapshots', () => {
  it('bound the log and are what members start from, with the log behind them', () => {
    const { ensemble, client } = filledEnsemble();
    writeOn(ensemble, client);
    for (const { id } of ensemble.members) {
      const { snapshots, status } = ensemble.replica(id);
      expect(snapshots.length).toBeGreaterThan(1);
      expect(status.first).toBeGreaterThan(100);
      // The snapshot before the newest is of use as well.
      expect(status.first).toBeLessThanOrEqual((snapshots[1]?.index ?? 0) + 1);
    }
    const digest = ensemble.replica(ensemble.leader).store.digest();
    for (const member of ensemble.members) member.end('withoutPower');
    for (const member of ensemble.members) member.start();
    ensemble.until('they lead again', () => ensemble.ensemble.leader !== null && ensemble.agreed);
    ensemble.run(1_000);
    expect(ensemble.replica(ensemble.leader).store.znodeCount).toBeGreaterThan(filled);
    expect(digest).toHaveLength(16);
    const back = ensemble.openSession(ensemble.leader, { session: client.session });
    back.ask({ kind: 'getData', path: '/filled-7', watch: false });
    ensemble.run(100);
    expect(back.outcomes).toEqual(['data']);
  });

  it('are taken when asked for, one at a time, and not of nothing new', () => {
    const ensemble = new VirtualEnsemble(1);
    const { leader } = ensemble;
    const replica = ensemble.replica(leader);
    expect(replica.request({ kind: 'snapshot' })).toEqual({ ok: true, value: null });
    expect(replica.request({ kind: 'snapshot' })).toEqual({ ok: false, error: 'snapshotUnderWay' });
    ensemble.run(100);
    expect(replica.report().snapshots.map(({ index }) => index)).toEqual([replica.status.applied]);
    expect(replica.request({ kind: 'snapshot' })).toEqual({ ok: false, error: 'nothingApplied' });
  });
});
