/** Reads of members that no longer lead, or were asleep, over virtual time (etcd #20418). */
import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '../../base/utf8.ts';
import { create, setData } from '../../zk/testing/log.ts';
import type { TestClient } from '../testing/test-client.ts';
import { VirtualEnsemble } from '../testing/virtual-ensemble.ts';

const read = { kind: 'getData', path: '/x', watch: false } as const;

/** The values that a client was told, in order. */
function valuesOf(client: TestClient): readonly string[] {
  return client.heard.flatMap(({ answer }) => (answer?.kind === 'data' ? [decodeUtf8(answer.data)] : []));
}

/** A client of the leader, and one of a follower; both know `/x`, which is `old`. */
function prepare(linearizableReads: 'on' | 'off') {
  const ensemble = new VirtualEnsemble(3, { linearizableReads });
  const { leader, follower } = ensemble;
  const atLeader = ensemble.openSession(leader, { timeoutMs: 40_000 });
  const elsewhere = ensemble.openSession(follower, { timeoutMs: 40_000 });
  atLeader.ask(create('/x', { data: 'old' }));
  ensemble.run(200);
  return { ensemble, leader, atLeader, elsewhere };
}

describe('a read of a leader that was cut off', () => {
  it('is answered at once with what is there, as in ZooKeeper', () => {
    const { ensemble, leader, atLeader, elsewhere } = prepare('off');
    ensemble.isolate(leader);
    ensemble.run(1_500);
    elsewhere.ask(setData('/x', 'new'));
    ensemble.run(500);
    atLeader.ask(read);
    ensemble.run(100);
    expect(valuesOf(atLeader)).toEqual(['old']);
  });

  it('waits for the truth where reads are linearizable', () => {
    const { ensemble, leader, atLeader, elsewhere } = prepare('on');
    const mend = ensemble.isolate(leader);
    ensemble.run(1_500);
    elsewhere.ask(setData('/x', 'new'));
    ensemble.run(500);
    atLeader.ask(read);
    ensemble.run(300);
    expect(valuesOf(atLeader)).toEqual([]);
    mend();
    ensemble.run(500);
    expect({ values: valuesOf(atLeader), closed: atLeader.closed }).toEqual({
      values: ['new'],
      closed: false,
    });
  });
});

describe('a read that is asked of a leader who slept while another was elected', () => {
  it.each([
    ['a read, where reads are linearizable', 'on', [read]],
    ['a read behind a sync', 'off', [{ kind: 'sync', path: '/' }, read]],
  ] as const)(
    'sees what was written meanwhile, whatever was under way before: %s',
    (_what, reads, requests) => {
      for (const asleepAfterMs of [0, 1, 2, 3, 5]) {
        const { ensemble, leader, atLeader, elsewhere } = prepare(reads);
        atLeader.ask(...requests);
        ensemble.run(asleepAfterMs);
        ensemble.member(leader).pause();
        ensemble.until(
          'another leads',
          () => ensemble.ensemble.leader !== null && ensemble.leader !== leader,
        );
        elsewhere.ask(setData('/x', 'new'));
        ensemble.until('it is written', () => elsewhere.outcomes.length === 1);
        atLeader.ask(...requests);
        ensemble.member(leader).resume();
        ensemble.until('both are answered', () => valuesOf(atLeader).length === 2);
        expect(valuesOf(atLeader)[1]).toBe('new');
      }
    },
  );

  it('is answered once its member has caught up, with its clients still there', () => {
    const { ensemble, leader, atLeader } = prepare('on');
    const member = ensemble.member(leader);
    member.pause();
    atLeader.ask(read);
    ensemble.run(2_000);
    member.resume();
    ensemble.run(1_000);
    expect({ values: valuesOf(atLeader), closed: atLeader.closed }).toEqual({
      values: ['old'],
      closed: false,
    });
  });
});
