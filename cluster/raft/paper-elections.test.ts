/**
 * Terms and elections: sections 5.1 and 5.2 of "In Search of an Understandable Consensus
 * Algorithm" (Ongaro and Ousterhout, extended version of 2014), sentence by sentence. Pre-vote and
 * check-quorum are off: the paper's section 5 knows neither.
 */
import { describe, expect, it } from 'vitest';
import { term } from '../base/ids.ts';
import type { RaftMessage } from './messages.ts';
import { appendOf, type Core, createCore, heartbeatOf, termsOf, voteQuestionOf } from './testing/core.ts';
import { seededRandom } from './testing/random.ts';
import { seatOf } from './testing/seats.ts';
import { testTiming } from './testing/timing.ts';

const { electionTicksMin, electionTicksMax, heartbeatTicks } = testTiming;

function roleOf({ raft }: Core): string {
  return `${raft.role.kind} in term ${raft.term}`;
}

function grantOf(value: number): RaftMessage {
  return { kind: 'requestVoteReply', term: term(value), verdict: 'granted' };
}

describe('§5.1 basics', () => {
  it('a member that sees a newer term adopts it', () => {
    const core = createCore({ term: 1 });
    const effects = core.receive(2, heartbeatOf({ term: 3 }));
    expect(core.raft.term).toBe(3);
    expect(effects.persist).toEqual({ hardState: { term: 3, votedFor: null }, entries: [] });
  });

  it('a candidate that sees a newer term follows at once', () => {
    const core = createCore();
    core.tick(electionTicksMin);
    expect(roleOf(core)).toBe('candidate in term 1');
    core.receive(2, { kind: 'staleTerm', term: term(2) });
    expect(roleOf(core)).toBe('follower in term 2');
  });

  it('a leader that sees a newer term follows at once', () => {
    const core = createCore();
    core.lead();
    core.receive(2, { kind: 'staleTerm', term: term(2) });
    expect(roleOf(core)).toBe('follower in term 2');
  });

  it('requests of an older term are refused, with the current term', () => {
    const core = createCore({ term: 3, log: [1] });
    expect(core.receive(2, appendOf({ term: 2, previous: [1, 1], terms: [2] })).send).toEqual([
      { to: 2, message: { kind: 'staleTerm', term: 3 } },
    ]);
    expect(core.receive(2, heartbeatOf({ term: 2 })).send).toEqual([
      { to: 2, message: { kind: 'staleTerm', term: 3 } },
    ]);
    expect(core.receive(2, voteQuestionOf({ term: 2, last: [9, 2] })).sendAfterPersist).toEqual([
      { to: 2, message: { kind: 'requestVoteReply', term: 3, verdict: 'refused' } },
    ]);
    expect(termsOf(core.raft)).toEqual([1]);
  });

  it('terms only grow, and survive a restart with the vote of the term', () => {
    const core = createCore({ term: 7, votedFor: 3 });
    expect(core.raft.term).toBe(7);
    expect(core.receive(2, voteQuestionOf({ term: 7, last: [0, 0] })).sendAfterPersist).toEqual([
      { to: 2, message: { kind: 'requestVoteReply', term: 7, verdict: 'refused' } },
    ]);
  });
});

