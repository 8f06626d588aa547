/** Members whose stores differ though their logs do not, over virtual time. */
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../api/settings.ts';
import { type MemberId, nextIndex } from '../base/ids.ts';
import { create, setData } from '../zk/testing/log.ts';
import { VirtualEnsemble } from './testing/virtual-ensemble.ts';

/** The member's store passes over the next command that it applies, as a defect or a bit flip in memory might. */
function skipNextCommand(ensemble: VirtualEnsemble, id: MemberId): void {
  const { store } = ensemble.replica(id);
  const apply = store.apply.bind(store);
  let skipped = false;
  store.apply = (entry) => {
    if (skipped || entry.kind !== 'command') return apply(entry);
    skipped = true;
    return apply({ ...entry, kind: 'noop' });
  };
}

describe('a member whose store differs', () => {
  it.each(['follower', 'leader'] as const)('is named and fences itself: a %s', (role) => {
    const ensemble = new VirtualEnsemble(3);
    const odd = ensemble[role];
    const clients = ensemble.members.map(({ id }) => ensemble.openSession(id, { timeoutMs: 40_000 }));
    const other = clients[ensemble.members.findIndex(({ id }) => id !== odd)];
    skipNextCommand(ensemble, odd);
    other?.ask(create('/missed'));
    ensemble.run(3_000);
    const report = ensemble.replica(odd).report();
    expect(report.fenced).toContain("differs from the majority's at entry");
    expect(report).toMatchObject({ serving: false, connections: 0, role: 'follower', leader: null });
    expect(ensemble.leader).not.toBe(odd);
    const named = ensemble.told('diverged').filter((line) => line.includes(`member=${odd}`));
    expect(named.length).toBeGreaterThan(0);
    expect(ensemble.told('diverged')).toEqual(named);
    other?.ask(setData('/missed', 'x'));
    ensemble.run(1_000);
    expect(other?.outcomes).toEqual(['created', 'stat']);
  });

  it('stays fenced when it is started again, and votes for nobody', () => {
    const ensemble = new VirtualEnsemble(3);
    const { leader, follower: odd } = ensemble;
    const client = ensemble.openSession(leader);
    skipNextCommand(ensemble, odd);
    client.ask(create('/missed'));
    ensemble.until('it is fenced', () => ensemble.replica(odd).fenced !== null);
    ensemble.member(odd).end('withoutPower');
    ensemble.member(odd).start();
    ensemble.run(1_000);
    expect(ensemble.replica(odd).report()).toMatchObject({ serving: false, role: 'follower' });
    const { term } = ensemble.replica(leader).status;
    ensemble.member(leader).end('killed');
    ensemble.run(5_000);
    expect(ensemble.ensemble.leader).toBeNull();
    ensemble.member(leader).start();
    ensemble.run(2_000);
    expect(ensemble.replica(ensemble.leader).status.term).toBeGreaterThan(term);
  });

  it('is found under load, at a point that all pass', () => {
    const ensemble = new VirtualEnsemble(3);
    const { leader, follower: odd } = ensemble;
    const client = ensemble.openSession(leader);
    client.ask(create('/n'));
    ensemble.run(200);
    skipNextCommand(ensemble, odd);
    for (let round = 0; round < 12; round += 1) {
      client.ask(...Array.from({ length: 100 }, () => setData('/n', `${round}`)));
      ensemble.run(100);
    }
    ensemble.until('it is fenced', () => ensemble.replica(odd).fenced !== null);
    expect(ensemble.replica(odd).fenced).toContain('at entry 1000');
  });
});

describe('a leader whose store differs', () => {
  it('infects nobody: once it is fenced, who fetches its snapshot turns to the next leader', () => {
    const snapshots = { ...defaultSettings.snapshots, everyEntries: 100, logEntriesKept: 50 };
    const ensemble = new VirtualEnsemble(5, { snapshots });
    const { leader: odd, follower: behind } = ensemble;
    const client = ensemble.openSession(odd, { timeoutMs: 40_000 });
    const data = 'x'.repeat(60_000);
    client.ask(...Array.from({ length: 100 }, (_, at) => create(`/filled-${at}`, { data })));
    ensemble.run(500);
    const mend = ensemble.isolate(behind);
    skipNextCommand(ensemble, odd);
    for (let round = 0; round < 4; round += 1) {
      client.ask(...Array.from({ length: 100 }, (_, at) => setData(`/filled-${at}`, `${round}`)));
      ensemble.run(200);
    }
    expect(ensemble.replica(odd).status.first).toBeGreaterThan(
      nextIndex(ensemble.replica(behind).status.last),
    );
    ensemble.network.slow([[odd, behind]], 100);
    mend();
    ensemble.until('it fetches', () => ensemble.snapshotBytesSent > 0);
    expect(ensemble.replica(odd).fenced).toBeNull();
    ensemble.until('the leader is fenced', () => ensemble.replica(odd).fenced !== null);
    expect(ensemble.told('snapshotInstalled')).toEqual([]);
    ensemble.until('it has a snapshot', () => ensemble.told('snapshotInstalled').length > 0);
    ensemble.run(3_000);
    expect(ensemble.replica(behind).fenced).toBeNull();
    expect(ensemble.replica(behind).store.digest()).toBe(ensemble.replica(ensemble.leader).store.digest());
  });

  it('does not turn the majority against who is right by the snapshot that it gives away', () => {
    const snapshots = { ...defaultSettings.snapshots, everyEntries: 100, logEntriesKept: 50 };
    const ensemble = new VirtualEnsemble(3, { snapshots });
    const { leader: odd, follower: behind } = ensemble;
    const right = ensemble.members.find(({ id }) => id !== odd && id !== behind);
    const client = ensemble.openSession(odd, { timeoutMs: 40_000 });
    const mend = ensemble.isolate(behind);
    skipNextCommand(ensemble, odd);
    for (let round = 0; round < 4; round += 1) {
      client.ask(...Array.from({ length: 100 }, (_, at) => create(`/${round}-${at}`)));
      ensemble.run(200);
    }
    mend();
    ensemble.until('it has a snapshot', () => ensemble.told('snapshotInstalled').length > 0);
    client.ask(create('/after'));
    ensemble.run(5_000);
    expect(right?.replica?.fenced).toBeNull();
    expect(ensemble.told('diverged')).toEqual([]);
  });
});

describe('members whose stores are equal', () => {
  it('compare them now and then, and find nothing', () => {
    const ensemble = new VirtualEnsemble(3);
    const client = ensemble.openSession(ensemble.leader);
    client.ask(create('/a'));
    ensemble.run(3_000);
    const checkpoints = ensemble.members.map(({ id }) => ensemble.replica(id).report().checkpoint);
    expect(checkpoints[0]).not.toBeNull();
    expect(checkpoints).toEqual(checkpoints.map(() => checkpoints[0]));
    expect(ensemble.told('diverged')).toEqual([]);
  });
});
