/** Pre-vote, leases and fast campaigns; the plain elections of §5.2 are in paper.test.ts. */
import { describe, expect, it } from 'vitest';
import { memberId, term } from '../base/ids.ts';
import type { RaftMessage } from './messages.ts';
import { type Core, createCore, heartbeatOf, voteQuestionOf } from './testing/core.ts';
import { seatOf } from './testing/seats.ts';
import { testTiming } from './testing/timing.ts';

const { electionTicksMin, electionTicksMax, fastCampaignTicksMax } = testTiming;

/** The largest draw each time. */
const slowest = (limit: number) => limit - 1;

function grantOf(kind: 'preVoteReply' | 'requestVoteReply', value: number): RaftMessage {
  return { kind, term: term(value), verdict: 'granted' };
}

function peerGone(core: Core, peer: number) {
  return core.step({ kind: 'peerGone', peer: memberId(peer) });
}

function roleOf({ raft }: Core): string {
  return `${raft.role.kind} in term ${raft.term}`;
}

describe('a pre-vote', () => {
  it('asks without beginning a term, and without a disk write', () => {
    const core = createCore({ term: 3, preVote: 'on' });
    const effects = core.tick(electionTicksMin);
    expect(roleOf(core)).toBe('preCandidate in term 3');
    expect(effects.persist).toBeNull();
    expect(effects.send).toMatchObject([
      { to: 2, message: { kind: 'preVote', term: 4 } },
      { to: 3, message: { kind: 'preVote', term: 4 } },
    ]);
  });

  it('becomes an election when a majority would vote', () => {
    const core = createCore({ voters: 5, preVote: 'on' });
    core.tick(electionTicksMin);
    core.receive(2, grantOf('preVoteReply', 1));
    core.receive(2, grantOf('preVoteReply', 1));
    expect(roleOf(core)).toBe('preCandidate in term 0');
    core.receive(3, grantOf('preVoteReply', 1));
    expect(roleOf(core)).toBe('candidate in term 1');
  });

  it('does not count answers about another term', () => {
    const core = createCore({ term: 3, preVote: 'on' });
    core.tick(electionTicksMin);
    core.receive(2, grantOf('preVoteReply', 3));
    core.receive(2, grantOf('preVoteReply', 5));
    expect(roleOf(core)).toBe('preCandidate in term 3');
  });

  it('that is refused by a newer term adopts it', () => {
    const core = createCore({ term: 3, preVote: 'on' });
    core.tick(electionTicksMin);
    core.receive(2, { kind: 'preVoteReply', term: term(8), verdict: 'refused' });
    expect(roleOf(core)).toBe('follower in term 8');
  });

  it('ends when a leader of the term is heard', () => {
    const core = createCore({ term: 3, preVote: 'on' });
    core.tick(electionTicksMin);
    core.receive(2, heartbeatOf({ term: 3 }));
    expect(core.raft.role).toMatchObject({ kind: 'follower', leader: { id: 2 } });
  });

  it('is granted by any number of members to any number of candidates, and binds nobody', () => {
    const core = createCore({ term: 3 });
    for (const candidate of [2, 3]) {
      const effects = core.receive(candidate, voteQuestionOf({ kind: 'preVote', term: 4, last: [0, 0] }));
      expect(effects.send).toEqual([
        { to: candidate, message: { kind: 'preVoteReply', term: 4, verdict: 'granted' } },
      ]);
      expect(effects.persist).toBeNull();
    }
    expect(core.raft).toMatchObject({ term: 3, votedFor: null });
  });

  it('gives way to a candidate: having voted, it no longer asks for itself', () => {
    const core = createCore({ voters: 3, term: 3, preVote: 'on' });
    core.tick(electionTicksMin);
    core.receive(2, voteQuestionOf({ term: 3, last: [0, 0] }));
    expect(core.raft).toMatchObject({ votedFor: { id: 2 }, role: { kind: 'follower' } });
    core.receive(3, grantOf('preVoteReply', 4));
    expect(roleOf(core)).toBe('follower in term 3');
  });
});

