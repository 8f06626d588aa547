/** Who is listened to: seats, directories that nobody knows, and those that were given up. */
import { describe, expect, it } from 'vitest';
import { logIndex, term } from '../base/ids.ts';
import type { RaftMessage } from './messages.ts';
import { acceptedOf, appendOf, type Core, createCore, heartbeatOf, voteQuestionOf } from './testing/core.ts';
import { seatOf } from './testing/seats.ts';
import { testTiming } from './testing/timing.ts';

function leader(): Core {
  const core = createCore({ preVote: 'off' });
  core.lead();
  core.persistAll();
  return core;
}

describe('answers count from seats alone', () => {
  const grant: RaftMessage = { kind: 'requestVoteReply', term: term(1), verdict: 'granted' };

  it('a vote of another directory under a member id is none', () => {
    const core = createCore();
    core.tick(testTiming.electionTicksMin);
    core.receive(2, grant, 1);
    core.receive(9, grant);
    expect(core.raft.role.kind).toBe('candidate');
    core.receive(2, grant);
    expect(core.raft.role.kind).toBe('leader');
  });

  it('nor is its acknowledgement, its answer to a heartbeat, or its confirmation of a read', () => {
    const core = leader();
    core.receive(2, acceptedOf({ term: 1, match: 1 }), 1);
    expect(core.raft.commit).toBe(0);
    core.receive(2, acceptedOf({ term: 1, match: 1 }));
    expect(core.raft.commit).toBe(1);
    core.step({ kind: 'readRequested', id: 7 });
    const confirmation = {
      kind: 'heartbeatReply',
      term: term(1),
      round: 1,
      sent: logIndex(1),
      received: logIndex(1),
    } as const;
    expect(core.receive(3, confirmation, 1).reads).toEqual([]);
    expect(core.receive(3, confirmation).reads).toHaveLength(1);
  });

  it('a newer term in them changes nothing', () => {
    const core = leader();
    core.receive(2, { kind: 'staleTerm', term: term(9) }, 1);
    expect(core.raft).toMatchObject({ term: 1, role: { kind: 'leader' } });
  });

  it('an answer to a read counts from the leader that was asked', () => {
    const core = createCore({ membership: { voters: [] } });
    core.receive(2, heartbeatOf({ term: 1 }));
    const [asked] = core.step({ kind: 'readRequested', id: 7 }).send;
    if (asked?.message.kind !== 'readRequest') throw new Error('no request');
    const reply = {
      kind: 'readReply',
      term: term(1),
      ticket: asked.message.ticket,
      index: logIndex(4),
    } as const;
    expect(core.receive(3, reply).reads).toEqual([]);
    expect(core.receive(2, reply).reads).toEqual([{ kind: 'ready', id: 7, index: 4 }]);
  });
});

describe('questions and leaders are heard', () => {
  it('from any directory that was not given up: this member may be behind', () => {
    const core = createCore();
    core.receive(2, appendOf({ term: 3, previous: [0, 0], terms: [3] }), 5);
    expect(core.raft).toMatchObject({ term: 3, role: { leader: { id: 2 } } });
  });

  it('not from one that was', () => {
    const core = createCore({ voters: 2, membership: { removed: [seatOf(3)] } });
    const messages: readonly RaftMessage[] = [
      voteQuestionOf({ kind: 'preVote', term: 9, last: [9, 9] }),
      voteQuestionOf({ term: 9, last: [9, 9] }),
      appendOf({ term: 9, previous: [0, 0], terms: [9] }),
      heartbeatOf({ term: 9 }),
      { kind: 'timeoutNow', term: term(9) },
      { kind: 'readRequest', term: term(9), ticket: 1 },
    ];
    for (const message of messages) {
      expect(core.receive(3, message)).toMatchObject({ persist: null, send: [], sendAfterPersist: [] });
    }
    // The next directory under its id is somebody else.
    core.receive(3, heartbeatOf({ term: 9 }), 1);
    expect(core.raft.term).toBe(9);
  });

  it('also from a leader that completes its own removal', () => {
    const core = createCore({ voters: 3, term: 1 });
    core.receive(3, heartbeatOf({ term: 1 }));
    core.raft.log.restartAfter({
      index: logIndex(0),
      term: term(0),
      membership: {
        ...core.raft.log.members.membership,
        voters: [seatOf(1), seatOf(2)],
        removed: [seatOf(3)],
      },
    });
    expect(core.receive(3, heartbeatOf({ term: 1 })).send).toMatchObject([{ to: 3 }]);
    expect(core.receive(3, heartbeatOf({ term: 2 })).send).toEqual([]);
  });

  it('never from itself', () => {
    const core = createCore();
    core.receive(1, heartbeatOf({ term: 4 }));
    core.receive(1, heartbeatOf({ term: 4 }), 1);
    expect(core.raft.term).toBe(0);
  });
});

describe('another directory under this member id', () => {
  it('is another candidate: a vote for one is no vote for the other', () => {
    const core = createCore();
    const question = voteQuestionOf({ term: 1, last: [0, 0] });
    expect(core.receive(2, question).sendAfterPersist).toMatchObject([{ message: { verdict: 'granted' } }]);
    expect(core.receive(2, question, 1).sendAfterPersist).toMatchObject([
      { message: { verdict: 'refused' } },
    ]);
    expect(core.receive(2, question).sendAfterPersist).toMatchObject([{ message: { verdict: 'granted' } }]);
  });
});
