/**
 * Logs, safety and crashes: sections 5.3 to 5.6 of "In Search of an Understandable Consensus
 * Algorithm" (Ongaro and Ousterhout, extended version of 2014), sentence by sentence. Pre-vote and
 * check-quorum are off: the paper's section 5 knows neither.
 */
import { describe, expect, it } from 'vitest';
import { logIndex, term } from '../base/ids.ts';
import { createState } from './state.ts';
import {
  acceptedOf,
  appendOf,
  type Core,
  createCore,
  entriesOf,
  heartbeatOf,
  termsOf,
  voteQuestionOf,
} from './testing/core.ts';
import { TestDisk } from './testing/disk.ts';
import { testTiming } from './testing/timing.ts';

const { electionTicksMin, electionTicksMax, heartbeatTicks } = testTiming;

function roleOf({ raft }: Core): string {
  return `${raft.role.kind} in term ${raft.term}`;
}

describe('§5.3 log replication', () => {
  it('only a leader takes commands', () => {
    const core = createCore();
    expect(core.propose('x').refused).toBe('notLeader');
    expect(core.raft.log.last).toBe(0);
  });

  it('the leader appends a command and sends it to all in parallel, without waiting for its own disk', () => {
    const core = createCore();
    core.lead();
    core.receive(2, acceptedOf({ term: 1, match: 1 }));
    core.receive(3, acceptedOf({ term: 1, match: 1 }));
    const effects = core.propose('x', 'y');
    expect(effects.persist?.entries.map(({ index }) => index)).toEqual([2, 3]);
    expect(effects.send.map(({ to, message }) => `${to} ${message.kind}`)).toEqual([
      '2 appendEntries',
      '3 appendEntries',
    ]);
    expect(effects.send[0]?.message).toMatchObject({
      previousIndex: 1,
      previousTerm: 1,
      entries: { length: 2 },
    });
  });

  it('an entry is committed and applied once a majority holds it', () => {
    const core = createCore({ voters: 5 });
    core.lead();
    core.persistAll();
    core.receive(2, acceptedOf({ term: 1, match: 1 }));
    expect(core.raft.commit).toBe(0);
    const { apply } = core.receive(3, acceptedOf({ term: 1, match: 1 }));
    expect(apply.map(({ index }) => index)).toEqual([1]);
    expect(core.raft.commit).toBe(1);
  });

  it('the leader counts itself only for what its disk holds', () => {
    const core = createCore();
    core.lead();
    core.persistAll();
    core.receive(2, acceptedOf({ term: 1, match: 1 }));
    core.propose('x');
    core.receive(2, acceptedOf({ term: 1, match: 1 }));
    expect(core.raft.commit).toBe(1);
    core.receive(2, acceptedOf({ term: 1, match: 2 }));
    expect(core.raft.commit).toBe(1);
    expect(core.persistAll().apply.map(({ index }) => index)).toEqual([2]);
  });

  it('a member without the majority of acknowledgements retries for ever and commits nothing', () => {
    const core = createCore();
    core.lead();
    core.persistAll();
    core.propose('x');
    for (let beats = 0; beats < 5; beats += 1) {
      core.tick(heartbeatTicks);
      const answer = {
        kind: 'heartbeatReply',
        term: term(1),
        round: 0,
        sent: logIndex(0),
        received: logIndex(0),
      } as const;
      expect(core.receive(2, answer).send).toMatchObject([{ to: 2, message: { kind: 'appendEntries' } }]);
    }
    expect(core.raft.commit).toBe(0);
  });

  it('committing an entry commits all before it, those of earlier leaders too', () => {
    const core = createCore({ log: [1, 1, 2] });
    core.lead();
    core.persistAll();
    const { apply } = core.receive(2, acceptedOf({ term: 3, match: 4 }));
    expect(apply.map(({ term: made }) => made)).toEqual([1, 1, 2, 3]);
  });

  it('followers learn the commit index and apply in log order', () => {
    const core = createCore();
    core.receive(2, appendOf({ term: 1, previous: [0, 0], terms: [1, 1, 1] }));
    core.persistAll();
    const { apply } = core.receive(2, heartbeatOf({ term: 1, match: 3, commit: 2 }));
    expect(apply.map(({ index }) => index)).toEqual([1, 2]);
  });

  it('a follower commits no further than what it knows to equal the leader', () => {
    const core = createCore({ term: 2, log: [1, 1, 1] });
    core.receive(2, appendOf({ term: 2, previous: [1, 1], terms: [], commit: 3 }));
    expect(core.raft.commit).toBe(1);
  });

  it.each([
    ['misses the entry before', [1], [2, 1]],
    ['holds another term before', [1, 1], [2, 2]],
  ] as const)('a follower that %s refuses new entries', (_, log, previous) => {
    const core = createCore({ term: 3, log });
    const effects = core.receive(2, appendOf({ term: 3, previous, terms: [3] }));
    expect(effects).toMatchObject({
      persist: null,
      sendAfterPersist: [],
      send: [{ to: 2, message: { kind: 'appendRejected', previousIndex: previous[0] } }],
    });
    expect(termsOf(core.raft)).toEqual(log);
  });

  it('a follower acknowledges after its disk, up to the last entry it was sent', () => {
    const core = createCore({ log: [1] });
    const effects = core.receive(2, appendOf({ term: 1, previous: [1, 1], terms: [1, 1] }));
    expect(effects.persist?.entries.map(({ index }) => index)).toEqual([2, 3]);
    expect(effects.send).toEqual([]);
    expect(effects.sendAfterPersist).toEqual([
      { to: 2, message: { kind: 'appendAccepted', term: 1, match: 3 } },
    ]);
  });

  it('entries that conflict are removed, with all that follow', () => {
    const core = createCore({ log: [1, 1, 2, 2, 2] });
    const effects = core.receive(2, appendOf({ term: 3, previous: [2, 1], terms: [3] }));
    expect(termsOf(core.raft)).toEqual([1, 1, 3]);
    expect(effects.persist?.entries.map(({ index }) => index)).toEqual([3]);
  });

  it('a late or doubled append shortens nothing', () => {
    const core = createCore();
    core.receive(2, appendOf({ term: 1, previous: [0, 0], terms: [1, 1, 1] }));
    const effects = core.receive(2, appendOf({ term: 1, previous: [0, 0], terms: [1] }));
    expect(termsOf(core.raft)).toEqual([1, 1, 1]);
    expect(effects.persist).toBeNull();
  });

  it('a new leader supposes that followers hold what it holds', () => {
    const core = createCore({ log: [1, 1] });
    expect(core.lead().send[0]?.message).toMatchObject({ previousIndex: 2, previousTerm: 1 });
  });

  it('a refusal makes the leader go back and try again until the logs meet', () => {
    const core = createCore({ log: [1, 4, 4, 5] });
    core.lead();
    const refusal = { kind: 'appendRejected', term: term(6), previousIndex: logIndex(4) } as const;
    const { send } = core.receive(2, { ...refusal, hintIndex: logIndex(3), hintTerm: term(2) });
    expect(send).toMatchObject([
      { to: 2, message: { previousIndex: 1, previousTerm: 1, entries: { length: 4 } } },
    ]);
  });

  it('a leader never overwrites or deletes its own entries', () => {
    const core = createCore({ log: [1, 1] });
    core.lead();
    const before = core.raft.log.slice(logIndex(1), logIndex(3));
    core.receive(2, {
      kind: 'appendRejected',
      term: term(2),
      previousIndex: logIndex(2),
      hintIndex: logIndex(0),
      hintTerm: term(0),
    });
    core.receive(3, acceptedOf({ term: 2, match: 3 }));
    expect(core.raft.log.slice(logIndex(1), logIndex(3))).toEqual(before);
  });
});

