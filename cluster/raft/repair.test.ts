/** The three rules of repair.ts, each with what would be lost without it. */
import { describe, expect, it } from 'vitest';
import { logIndex, term } from '../base/ids.ts';
import type { RaftMessage } from './messages.ts';
import { reachesBound } from './repair.ts';
import type { VotingBound } from './state.ts';
import { appendOf, type Core, createCore, heartbeatOf, voteQuestionOf } from './testing/core.ts';
import { testTiming } from './testing/timing.ts';

const { electionTicksMax } = testTiming;
const nonce = 77;

/** In term 4; it has entries 1 and 2 of terms 1 and 4, and acknowledged more. */
function damaged(bound: VotingBound): Core {
  return createCore({
    log: [1, 4],
    term: 4,
    votingBound: bound,
    random: (limit) => Math.min(nonce, limit - 1),
  });
}

function pointOf(index: number, inTerm: number): VotingBound {
  return { kind: 'point', index: logIndex(index), term: term(inTerm) };
}

/** Entries of `terms` from index 3 on, durable at once, the last of them committed. */
function feed(core: Core, inTerm: number, terms: readonly number[]): void {
  core.receive(2, appendOf({ term: inTerm, previous: [2, 4], terms, commit: 2 + terms.length }));
  core.persistAll();
}

function isRepairing({ raft }: Core): boolean {
  return raft.repair !== null;
}

function verdictOf(core: Core, message: RaftMessage): string | undefined {
  const { send, sendAfterPersist } = core.receive(2, message);
  const [reply] = [...send, ...sendAfterPersist].map(({ message: answer }) => answer);
  return reply !== undefined && 'verdict' in reply ? reply.verdict : undefined;
}

describe('rule 1: votes', () => {
  it.each([
    [[9, 3], false],
    [[6, 4], false],
    [[7, 4], true],
    [[8, 4], true],
    [[1, 5], true],
  ] as const)(
    'a candidate whose log ends in %j reaches entry 7 of term 4: %s',
    ([lastIndex, lastTerm], reaches) => {
      const repair = { bound: pointOf(7, 4), sinceTerm: term(4), nonce };
      const candidate = { lastIndex: logIndex(lastIndex), lastTerm: term(lastTerm) };
      expect(reachesBound(repair, candidate)).toBe(reaches);
    },
  );

  it.each(['preVote', 'requestVote'] as const)('answers a %s as if the lost entries were there', (kind) => {
    const ask = (bound: VotingBound, last: readonly [number, number]) =>
      verdictOf(damaged(bound), voteQuestionOf({ kind, term: 5, last }));
    expect(ask(pointOf(7, 4), [6, 4])).toBe('refused');
    expect(ask(pointOf(7, 4), [7, 4])).toBe('granted');
    expect(ask({ kind: 'unknown' }, [999, 4])).toBe('refused');
  });

  it('never campaigns, not even when it is asked to', () => {
    const core = damaged(pointOf(7, 4));
    core.tick(electionTicksMax * 3);
    expect(core.raft.role.kind).toBe('follower');
    expect(core.request({ kind: 'campaign' })).toBe('mayNotLead');
  });
});

describe('rule 2: acknowledgements', () => {
  it('are of what is there again: the disk may have brought back entries that were replaced', () => {
    const core = damaged(pointOf(7, 4));
    const { send } = core.receive(2, heartbeatOf({ term: 4, match: 7, sent: 7, commit: 7 }));
    expect(send).toMatchObject([{ to: 2, message: { kind: 'heartbeatReply', received: 0 } }]);
    expect(core.raft.commit).toBe(0);
    core.receive(2, appendOf({ term: 4, previous: [1, 1], terms: [], commit: 7 }));
    expect(core.raft.commit).toBe(1);
  });
});

describe('rule 3: whole again', () => {
  it("with an entry of the leader's own term, committed and durable here", () => {
    const core = damaged(pointOf(7, 4));
    core.receive(2, appendOf({ term: 5, previous: [2, 4], terms: [4, 5], commit: 4 }));
    expect(isRepairing(core)).toBe(true);
    core.persistAll();
    expect(isRepairing(core)).toBe(false);
  });

  it('not with an older one, though it is committed', () => {
    const core = damaged(pointOf(7, 3));
    core.receive(2, appendOf({ term: 5, previous: [2, 4], terms: [4], commit: 3 }));
    core.persistAll();
    expect(isRepairing(core)).toBe(true);
  });

  it('not before the bound, under the leader that may still count on what was lost', () => {
    const core = damaged(pointOf(5, 4));
    feed(core, 4, [4, 4]);
    expect(isRepairing(core)).toBe(true);
    core.receive(2, appendOf({ term: 4, previous: [4, 4], terms: [4], commit: 4 }));
    core.persistAll();
    expect(isRepairing(core)).toBe(false);
  });

  it('an older bound says nothing about a leader of a later term', () => {
    const core = damaged(pointOf(99, 3));
    feed(core, 4, [4]);
    expect(isRepairing(core)).toBe(false);
  });
});

describe('an unknown bound', () => {
  function lastReply(last: number, repeated: number): RaftMessage {
    return { kind: 'lastReply', term: term(4), nonce: repeated, last: logIndex(last) };
  }

  it('is asked of the leader, with every heartbeat, until it answers', () => {
    const core = damaged({ kind: 'unknown' });
    const asks = () =>
      core.receive(2, heartbeatOf({ term: 4 })).send.filter(({ message }) => message.kind === 'lastRequest');
    expect(asks()).toEqual([{ to: 2, message: { kind: 'lastRequest', term: 4, nonce } }]);
    expect(asks()).toHaveLength(1);
    core.receive(2, lastReply(5, nonce));
    expect(asks()).toEqual([]);
    expect(core.raft.repair?.bound).toEqual(pointOf(5, 4));
  });

  it('stays unknown after an answer to an earlier life', () => {
    const core = damaged({ kind: 'unknown' });
    core.receive(2, heartbeatOf({ term: 4 }));
    core.receive(2, lastReply(2, nonce + 1));
    feed(core, 4, [4, 4]);
    expect(isRepairing(core)).toBe(true);
  });

  it("of the leader it may have promised something to is where that leader's log ends", () => {
    const core = damaged({ kind: 'unknown' });
    core.receive(2, heartbeatOf({ term: 4 }));
    core.receive(2, lastReply(5, nonce));
    feed(core, 4, [4]);
    expect(isRepairing(core)).toBe(true);
    core.receive(2, appendOf({ term: 4, previous: [3, 4], terms: [4, 4], commit: 3 }));
    core.persistAll();
    expect(isRepairing(core)).toBe(false);
  });

  it('does not matter to a leader of a later term, which is not asked', () => {
    const core = damaged({ kind: 'unknown' });
    const { send } = core.receive(2, heartbeatOf({ term: 5 }));
    expect(send.map(({ message }) => message.kind)).toEqual(['heartbeatReply']);
    feed(core, 5, [5]);
    expect(isRepairing(core)).toBe(false);
  });

  it('is answered by a leader, also with entries that nobody acknowledged', () => {
    const core = createCore();
    core.lead();
    core.propose('a', 'b');
    const { send } = core.receive(3, { kind: 'lastRequest', term: core.raft.term, nonce });
    expect(send).toContainEqual({ to: 3, message: { kind: 'lastReply', term: 1, nonce, last: 3 } });
  });
});
