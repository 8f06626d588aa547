/** Cluster membership changes: chapter 4 of Ongaro's thesis, sentence by sentence. */
import { describe, expect, it } from 'vitest';
import { logIndex, memberId, term } from '../base/ids.ts';
import { emptyMembership, type MembershipChange, seatOf as seatIn } from '../base/membership.ts';
import { encodeMembershipRecord } from '../base/membership-codec.ts';
import { acceptedOf, appendOf, type Core, createCore, heartbeatOf, voteQuestionOf } from './testing/core.ts';
import { seatOf } from './testing/seats.ts';
import { testTiming } from './testing/timing.ts';

const { electionTicksMin, electionTicksMax } = testTiming;

/** Leads term 1 with its first entry committed. */
function leader(options: Parameters<typeof createCore>[0] = {}): Core {
  const core = createCore(options);
  core.lead();
  commitAll(core);
  return core;
}

/** Everybody acknowledges everything. */
function commitAll(core: Core): void {
  core.persistAll();
  for (const { id } of core.raft.log.members.others)
    core.receive(id, acceptedOf({ term: core.raft.term, match: core.raft.log.last }));
}

function change(core: Core, wanted: MembershipChange): string | null {
  return core.request({ kind: 'changeMembership', change: wanted });
}

function promote(...ids: readonly number[]): MembershipChange {
  return { kind: 'promote', ids: ids.map(memberId) };
}

function remove(...ids: readonly number[]): MembershipChange {
  return { kind: 'remove', ids: ids.map(memberId) };
}

function votersOf({ raft }: Core): string {
  const { incoming, outgoing } = raft.log.members.voters;
  return outgoing.length === 0 ? incoming.join(' ') : `${outgoing.join(' ')} -> ${incoming.join(' ')}`;
}

describe('§4.1 safety', () => {
  it('a server uses the newest configuration in its log, whether it is committed or not', () => {
    const core = leader({ membership: { learners: [seatOf(4)] } });
    expect(change(core, promote(4))).toBeNull();
    expect(votersOf(core)).toBe('1 2 3 -> 1 2 3 4');
    expect(core.raft.log.members.index).toBeGreaterThan(core.raft.commit);
  });

  it('a server goes back to the configuration before when a leader replaces the entry', () => {
    const core = leader();
    change(core, remove(3));
    expect(votersOf(core)).toBe('1 2 3 -> 1 2');
    core.receive(2, appendOf({ term: 2, previous: [1, 1], terms: [2] }));
    expect(votersOf(core)).toBe('1 2 3');
  });

  it('a leader begins no change before the last one is committed', () => {
    const core = leader({ voters: 5 });
    expect(change(core, remove(5))).toBeNull();
    expect(change(core, remove(4))).toBe('changing');
  });

  it('nor before it has committed an entry of its own term', () => {
    const core = createCore();
    core.lead();
    expect(change(core, remove(3))).toBe('changing');
    commitAll(core);
    expect(change(core, remove(3))).toBeNull();
  });

  it('a server takes requests of leaders that are not in its configuration', () => {
    const core = createCore();
    const { sendAfterPersist } = core.receive(7, appendOf({ term: 1, previous: [0, 0], terms: [1] }));
    expect(sendAfterPersist).toMatchObject([{ to: 7, message: { kind: 'appendAccepted', match: 1 } }]);
  });

  it('a server votes for candidates that are not in its configuration', () => {
    const core = createCore();
    expect(core.receive(7, voteQuestionOf({ term: 1, last: [0, 0] })).sendAfterPersist).toMatchObject([
      { to: 7, message: { verdict: 'granted' } },
    ]);
  });
});

