/** What consensus does about snapshots (§7): compaction, offers, and taking one in the log's place. */
import { describe, expect, it } from 'vitest';
import { logIndex, term } from '../base/ids.ts';
import { emptyMembership } from '../base/membership.ts';
import type { RaftMessage } from './messages.ts';
import { needsSnapshot } from './snapshots.ts';
import type { SnapshotPoint } from './state.ts';
import { acceptedOf, appendOf, type Core, createCore, heartbeatOf, termsOf } from './testing/core.ts';
import { seatsUpTo } from './testing/seats.ts';
import { testTiming } from './testing/timing.ts';

function pointOf(index: number, inTerm: number): SnapshotPoint {
  return {
    index: logIndex(index),
    term: term(inTerm),
    membership: { ...emptyMembership, voters: seatsUpTo(3) },
  };
}

function offerOf(options: {
  readonly term: number;
  readonly index: number;
  readonly snapshotTerm: number;
}): RaftMessage {
  const { index, snapshotTerm } = options;
  return {
    kind: 'snapshotOffer',
    term: term(options.term),
    index: logIndex(index),
    snapshotTerm: term(snapshotTerm),
  };
}

function rejectionOf(previous: number, hint: readonly [number, number]): RaftMessage {
  const [hintIndex, hintTerm] = [logIndex(hint[0]), term(hint[1])];
  return { kind: 'appendRejected', term: term(2), previousIndex: logIndex(previous), hintIndex, hintTerm };
}

/** Leads term 2 with entries 1 to 7 applied, and keeps those from 6 on; member 3 has answered nothing. */
function compactedLeader(): Core {
  const core = createCore({ log: [1, 1] });
  core.lead();
  core.propose('a', 'b', 'c', 'd');
  core.persistAll();
  core.receive(2, acceptedOf({ term: 2, match: 7 }));
  core.step({ kind: 'applied', upTo: logIndex(7) });
  core.step({ kind: 'snapshotTaken', snapshot: pointOf(7, 2), keepFrom: logIndex(6) });
  return core;
}

describe('a snapshot of the own store', () => {
  it('lets go of the entries before those that are kept', () => {
    const { raft } = compactedLeader();
    expect([raft.log.first, raft.log.last, raft.snapshot?.index]).toEqual([6, 7, 7]);
  });

  it('may not be of what was not applied, nor leave a gap', () => {
    const core = compactedLeader();
    core.propose('e');
    const take = (index: number, keepFrom: number) => () =>
      core.step({ kind: 'snapshotTaken', snapshot: pointOf(index, 2), keepFrom: logIndex(keepFrom) });
    expect(take(8, 8)).toThrow('not applied');
    expect(take(7, 9)).toThrow('no snapshot covers');
  });
});

