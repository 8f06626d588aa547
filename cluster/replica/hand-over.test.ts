/** Leadership that moves on purpose, over virtual time. */
import { describe, expect, it } from 'vitest';
import { create } from '../zk/testing/log.ts';
import { VirtualEnsemble } from './testing/virtual-ensemble.ts';

describe('a leader', () => {
  it('hands over to whom it is told to, and clients notice a pause at most', () => {
    const ensemble = new VirtualEnsemble(3);
    const { leader, follower } = ensemble;
    const clients = ensemble.members.map(({ id }) => ensemble.openSession(id));
    const { term } = ensemble.replica(leader).status;
    expect(ensemble.replica(leader).request({ kind: 'transfer', to: follower })).toEqual({
      ok: true,
      value: null,
    });
    for (const [at, client] of clients.entries()) client.ask(create(`/during-${at}`));
    ensemble.run(300);
    expect(ensemble.leader).toBe(follower);
    expect(ensemble.replica(follower).status.term).toBe(term + 1);
    expect(clients.map(({ outcomes, closed }) => ({ outcomes, closed }))).toEqual(
      clients.map(() => ({ outcomes: ['created'], closed: false })),
    );
    expect(ensemble.told('leadershipTransferred')).toHaveLength(1);
  });

  it('gives it up when the other is not there', () => {
    const ensemble = new VirtualEnsemble(3);
    const { leader, follower } = ensemble;
    const mend = ensemble.isolate(follower);
    ensemble.run(100);
    const asked = ensemble.replica(leader).request({ kind: 'transfer', to: follower });
    ensemble.run(2_000);
    mend();
    expect(ensemble.leader).toBe(leader);
    if (asked.ok) expect(ensemble.told('transferGivenUp')).toHaveLength(1);
    else expect(asked.error).toBe('lagging');
  });

  it('hands over before it stops, so that clients of the others lose no time', async () => {
    const ensemble = new VirtualEnsemble(3);
    const { leader, follower } = ensemble;
    const client = ensemble.openSession(follower);
    const { term } = ensemble.replica(leader).status;
    const stopped = ensemble.replica(leader).stop();
    client.ask(create('/during'));
    for (let turn = 0; turn < 60; turn += 1) {
      ensemble.run(10);
      await Promise.resolve();
    }
    await stopped;
    ensemble.member(leader).end('killed');
    ensemble.run(100);
    expect({ outcomes: client.outcomes, closed: client.closed }).toEqual({
      outcomes: ['created'],
      closed: false,
    });
    expect(ensemble.replica(ensemble.leader).status.term).toBe(term + 1);
  });
});

describe('in manual election mode', () => {
  it('nobody leads until somebody is told to campaign', () => {
    const ensemble = new VirtualEnsemble(3, { elections: 'manual' });
    ensemble.run(10_000);
    expect(ensemble.ensemble.leader).toBeNull();
    const [, second] = ensemble.members;
    expect(second?.replica?.request({ kind: 'campaign' })).toEqual({ ok: true, value: null });
    ensemble.run(500);
    expect(ensemble.leader).toBe(second?.id);
  });
});