describe('§4.2.1 catching up new servers', () => {
  it('a new server is fed and counts for nothing', () => {
    const core = leader({ voters: 1 });
    expect(change(core, { kind: 'addLearner', seat: seatOf(2) })).toBeNull();
    expect(core.persistAll().apply).toHaveLength(1);
    expect(votersOf(core)).toBe('1');
    expect(core.raft.role).toMatchObject({ followers: new Map([[2, { id: 2 }]]) });
  });

  it('a learner never campaigns, but votes when it is asked: it may be a voter by now', () => {
    const core = createCore({ membership: { voters: [seatOf(2), seatOf(3)], learners: [seatOf(1)] } });
    core.tick(electionTicksMax * 3);
    expect(core.raft.role.kind).toBe('follower');
    expect(core.receive(2, voteQuestionOf({ term: 1, last: [0, 0] })).sendAfterPersist).toMatchObject([
      { to: 2, message: { verdict: 'granted' } },
    ]);
  });

  it('a learner is not promoted before it has caught up', () => {
    const core = leader({ membership: { learners: [seatOf(4)] } });
    for (let proposed = 0; proposed < 1_100; proposed += 1) core.propose('x');
    core.persistAll();
    expect(change(core, promote(4))).toBe('lagging');
    core.receive(4, acceptedOf({ term: 1, match: 200 }));
    expect(change(core, promote(4))).toBeNull();
  });

  it('nor while it is not heard', () => {
    const core = leader({ membership: { learners: [seatOf(4)] } });
    for (let ticks = 0; ticks < electionTicksMax; ticks += 1) {
      core.tick(1);
      core.receive(2, acceptedOf({ term: 1, match: 1 }));
    }
    expect(change(core, promote(4))).toBe('lagging');
  });
});

describe('§4.2.2 removing the current leader', () => {
  it('a leader that is not in the new configuration leads on, without counting itself', () => {
    const core = leader();
    change(core, remove(1));
    commitAll(core);
    expect(votersOf(core)).toBe('2 3');
    core.persistAll();
    const last = core.raft.log.last;
    core.receive(2, acceptedOf({ term: 1, match: last }));
    expect(core.raft.commit).toBe(last - 1);
    expect(core.raft.role.kind).toBe('leader');
  });

  it('it steps down when the new configuration is committed, and has the best voter take over', () => {
    const core = leader();
    change(core, remove(1));
    commitAll(core);
    core.receive(2, acceptedOf({ term: 1, match: core.raft.log.last }));
    const { send } = core.receive(3, acceptedOf({ term: 1, match: core.raft.log.last }));
    expect(core.raft.role.kind).toBe('follower');
    expect(send.at(-1)).toEqual({ to: 2, message: { kind: 'timeoutNow', term: 1 } });
    core.tick(electionTicksMax * 2);
    expect(core.raft.role.kind).toBe('follower');
  });

  it('a server that is not in its own newest configuration may campaign while that is uncommitted', () => {
    const core = leader();
    change(core, remove(1));
    commitAll(core);
    core.receive(2, heartbeatOf({ term: 2 }));
    core.tick(electionTicksMax);
    expect(core.raft.role.kind).toBe('candidate');
    core.receive(2, { kind: 'requestVoteReply', term: core.raft.term, verdict: 'granted' });
    // Its own vote does not count.
    expect(core.raft.role.kind).toBe('candidate');
    core.receive(3, { kind: 'requestVoteReply', term: core.raft.term, verdict: 'granted' });
    expect(core.raft.role.kind).toBe('leader');
  });
});

describe('§4.2.3 disruptive servers', () => {
  it('a server that was removed is not heard', () => {
    const core = createCore({ voters: 2, membership: { removed: [seatOf(3)] } });
    expect(core.receive(3, voteQuestionOf({ term: 9, last: [9, 9] }))).toMatchObject({
      persist: null,
      sendAfterPersist: [],
    });
    expect(core.receive(3, { kind: 'staleTerm', term: core.raft.term })).toMatchObject({ persist: null });
    expect(core.raft.term).toBe(0);
  });

  it('a server that hears a leader does not adopt the term of one that cannot know of its removal', () => {
    const core = createCore({ checkQuorum: 'on', term: 1 });
    core.receive(2, heartbeatOf({ term: 1 }));
    core.tick(electionTicksMin - 1);
    core.receive(7, voteQuestionOf({ term: 9, last: [9, 9] }));
    expect(core.raft.term).toBe(1);
  });
});