describe('a follower that needs what is gone', () => {
  it('is offered the snapshot at once, and with every heartbeat', () => {
    const core = createCore({ base: [5, 2], log: [2, 2] });
    core.lead();
    const offer = { kind: 'snapshotOffer', term: 3, index: 5, snapshotTerm: 2 };
    const refused = core.receive(3, { ...rejectionOf(7, [1, 1]), term: core.raft.term });
    expect(refused.send).toEqual([{ to: 3, message: offer }]);
    const { send } = core.tick(testTiming.heartbeatTicks);
    expect(send.filter(({ to }) => to === 3).map(({ message }) => message)).toEqual([
      expect.objectContaining({ kind: 'heartbeat' }),
      offer,
    ]);
  });

  it('gets no entries meanwhile, and is fed again once it has what the log needs', () => {
    const core = compactedLeader();
    expect(core.propose('e').send.map(({ to }) => to)).toEqual([2]);
    const probe = core.receive(3, acceptedOf({ term: 2, match: 7 })).send;
    expect(probe).toMatchObject([{ to: 3, message: { kind: 'appendEntries', previousIndex: 7 } }]);
    expect(core.receive(3, acceptedOf({ term: 2, match: 8 })).send).toEqual([]);
    expect(core.propose('f').send.map(({ to }) => to)).toEqual([2, 3]);
  });

  it.each([
    ['at the base, in its term', [5, 2], 'appendEntries'],
    ['at the base, in an older term', [5, 1], 'snapshotOffer'],
    ['before the base', [4, 2], 'snapshotOffer'],
    ['behind the base, in a term before it', [6, 1], 'snapshotOffer'],
  ] as const)('is a follower whose hint lies %s', (_, hint, kind) => {
    const core = createCore({ base: [5, 2], log: [2, 2] });
    core.lead();
    const { send } = core.receive(3, { ...rejectionOf(7, hint), term: core.raft.term });
    expect(send).toMatchObject([{ to: 3, message: { kind } }]);
  });

  it('counts in read rounds all the same', () => {
    const core = compactedLeader();
    core.step({ kind: 'readRequested', id: 7 });
    const reply = {
      kind: 'heartbeatReply',
      term: term(2),
      round: 1,
      sent: logIndex(0),
      received: logIndex(0),
    } as const;
    expect(core.receive(3, reply).reads).toMatchObject([{ kind: 'ready', id: 7, index: 7 }]);
  });
});

describe('an offer', () => {
  it('is passed on when the log does not reach that point, again and again', () => {
    const core = createCore({ log: [1] });
    const offer = offerOf({ term: 2, index: 5, snapshotTerm: 2 });
    const wanted = { from: 2, index: 5, term: 2 };
    expect(core.receive(2, offer)).toMatchObject({ fetchSnapshot: wanted, sendAfterPersist: [] });
    expect(core.receive(2, offer).fetchSnapshot).toEqual(wanted);
  });

  it('of what the log holds with the same term is acknowledged: what it covers is committed', () => {
    const core = createCore({ log: [1, 1, 2] });
    const effects = core.receive(2, offerOf({ term: 2, index: 2, snapshotTerm: 1 }));
    expect(effects).toMatchObject({
      fetchSnapshot: null,
      sendAfterPersist: [{ to: 2, message: { kind: 'appendAccepted', match: 2 } }],
    });
    expect(effects.apply).toHaveLength(2);
  });

  it('that conflicts with the log is needed', () => {
    const core = createCore({ log: [1, 1, 1], term: 2 });
    expect(core.receive(2, offerOf({ term: 2, index: 2, snapshotTerm: 2 })).fetchSnapshot).not.toBeNull();
  });

  it('of an older term is answered with the newer one', () => {
    const core = createCore({ term: 3 });
    expect(core.receive(2, offerOf({ term: 2, index: 5, snapshotTerm: 2 })).send).toEqual([
      { to: 2, message: { kind: 'staleTerm', term: 3 } },
    ]);
  });
});