describe('the lease of a leader', () => {
  const newer = { term: 9, last: [9, 9] } as const;

  it('lasts the minimum election timeout from the last message', () => {
    const core = createCore({ term: 1, random: slowest });
    core.receive(2, heartbeatOf({ term: 1 }));
    core.tick(electionTicksMin - 1);
    const question = voteQuestionOf({ ...newer, kind: 'preVote' });
    expect(core.receive(3, question).send).toMatchObject([{ message: { verdict: 'refused', term: 1 } }]);
    core.tick(1);
    expect(core.receive(3, question).send).toMatchObject([{ message: { verdict: 'granted', term: 9 } }]);
  });

  it('keeps a real candidate from being heard, when leaders check their quorum', () => {
    const core = createCore({ term: 1, checkQuorum: 'on' });
    core.receive(2, heartbeatOf({ term: 1 }));
    expect(core.receive(3, voteQuestionOf(newer))).toMatchObject({ send: [], sendAfterPersist: [] });
    expect(core.raft.term).toBe(1);
  });

  it('does not, when they do not', () => {
    const core = createCore({ term: 1 });
    core.receive(2, heartbeatOf({ term: 1 }));
    core.receive(3, voteQuestionOf(newer));
    expect(core.raft).toMatchObject({ term: 9, votedFor: { id: 3 } });
  });

  it('is held by the leader itself', () => {
    const core = createCore({ checkQuorum: 'on' });
    core.lead();
    core.receive(3, voteQuestionOf(newer));
    expect(roleOf(core)).toBe('leader in term 1');
    expect(core.receive(3, voteQuestionOf({ ...newer, kind: 'preVote' })).send).toMatchObject([
      { message: { verdict: 'refused' } },
    ]);
  });

  it('ends with evidence that the leader is gone, and begins again when it is heard', () => {
    const core = createCore({ term: 1, checkQuorum: 'on', preVote: 'on', random: slowest });
    const question = voteQuestionOf({ ...newer, kind: 'preVote' });
    core.receive(2, heartbeatOf({ term: 1 }));
    peerGone(core, 2);
    expect(core.receive(3, question).send).toMatchObject([{ message: { verdict: 'granted' } }]);
    core.receive(2, heartbeatOf({ term: 1 }));
    expect(core.receive(3, question).send).toMatchObject([{ message: { verdict: 'refused' } }]);
    core.tick(electionTicksMax - 1);
    expect(roleOf(core)).toBe('follower in term 1');
  });
});

