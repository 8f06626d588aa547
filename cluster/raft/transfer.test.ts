/** Leadership transfer: section 3.10 of Ongaro's thesis, and what an unfit leader does. */
import { describe, expect, it } from 'vitest';
import { memberId } from '../base/ids.ts';
import type { RaftEffects } from './step.ts';
import { acceptedOf, type Core, createCore, heartbeatOf, voteQuestionOf } from './testing/core.ts';
import { seatOf } from './testing/seats.ts';
import { testTiming } from './testing/timing.ts';

const { electionTicksMin, electionTicksMax, heartbeatTicks } = testTiming;

function leader(): Core {
  const core = createCore({ checkQuorum: 'on', preVote: 'on' });
  core.tick(electionTicksMin);
  for (const voter of [2, 3])
    core.receive(voter, { kind: 'preVoteReply', term: core.raft.term, verdict: 'granted' });
  if (core.raft.role.kind === 'preCandidate')
    core.receive(2, {
      kind: 'preVoteReply',
      term: voteQuestionOf({ term: 1, last: [0, 0] }).term,
      verdict: 'granted',
    });
  core.receive(2, { kind: 'requestVoteReply', term: core.raft.term, verdict: 'granted' });
  core.persistAll();
  for (const follower of [2, 3]) core.receive(follower, acceptedOf({ term: 1, match: 1 }));
  return core;
}

function transfer(core: Core, to: number | null): string | null {
  return core.request({ kind: 'transfer', to: to === null ? null : memberId(to) });
}

function urged({ send }: RaftEffects): readonly number[] {
  return send.flatMap(({ to, message }) => (message.kind === 'timeoutNow' ? [to] : []));
}

/** Everybody answers while time goes by. */
function tickHeard(core: Core, ticks: number): RaftEffects {
  for (let done = 1; done < ticks; done += 1) {
    core.tick(1);
    for (const follower of [2, 3]) core.receive(follower, acceptedOf({ term: 1, match: 1 }));
  }
  return core.tick(1);
}

describe('the leader', () => {
  it('tells a target that has everything to campaign at once', () => {
    const core = leader();
    const effects = core.step({ kind: 'requested', request: { kind: 'transfer', to: memberId(2) } });
    expect(urged(effects)).toEqual([2]);
  });

  it('brings the target up to date first', () => {
    const core = leader();
    core.propose('a');
    const effects = core.step({ kind: 'requested', request: { kind: 'transfer', to: memberId(2) } });
    expect(urged(effects)).toEqual([]);
    expect(urged(core.receive(3, acceptedOf({ term: 1, match: 2 })))).toEqual([]);
    expect(urged(core.receive(2, acceptedOf({ term: 1, match: 2 })))).toEqual([2]);
  });

  it('takes no new requests meanwhile', () => {
    const core = leader();
    transfer(core, 2);
    expect(core.propose('a').refused).toBe('handingOver');
    expect(core.request({ kind: 'changeMembership', change: { kind: 'remove', ids: [memberId(3)] } })).toBe(
      'handingOver',
    );
    expect(transfer(core, 3)).toBe('handingOver');
    expect(transfer(core, 2)).toBeNull();
  });

  it('says it again with its heartbeats: a message may be lost', () => {
    const core = leader();
    transfer(core, 2);
    expect(urged(core.tick(heartbeatTicks))).toEqual([2]);
  });

  it('goes on when the target has not taken over within an election timeout', () => {
    const core = leader();
    transfer(core, 2);
    tickHeard(core, electionTicksMax - 1);
    expect(core.propose('a').refused).toBe('handingOver');
    tickHeard(core, 1);
    expect(core.propose('a').refused).toBeNull();
  });

  it('does not hand over to itself, to strangers, to learners, or to who does not answer', () => {
    const core = leader();
    expect([transfer(core, 1), transfer(core, 4)]).toEqual(['alreadyLeader', 'unknownMember']);
    core.request({ kind: 'changeMembership', change: { kind: 'addLearner', seat: seatOf(4) } });
    expect(transfer(core, 4)).toBe('notVoter');
    for (let ticks = 0; ticks < electionTicksMax; ticks += 1) {
      core.tick(1);
      core.receive(3, acceptedOf({ term: 1, match: 1 }));
    }
    expect(transfer(core, 2)).toBe('lagging');
  });

  it('chooses the voter with the longest log of those that answer', () => {
    const core = leader();
    core.propose('a');
    core.receive(3, acceptedOf({ term: 1, match: 2 }));
    transfer(core, null);
    expect(core.raft.role).toMatchObject({ transfer: { target: 3 } });
  });

  it('is no leader: refuses', () => {
    expect(transfer(createCore(), 2)).toBe('notLeader');
  });
});