describe('an installed snapshot', () => {
  it('takes the place of the log and of what was handed over, and is acknowledged', () => {
    const core = createCore({ log: [1, 1, 1] });
    core.receive(2, heartbeatOf({ term: 2 }));
    const { sendAfterPersist, persist } = core.step({ kind: 'snapshotInstalled', snapshot: pointOf(9, 2) });
    expect(core.raft).toMatchObject({ commit: 9, handedOver: 9, applied: 9 });
    expect([core.raft.log.first, core.raft.log.last, core.raft.durability.persisted]).toEqual([10, 9, 9]);
    expect(sendAfterPersist).toEqual([{ to: 2, message: { kind: 'appendAccepted', term: 2, match: 9 } }]);
    // Whatever was on its way to the disk is void: term and vote are told again.
    expect(persist).toEqual({ hardState: { term: 2, votedFor: null }, entries: [] });
  });

  it('is not needed once the log has caught up, and would take back acknowledged entries', () => {
    const core = createCore({ log: [1] });
    const point = { index: logIndex(3), term: term(2) };
    core.receive(2, offerOf({ term: 2, index: 3, snapshotTerm: 2 }));
    expect(needsSnapshot(core.raft, point)).toBe(true);
    core.receive(2, appendOf({ term: 2, previous: [1, 1], terms: [2, 2, 2] }));
    expect(needsSnapshot(core.raft, point)).toBe(false);
    core.persistAll();
    expect(() => core.step({ kind: 'snapshotInstalled', snapshot: pointOf(3, 2) })).toThrow('not needed');
  });

  it('replaces a log that got there in memory alone: nothing of that was acknowledged', () => {
    const core = createCore({ log: [1] });
    core.receive(2, appendOf({ term: 2, previous: [1, 1], terms: [2, 2, 2], commit: 4 }));
    core.step({ kind: 'snapshotInstalled', snapshot: pointOf(3, 2) });
    expect(core.raft).toMatchObject({ commit: 3, handedOver: 3, applied: 3 });
    expect([core.raft.log.last, core.raft.durability.persisted]).toEqual([3, 3]);
    core.receive(2, appendOf({ term: 2, previous: [3, 2], terms: [2], commit: 4 }));
    expect(core.persistAll().apply).toMatchObject([{ index: 4 }]);
  });

  it('makes late confirmations of the disk mean nothing', () => {
    const core = createCore({ log: [1] });
    core.receive(2, appendOf({ term: 2, previous: [1, 1], terms: [1, 1] }));
    core.step({ kind: 'snapshotInstalled', snapshot: pointOf(9, 2) });
    core.step({ kind: 'persisted', upTo: logIndex(3), term: term(1) });
    expect(core.raft.durability.persisted).toBe(9);
  });

  it('ends a campaign: what the candidate said of its log is no longer true', () => {
    const core = createCore({ log: [1, 3, 3] });
    core.tick(testTiming.electionTicksMin);
    expect(core.raft.role.kind).toBe('candidate');
    core.step({ kind: 'snapshotInstalled', snapshot: pointOf(2, 2) });
    expect(core.raft.role.kind).toBe('follower');
  });

  it('may be all that a crash leaves, without the term it came in', () => {
    const core = createCore({ base: [9, 4], term: 3, votedFor: 2 });
    expect(core.raft).toMatchObject({ term: 4, votedFor: null });
    expect(core.tick(1).persist).toEqual({ hardState: { term: 4, votedFor: null }, entries: [] });
  });

  it('brings the membership it was taken under', () => {
    const core = createCore({ voters: 2, log: [1] });
    core.step({ kind: 'snapshotInstalled', snapshot: pointOf(9, 2) });
    expect(core.raft.log.members.voters.incoming).toEqual([1, 2, 3]);
  });
});

describe('a message about entries that a snapshot covers', () => {
  function compacted(): Core {
    return createCore({ base: [5, 2], log: [2, 3], term: 3 });
  }

  it('is acknowledged: what is committed is the same everywhere', () => {
    const { sendAfterPersist } = compacted().receive(
      2,
      appendOf({ term: 3, previous: [1, 1], terms: [1, 2] }),
    );
    expect(sendAfterPersist).toMatchObject([{ message: { kind: 'appendAccepted', match: 5 } }]);
  });

  it('gives what lies behind them', () => {
    const core = compacted();
    core.receive(2, appendOf({ term: 3, previous: [3, 2], terms: [2, 2, 2, 3, 3] }));
    expect(termsOf(core.raft)).toEqual([2, 3, 3]);
  });

  it('is refused no further back than the base', () => {
    const core = createCore({ base: [5, 2], log: [3], term: 3 });
    const { send } = core.receive(2, appendOf({ term: 4, previous: [6, 2], terms: [4] }));
    expect(send).toMatchObject([{ message: { kind: 'appendRejected', hintIndex: 5, hintTerm: 2 } }]);
  });
});