describe('when the leader is gone', () => {
  function follower(random?: (limit: number) => number): Core {
    const core = createCore({ term: 1, preVote: 'on', checkQuorum: 'on', ...(random && { random }) });
    core.receive(2, heartbeatOf({ term: 1 }));
    return core;
  }

  it('a follower may campaign at once', () => {
    const core = follower();
    expect(peerGone(core, 2).send).toMatchObject([
      { message: { kind: 'preVote' } },
      { message: { kind: 'preVote' } },
    ]);
  });

  it('or after a short random delay', () => {
    const core = follower(slowest);
    peerGone(core, 2);
    core.tick(fastCampaignTicksMax - 1);
    expect(core.raft.role.kind).toBe('follower');
    core.tick(1);
    expect(core.raft.role.kind).toBe('preCandidate');
  });

  it('a campaign that fails is repeated soon, with growing delays, until it takes ordinary ones', () => {
    const core = follower(slowest);
    peerGone(core, 2);
    core.tick(fastCampaignTicksMax);
    const delays: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      delays.push(core.raft.electionDueTick - core.raft.nowTick);
      core.tick(core.raft.electionDueTick - core.raft.nowTick);
    }
    expect(delays).toEqual([5, 9, 17, electionTicksMax, electionTicksMax, electionTicksMax]);
  });

  it('of two pre-candidates with equal logs, the one with the lower id goes first', () => {
    const core = follower();
    peerGone(core, 2);
    expect(roleOf(core)).toBe('preCandidate in term 1');
    const answer = core.receive(3, voteQuestionOf({ kind: 'preVote', term: 2, last: [0, 0] }));
    expect(answer.send).toMatchObject([{ to: 3, message: { kind: 'preVoteReply', verdict: 'refused' } }]);
    expect(roleOf(core)).toBe('preCandidate in term 1');
  });

  it('a pre-candidate lets a longer log go first, whatever its id', () => {
    const core = follower();
    peerGone(core, 2);
    const answer = core.receive(3, voteQuestionOf({ kind: 'preVote', term: 2, last: [9, 1] }));
    expect(answer.send).toMatchObject([{ to: 3, message: { kind: 'preVoteReply', verdict: 'granted' } }]);
  });

  it('a follower that granted a pre-vote leaves time for that election before its own', () => {
    const core = follower(slowest);
    peerGone(core, 2);
    core.receive(3, voteQuestionOf({ kind: 'preVote', term: 2, last: [0, 0] }));
    core.tick(fastCampaignTicksMax + 1);
    expect(core.raft.role.kind).toBe('follower');
    core.tick(electionTicksMin);
    expect(core.raft.role.kind).toBe('preCandidate');
  });

  it('the end of another member means nothing', () => {
    const core = follower();
    expect(peerGone(core, 3).send).toEqual([]);
    core.tick(electionTicksMin - 1);
    expect(core.raft.role.kind).toBe('follower');
  });

  it('a leader whose follower is gone stays, and keeps its commit index', () => {
    const core = createCore();
    core.lead();
    core.receive(3, { kind: 'appendAccepted', term: term(1), match: core.raft.log.last });
    core.persistAll();
    peerGone(core, 3);
    expect(core.raft).toMatchObject({ commit: 1, role: { kind: 'leader' } });
    expect(core.propose('x').send.map(({ to }) => to)).not.toContain(3);
  });
});

const heard: RaftMessage = { kind: 'requestVoteReply', term: term(1), verdict: 'refused' };

describe('check-quorum', () => {
  it('makes a leader step down when a majority is silent for an election timeout', () => {
    const core = createCore({ voters: 5, checkQuorum: 'on' });
    core.lead();
    core.tick(electionTicksMax - 1);
    core.receive(2, heard);
    core.tick(1);
    expect(core.raft.role.kind).toBe('follower');
  });

  it('is content with a majority, itself included', () => {
    const core = createCore({ voters: 5, checkQuorum: 'on' });
    core.lead();
    core.tick(electionTicksMax - 1);
    core.receive(2, heard);
    core.receive(3, heard);
    core.tick(electionTicksMax - 1);
    expect(core.raft.role.kind).toBe('leader');
    core.tick(1);
    expect(core.raft.role.kind).toBe('follower');
  });
});

describe('a member that needs no vote but its own', () => {
  it('tells nobody that it leads before its disk holds that vote', () => {
    const core = createCore({ voters: 1, membership: { learners: [seatOf(2)] }, term: 3 });
    const elected = core.tick(core.raft.electionDueTick);
    expect(core.raft.role.kind).toBe('leader');
    expect(elected.persist?.hardState).toMatchObject({ term: 4 });
    expect(elected.send).toEqual([]);
    expect(elected.sendAfterPersist).toMatchObject([{ to: 2, message: { kind: 'appendEntries', term: 4 } }]);
    const beating = core.tick(testTiming.heartbeatTicks);
    expect(beating.send).toEqual([]);
    expect(beating.sendAfterPersist).toMatchObject([{ to: 2, message: { kind: 'heartbeat' } }]);
    core.persistAll();
    expect(core.tick(testTiming.heartbeatTicks).send).toMatchObject([{ message: { kind: 'heartbeat' } }]);
  });
});