describe('the target', () => {
  it('campaigns without pre-vote, and says that the leader asked for it', () => {
    const core = createCore({ preVote: 'on', checkQuorum: 'on', term: 1 });
    core.receive(2, heartbeatOf({ term: 1 }));
    const { sendAfterPersist } = core.receive(2, { kind: 'timeoutNow', term: core.raft.term });
    expect(sendAfterPersist).toMatchObject([
      { to: 2, message: { kind: 'requestVote', term: 2, reason: 'handedOver' } },
      { to: 3, message: { kind: 'requestVote', term: 2, reason: 'handedOver' } },
    ]);
  });

  it('does not, when it may not lead, learns only, or repairs its log', () => {
    const unfit = createCore({ term: 1 });
    unfit.step({ kind: 'leadership', may: 'no' });
    const learner = createCore({ term: 1, membership: { voters: [seatOf(2)], learners: [seatOf(1)] } });
    const damaged = createCore({ term: 1, votingBound: { kind: 'unknown' } });
    for (const core of [unfit, learner, damaged]) {
      core.receive(2, heartbeatOf({ term: 1 }));
      core.receive(2, { kind: 'timeoutNow', term: core.raft.term });
      expect(core.raft.role.kind).toBe('follower');
    }
  });

  it('gets votes in spite of the lease, also from the old leader; an ordinary candidate does not', () => {
    const core = leader();
    core.receive(2, voteQuestionOf({ term: 2, last: [1, 1] }));
    expect(core.raft.role.kind).toBe('leader');
    core.receive(2, voteQuestionOf({ term: 2, last: [1, 1], reason: 'handedOver' }));
    expect(core.raft).toMatchObject({ role: { kind: 'follower' }, term: 2, votedFor: { id: 2 } });
  });

  it('still needs a log that is up to date', () => {
    const core = leader();
    core.receive(2, voteQuestionOf({ term: 2, last: [0, 0], reason: 'handedOver' }));
    expect(core.raft).toMatchObject({ term: 2, votedFor: null });
  });
});

describe('a member that may not lead', () => {
  it('hands over when it leads', () => {
    const core = leader();
    core.step({ kind: 'leadership', may: 'no' });
    expect(urged(core.tick(1))).toEqual([2]);
  });

  it('steps down after an election timeout in which nobody took over, if the others are a majority', () => {
    const core = leader();
    core.step({ kind: 'leadership', may: 'no' });
    tickHeard(core, electionTicksMax + 1);
    expect(core.raft.role.kind).toBe('follower');
  });

  it('stays where they are not, and takes proposals between attempts', () => {
    const core = leader();
    core.step({ kind: 'leadership', may: 'no' });
    let taken = 0;
    for (let ticks = 0; ticks < electionTicksMax * 6; ticks += 1) {
      core.tick(1);
      core.receive(2, acceptedOf({ term: 1, match: 1 }));
      if (core.propose().refused === null) taken += 1;
    }
    expect(core.raft.role.kind).toBe('leader');
    expect(taken).toBeGreaterThan(electionTicksMax * 3);
  });

  it('gives up a campaign, and begins none', () => {
    const core = createCore();
    core.tick(electionTicksMin);
    expect(core.raft.role.kind).toBe('candidate');
    core.step({ kind: 'leadership', may: 'no' });
    core.tick(electionTicksMax * 3);
    expect(core.raft.role.kind).toBe('follower');
    expect(core.request({ kind: 'campaign' })).toBe('mayNotLead');
    core.step({ kind: 'leadership', may: 'yes' });
    expect(core.request({ kind: 'campaign' })).toBeNull();
  });
});