describe('§5.4 safety', () => {
  it.each([
    ['an older last term, though longer', [3, 1], 'refused'],
    ['the same last term and fewer entries', [1, 2], 'refused'],
    ['the same last entry', [2, 2], 'granted'],
    ['the same last term and more entries', [3, 2], 'granted'],
    ['a newer last term, though shorter', [1, 3], 'granted'],
  ] as const)('§5.4.1: a candidate whose log has %s is %3$s', (_, last, verdict) => {
    const core = createCore({ log: [1, 2] });
    expect(core.receive(2, voteQuestionOf({ term: 5, last })).sendAfterPersist).toMatchObject([
      { message: { verdict } },
    ]);
  });

  it('§5.4.2: an entry of an earlier term is not committed by counting', () => {
    const core = createCore({ log: [1, 2] });
    core.lead();
    core.persistAll();
    core.receive(2, acceptedOf({ term: 3, match: 2 }));
    core.receive(3, acceptedOf({ term: 3, match: 2 }));
    expect(core.raft.commit).toBe(0);
    core.receive(2, acceptedOf({ term: 3, match: 3 }));
    expect(core.raft.commit).toBe(3);
  });

  it('§5.4.2: a leader keeps the terms of earlier entries when it replicates them', () => {
    const core = createCore({ log: [1, 2] });
    core.lead();
    const refusal = { kind: 'appendRejected', term: term(3), previousIndex: logIndex(2) } as const;
    const { send } = core.receive(2, { ...refusal, hintIndex: logIndex(0), hintTerm: term(0) });
    const message = send[0]?.message;
    expect(message?.kind === 'appendEntries' && message.entries.map((entry) => entry.term)).toEqual([
      1, 2, 3,
    ]);
  });
});

describe('§5.5 follower and candidate crashes', () => {
  it('a request that is repeated is answered again and changes nothing', () => {
    const core = createCore({ term: 1 });
    const append = appendOf({ term: 1, previous: [0, 0], terms: [1] });
    const first = core.receive(2, append);
    const second = core.receive(2, append);
    expect(second.sendAfterPersist).toEqual(first.sendAfterPersist);
    expect(second.persist).toBeNull();
  });

  it('a member that restarts has its term, vote and log', () => {
    const core = createCore({ term: 4, votedFor: 2, log: [1, 3] });
    expect(core.raft).toMatchObject({ term: 4, votedFor: { id: 2 }, role: { kind: 'follower' } });
    expect(core.raft.log.slice(logIndex(1), logIndex(2))).toEqual(entriesOf([1, 3]));
  });
});

describe('§5.6 timing', () => {
  it('heartbeats must come more often than elections', () => {
    const timing = { ...testTiming, heartbeatTicks: electionTicksMin };
    const { config } = createCore().raft;
    expect(() =>
      createState({ ...config, timing }, { ...new TestDisk().restored(), hardState: null }),
    ).toThrow('must wait for heartbeats');
  });

  it('as long as heartbeats arrive within the timeout, a leader stays', () => {
    const core = createCore();
    core.lead();
    core.tick(electionTicksMax * 4);
    expect(roleOf(core)).toBe('leader in term 1');
  });
});
