/** Disks that fill up, fail or are slow, over virtual time. */
import { describe, expect, it } from 'vitest';
import { type DiskFaults, noDiskFaults } from '../../fault/disk-faults.ts';
import { create } from '../../zk/testing/log.ts';
import { VirtualEnsemble } from '../testing/virtual-ensemble.ts';
import { failingDiskPatienceMs } from './disk-watch.ts';

const full: DiskFaults = { ...noDiskFaults, freeBytes: 0 };
const failing: DiskFaults = { ...noDiskFaults, writes: 'failing' };

describe('a leader whose disk is full', () => {
  it('hands over, acknowledges nothing, and takes part again when there is room', () => {
    const ensemble = new VirtualEnsemble(3);
    const { leader, follower } = ensemble;
    const elsewhere = ensemble.openSession(follower);
    const here = ensemble.openSession(leader);
    ensemble.member(leader).setDiskFaults(full);
    elsewhere.ask(create('/while-full'));
    here.ask(create('/from-the-full-one'));
    ensemble.run(1_500);
    expect(ensemble.leader).not.toBe(leader);
    expect({ outcomes: elsewhere.outcomes, closed: elsewhere.closed }).toEqual({
      outcomes: ['created'],
      closed: false,
    });
    const { persisted } = ensemble.replica(leader).status;
    expect(ensemble.replica(leader).report().disk.kind).toBe('full');
    ensemble.run(4_000);
    expect(here.closed).toBe(true);
    expect(ensemble.replica(leader).status.persisted).toBe(persisted);
    ensemble.member(leader).setDiskFaults(noDiskFaults);
    ensemble.until('it has caught up', () => ensemble.agreed);
    ensemble.run(1_000);
    expect(ensemble.replica(leader).report()).toMatchObject({ disk: { kind: 'ok' }, serving: true });
    expect([ensemble.told('diskFull').length, ensemble.told('diskRecovered').length]).toEqual([1, 1]);
    ensemble.member(leader).end('withoutPower');
    ensemble.member(leader).start();
    ensemble.until('what it noted after that reads back', () => ensemble.agreed);
  });
});

describe('a member whose disk fails', () => {
  it('waits half a minute for it, and then stops with the reason', () => {
    const ensemble = new VirtualEnsemble(3);
    const { follower } = ensemble;
    const client = ensemble.openSession(ensemble.leader, { timeoutMs: 40_000 });
    ensemble.member(follower).setDiskFaults(failing);
    client.ask(create('/a'));
    ensemble.run(failingDiskPatienceMs - 1_000);
    expect(ensemble.replica(follower).report().disk.kind).toBe('failing');
    expect(client.outcomes).toEqual(['created']);
    ensemble.until('it stops', () => ensemble.lines.some((line) => line.includes('writing the log failed')));
  });

  it('goes on when the disk works again in time', () => {
    const ensemble = new VirtualEnsemble(3);
    const { follower } = ensemble;
    const client = ensemble.openSession(ensemble.leader, { timeoutMs: 40_000 });
    ensemble.member(follower).setDiskFaults(failing);
    client.ask(create('/a'));
    ensemble.run(5_000);
    ensemble.member(follower).setDiskFaults(noDiskFaults);
    ensemble.until('it has caught up', () => ensemble.agreed);
    expect(ensemble.told('diskRecovered')).toHaveLength(1);
  });
});

describe('when a majority has no room', () => {
  it('nothing is acknowledged until one has, and then nothing is lost', () => {
    const ensemble = new VirtualEnsemble(3);
    const client = ensemble.openSession(ensemble.leader, { timeoutMs: 40_000 });
    client.ask(create('/before'));
    ensemble.run(200);
    for (const member of ensemble.members) member.setDiskFaults(full);
    client.ask(create('/while-full'));
    ensemble.run(2_000);
    expect(client.outcomes).toEqual(['created']);
    for (const member of ensemble.members) member.setDiskFaults(noDiskFaults);
    ensemble.until('all agree', () => ensemble.ensemble.leader !== null && ensemble.agreed);
    ensemble.run(2_000);
    expect(ensemble.replica(ensemble.leader).store.stat('/before')).not.toBeNull();
    const after = ensemble.openSession(ensemble.leader);
    after.ask(create('/after'));
    ensemble.run(200);
    expect(after.outcomes).toEqual(['created']);
  });
});

describe('a leader whose disk is slow while the others are not', () => {
  const slow: DiskFaults = { ...noDiskFaults, syncDelayMs: 80 };

  function writeBehindSlowDisk(slowDiskMs: number | null): {
    readonly ensemble: VirtualEnsemble;
    readonly slow: number;
  } {
    const ensemble = new VirtualEnsemble(3, { slowDiskMs });
    const { leader } = ensemble;
    const client = ensemble.openSession(ensemble.follower, { timeoutMs: 40_000 });
    ensemble.member(leader).setDiskFaults(slow);
    for (let at = 0; at < 60; at += 1) {
      client.ask(create(`/n-${at}`));
      ensemble.run(100);
    }
    expect(client.outcomes.filter((outcome) => outcome !== 'created')).toEqual([]);
    return { ensemble, slow: leader };
  }

  it('hands over where that is the policy', () => {
    const { ensemble, slow: slowMember } = writeBehindSlowDisk(50);
    expect(ensemble.leader).not.toBe(slowMember);
    expect(ensemble.told('diskSlow')).toHaveLength(1);
  });

  it('goes on leading where it is not', () => {
    const { ensemble, slow: slowMember } = writeBehindSlowDisk(null);
    expect(ensemble.leader).toBe(slowMember);
  });
});