describe('§4.3 arbitrary changes with joint consensus', () => {
  it('an entry is committed by a majority of both configurations', () => {
    const core = leader({ membership: { learners: [seatOf(4), seatOf(5)] } });
    for (const learner of [4, 5]) core.receive(learner, acceptedOf({ term: 1, match: 1 }));
    expect(change(core, promote(4, 5))).toBeNull();
    core.persistAll();
    const { last } = core.raft.log;
    for (const voter of [4, 5]) core.receive(voter, acceptedOf({ term: 1, match: last }));
    expect(core.raft.commit).toBe(1);
    core.receive(2, acceptedOf({ term: 1, match: last }));
    expect(core.raft.commit).toBe(last);
  });

  it('a leader is elected by a majority of both configurations', () => {
    const core = createCore({
      membership: { voters: [1, 4, 5].map((id) => seatOf(id)), outgoing: [1, 2, 3].map((id) => seatOf(id)) },
    });
    core.tick(electionTicksMin);
    const grant = (from: number) =>
      core.receive(from, { kind: 'requestVoteReply', term: core.raft.term, verdict: 'granted' });
    grant(4);
    grant(5);
    expect(core.raft.role.kind).toBe('candidate');
    grant(3);
    expect(core.raft.role.kind).toBe('leader');
  });

  it('once the joint configuration is committed, the leader appends the new one by itself', () => {
    const core = leader({ voters: 4 });
    change(core, remove(3, 4));
    expect(votersOf(core)).toBe('1 2 3 4 -> 1 2');
    commitAll(core);
    expect(votersOf(core)).toBe('1 2');
    expect(core.raft.log.members.membership.removed).toEqual([seatOf(3), seatOf(4)]);
    expect(seatIn(core.raft.log.members.membership, memberId(3))).toBeNull();
  });

  it('a new leader completes what the last one began', () => {
    const core = createCore();
    const { voters } = core.raft.log.members.membership;
    const joint = { ...emptyMembership, voters: voters.slice(0, 2), outgoing: voters };
    const payload = encodeMembershipRecord({ membership: joint, cause: 'changed' });
    core.receive(2, {
      kind: 'appendEntries',
      term: term(1),
      previousIndex: logIndex(0),
      previousTerm: term(0),
      commit: logIndex(0),
      entries: [{ index: logIndex(1), term: term(1), kind: 'membership', payload }],
    });
    core.persistAll();
    core.lead();
    expect(votersOf(core)).toBe('1 2 3 -> 1 2');
    commitAll(core);
    expect(votersOf(core)).toBe('1 2');
  });

  it('check-quorum wants both majorities', () => {
    const core = leader({ voters: 5, checkQuorum: 'on' });
    change(core, remove(2, 3));
    for (let ticks = 0; ticks <= electionTicksMax && core.raft.role.kind === 'leader'; ticks += 1) {
      for (const voter of [2, 3]) core.receive(voter, acceptedOf({ term: 1, match: 1 }));
      core.tick(1);
    }
    expect(core.raft.role.kind).toBe('follower');
  });

  it('a read needs both majorities', () => {
    const core = leader({ voters: 5 });
    change(core, remove(2, 3));
    core.step({ kind: 'readRequested', id: 7 });
    const point = { sent: logIndex(1), received: logIndex(1) };
    const confirm = (from: number) =>
      core.receive(from, { kind: 'heartbeatReply', term: core.raft.term, round: 1, ...point }).reads;
    expect([...confirm(2), ...confirm(3)]).toEqual([]);
    expect(confirm(4)).toMatchObject([{ kind: 'ready', id: 7 }]);
  });
});