describe('§5.2 leader election', () => {
  it('members start as followers', () => {
    expect(roleOf(createCore())).toBe('follower in term 0');
  });

  it('a follower stays one while a leader is heard', () => {
    const core = createCore({ term: 1 });
    for (let beats = 0; beats < 20; beats += 1) {
      core.receive(2, heartbeatOf({ term: 1 }));
      core.tick(electionTicksMin - 1);
    }
    expect(roleOf(core)).toBe('follower in term 1');
  });

  it('a leader sends heartbeats to everybody, periodically', () => {
    const core = createCore();
    core.lead();
    core.tick(heartbeatTicks - 1);
    const beats = core.tick(1).send.filter(({ message }) => message.kind === 'heartbeat');
    expect(beats.map(({ to }) => to)).toEqual([2, 3]);
  });

  it('a follower that hears nothing for an election timeout begins an election', () => {
    const core = createCore({ term: 4 });
    core.tick(electionTicksMin - 1);
    expect(roleOf(core)).toBe('follower in term 4');
    core.tick(1);
    expect(roleOf(core)).toBe('candidate in term 5');
  });

  it('a candidate votes for itself and asks all others, once its vote is durable', () => {
    const core = createCore({ log: [1, 2] });
    const effects = core.tick(electionTicksMin);
    const message = { kind: 'requestVote', term: 3, lastIndex: 2, lastTerm: 2, reason: 'noLeader' };
    expect(effects).toEqual({
      persist: { hardState: { term: 3, votedFor: seatOf(1) }, entries: [] },
      send: [],
      sendAfterPersist: [2, 3].map((to) => ({ to, message })),
      apply: [],
      reads: [],
      refused: null,
      fetchSnapshot: null,
    });
  });

  it.each([
    [3, 1],
    [4, 2],
    [5, 2],
    [7, 3],
  ])('of %i voters, a candidate wins with %i votes beside its own, and no fewer', (voters, needed) => {
    const core = createCore({ voters });
    core.tick(electionTicksMin);
    for (let voter = 2; voter < 2 + needed; voter += 1) {
      expect(core.raft.role.kind).toBe('candidate');
      core.receive(voter, grantOf(1));
      core.receive(voter, grantOf(1)); // A doubled vote counts once.
      if (voter < 1 + needed) expect(core.raft.role.kind).toBe('candidate');
    }
    expect(core.raft.role.kind).toBe('leader');
  });

  it('a vote of another term does not count', () => {
    const core = createCore();
    core.tick(electionTicksMin);
    core.tick(electionTicksMin);
    expect(roleOf(core)).toBe('candidate in term 2');
    core.receive(2, grantOf(1));
    expect(roleOf(core)).toBe('candidate in term 2');
  });

  it('a member votes for one candidate per term, first come first served', () => {
    const core = createCore();
    expect(core.receive(2, voteQuestionOf({ term: 1, last: [0, 0] }))).toMatchObject({
      persist: { hardState: { term: 1, votedFor: seatOf(2) } },
      send: [],
      sendAfterPersist: [{ to: 2, message: { kind: 'requestVoteReply', verdict: 'granted' } }],
    });
    expect(core.receive(3, voteQuestionOf({ term: 1, last: [0, 0] })).sendAfterPersist).toMatchObject([
      { to: 3, message: { verdict: 'refused' } },
    ]);
    expect(core.receive(2, voteQuestionOf({ term: 1, last: [0, 0] })).sendAfterPersist).toMatchObject([
      { to: 2, message: { verdict: 'granted' } },
    ]);
  });

  it('a new term brings a new vote', () => {
    const core = createCore({ term: 1, votedFor: 2 });
    core.receive(3, voteQuestionOf({ term: 2, last: [0, 0] }));
    expect(core.raft.votedFor).toEqual(seatOf(3));
  });

  it('a granted vote resets the election timeout', () => {
    const core = createCore();
    core.tick(electionTicksMin - 1);
    core.receive(2, voteQuestionOf({ term: 1, last: [0, 0] }));
    core.tick(electionTicksMin - 1);
    expect(core.raft.role.kind).toBe('follower');
  });

  it('a refused vote does not', () => {
    const core = createCore({ log: [1] });
    core.tick(electionTicksMin - 1);
    core.receive(2, voteQuestionOf({ term: 2, last: [0, 0] }));
    core.tick(1);
    expect(roleOf(core)).toBe('candidate in term 3');
  });

  it('a new leader announces itself to everybody at once', () => {
    const core = createCore();
    const { send } = core.lead();
    expect(send.map(({ to, message }) => `${to} ${message.kind}`)).toEqual([
      '2 appendEntries',
      '3 appendEntries',
    ]);
  });

  it('a candidate follows a leader of its own term', () => {
    const core = createCore();
    core.tick(electionTicksMin);
    core.receive(2, appendOf({ term: 1, previous: [0, 0], terms: [1] }));
    expect(roleOf(core)).toBe('follower in term 1');
  });

  it('a candidate refuses a leader of an older term and stays one', () => {
    const core = createCore({ term: 1 });
    core.tick(electionTicksMin);
    core.receive(2, appendOf({ term: 1, previous: [0, 0], terms: [1] }));
    expect(roleOf(core)).toBe('candidate in term 2');
  });

  it('a candidate that neither wins nor loses begins a new election', () => {
    const core = createCore({ voters: 5 });
    core.tick(electionTicksMin);
    core.receive(2, grantOf(1));
    core.tick(electionTicksMin);
    expect(roleOf(core)).toBe('candidate in term 2');
  });

  it('election timeouts are random, cover their range, and are drawn anew for each election', () => {
    const core = createCore({ random: seededRandom(7) });
    const drawn = new Set<number>();
    for (let elections = 0; elections < 1_000; elections += 1) {
      drawn.add(core.raft.electionDueTick - core.raft.nowTick);
      core.tick(core.raft.electionDueTick - core.raft.nowTick);
    }
    expect(Math.min(...drawn)).toBe(electionTicksMin);
    expect(Math.max(...drawn)).toBe(electionTicksMax);
    expect(drawn.size).toBe(electionTicksMax - electionTicksMin + 1);
  });
});
