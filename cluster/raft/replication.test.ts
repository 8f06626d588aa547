/** Pipelining, bounds, lost messages and catch-up; the rules of §5.3 are in paper.test.ts. */
import { describe, expect, it } from 'vitest';
import { logIndex, memberId, term } from '../base/ids.ts';
import {
  appendBytesMax,
  appendMessagesInFlightMax,
  applyEntriesMax,
  uncommittedBytesMax,
} from '../base/limits.ts';
import type { AppendEntries, RaftMessage } from './messages.ts';
import type { RaftEffects } from './step.ts';
import { acceptedOf, appendOf, type Core, createCore, heartbeatOf, termsOf } from './testing/core.ts';
import { testTiming } from './testing/timing.ts';

/** Leads term 1; both followers hold its first entry. */
function leader(): Core {
  const core = createCore();
  core.lead();
  core.persistAll();
  for (const follower of [2, 3]) core.receive(follower, acceptedOf({ term: 1, match: 1 }));
  return core;
}

function appendsTo(to: number, { send }: RaftEffects): readonly AppendEntries[] {
  return send.flatMap(({ to: addressee, message }) =>
    addressee === to && message.kind === 'appendEntries' ? [message] : [],
  );
}

function proposeBytes(core: Core, ...sizes: readonly number[]): RaftEffects {
  return core.step({ kind: 'proposed', payloads: sizes.map((size) => new Uint8Array(size)) });
}

function heartbeatReply(options: { sent: number; received: number }): RaftMessage {
  const { sent, received } = options;
  return {
    kind: 'heartbeatReply',
    term: term(1),
    round: 0,
    sent: logIndex(sent),
    received: logIndex(received),
  };
}

describe('proposals', () => {
  it('of one step go to each follower in one message, which both share', () => {
    const effects = leader().propose('a', 'b', 'c');
    expect(effects.send).toHaveLength(2);
    expect(effects.send[0]?.message).toBe(effects.send[1]?.message);
    expect(appendsTo(2, effects)[0]?.entries).toHaveLength(3);
  });

  it('are pipelined without waiting for acknowledgements', () => {
    const core = leader();
    expect(appendsTo(2, core.propose('a'))).toMatchObject([{ previousIndex: 1 }]);
    expect(appendsTo(2, core.propose('b'))).toMatchObject([{ previousIndex: 2 }]);
  });

  it('wait when too many messages are in flight, and then travel together', () => {
    const core = leader();
    for (let sent = 0; sent < appendMessagesInFlightMax; sent += 1) core.propose('x');
    expect(core.propose('y').send).toEqual([]);
    core.propose('z');
    expect(appendsTo(2, core.receive(2, acceptedOf({ term: 1, match: 2 })))[0]?.entries).toHaveLength(2);
  });

  it('are split into messages of bounded size', () => {
    const half = appendBytesMax / 2;
    const effects = proposeBytes(leader(), half, half, half, appendBytesMax * 2);
    expect(appendsTo(2, effects).map(({ entries }) => entries.length)).toEqual([1, 1, 1, 1]);
    const small = proposeBytes(leader(), half - 100, half - 100, 10);
    expect(appendsTo(2, small).map(({ entries }) => entries.length)).toEqual([3]);
  });

  it('are refused, all of a step or none, past a bound of uncommitted bytes', () => {
    const core = leader();
    expect(proposeBytes(core, uncommittedBytesMax - 1).refused).toBeNull();
    const last = core.raft.log.last;
    expect(proposeBytes(core, 1, 1).refused).toBe('full');
    expect(core.raft.log.last).toBe(last);
    expect(proposeBytes(core, 1).refused).toBeNull();
    core.persistAll();
    core.receive(2, acceptedOf({ term: 1, match: last }));
    expect(proposeBytes(core, 5, 5).refused).toBeNull();
  });

  it('larger than the bound are taken by an idle leader, or they would never be', () => {
    expect(proposeBytes(leader(), uncommittedBytesMax + 1).refused).toBeNull();
  });

  it('count what an earlier leader left uncommitted', () => {
    const core = createCore({ log: [1, 1] });
    core.lead();
    expect(core.raft.role).toMatchObject({ uncommittedBytes: 4 });
  });
});

describe('the commit index', () => {
  it('is told at once, once, and alone when there is nothing else to send', () => {
    const core = leader();
    core.propose('x');
    core.persistAll();
    const effects = core.receive(2, acceptedOf({ term: 1, match: 2 }));
    expect(effects.send).toEqual(
      [2, 3].map((to) => ({ to, message: { kind: 'commitNotice', term: 1, commit: 2 } })),
    );
    expect(core.receive(3, acceptedOf({ term: 1, match: 2 })).send).toEqual([]);
  });

  it('travels with entries when there are any', () => {
    const core = leader();
    core.propose('x');
    core.persistAll();
    core.receive(2, acceptedOf({ term: 1, match: 2 }));
    expect(appendsTo(3, core.propose('y'))).toMatchObject([{ commit: 2 }]);
  });

  it('in a heartbeat is bounded by what the follower acknowledged', () => {
    const core = leader();
    core.propose('x');
    core.persistAll();
    core.receive(2, acceptedOf({ term: 1, match: 2 }));
    const { send } = core.tick(testTiming.heartbeatTicks);
    expect(send).toMatchObject([
      { to: 2, message: { commit: 2, match: 2, sent: 2 } },
      { to: 3, message: { commit: 1, match: 1, sent: 2 } },
    ]);
  });

  it('is applied by a follower as far as its own disk holds', () => {
    const core = createCore();
    core.receive(2, appendOf({ term: 1, previous: [0, 0], terms: [1, 1], commit: 2 }));
    expect(core.raft).toMatchObject({ commit: 2, handedOver: 0 });
    expect(core.persistAll().apply).toHaveLength(2);
  });

  it('of a long log is applied in bounded portions, each entry once', () => {
    const count = applyEntriesMax + 10;
    const core = createCore({ log: Array.from({ length: count }, () => 1) });
    const first = core.receive(
      2,
      appendOf({ term: 1, previous: [count, 1], terms: [], commit: count }),
    ).apply;
    expect(first).toHaveLength(applyEntriesMax);
    const rest = core.step({ kind: 'applied', upTo: logIndex(applyEntriesMax) }).apply;
    expect(rest.map(({ index }) => index)).toEqual(
      Array.from({ length: 10 }, (_, at) => applyEntriesMax + at + 1),
    );
  });
});

describe('losses', () => {
  it('of an append show in the answer to a heartbeat, and the append is repeated', () => {
    const core = leader();
    core.propose('x');
    core.propose('y');
    const effects = core.receive(2, heartbeatReply({ sent: 3, received: 1 }));
    expect(appendsTo(2, effects)).toMatchObject([{ previousIndex: 1, entries: { length: 2 } }]);
  });

  it('are not suspected when everything sent before the heartbeat arrived', () => {
    const core = leader();
    core.propose('x');
    core.propose('y');
    expect(core.receive(2, heartbeatReply({ sent: 2, received: 2 })).send).toEqual([]);
    expect(core.receive(2, heartbeatReply({ sent: 1, received: 1 })).send).toEqual([]);
  });

  it('of a probe are made good after an answered heartbeat', () => {
    const core = createCore();
    core.lead();
    expect(core.propose('x').send).toEqual([]);
    const effects = core.receive(2, heartbeatReply({ sent: 0, received: 0 }));
    expect(appendsTo(2, effects)).toMatchObject([{ previousIndex: 0, entries: { length: 2 } }]);
  });

  it('of an acknowledgement are made good by a heartbeat that shows the leader does not know', () => {
    const core = createCore();
    core.receive(2, appendOf({ term: 1, previous: [0, 0], terms: [1, 1] }));
    const unknown = core.receive(2, heartbeatOf({ term: 1, match: 1, sent: 2 }));
    expect(unknown.sendAfterPersist).toEqual([
      { to: 2, message: { kind: 'appendAccepted', term: 1, match: 2 } },
    ]);
    expect(unknown.send).toMatchObject([{ message: { kind: 'heartbeatReply', received: 2, sent: 2 } }]);
    expect(core.receive(2, heartbeatOf({ term: 1, match: 2, sent: 2 })).sendAfterPersist).toEqual([]);
  });

  it('of memory cost a restarted follower one probe, and no repetition of what it has', () => {
    const core = createCore({ log: [1, 1, 1] });
    const { send, apply } = core.receive(2, heartbeatOf({ term: 1, match: 3, sent: 3, commit: 3 }));
    expect(send).toMatchObject([{ message: { kind: 'heartbeatReply', received: 0 } }]);
    expect(apply).toEqual([]);
    expect(core.receive(2, appendOf({ term: 1, previous: [3, 1], terms: [], commit: 3 })).apply).toHaveLength(
      3,
    );
  });

  it('of that memory show in the answer to a heartbeat, though everything was acknowledged once', () => {
    const core = leader();
    const probe = core.receive(2, heartbeatReply({ sent: 1, received: 0 }));
    expect(appendsTo(2, probe)).toMatchObject([{ previousIndex: 1, entries: [] }]);
    expect(core.receive(2, acceptedOf({ term: 1, match: 1 })).send).toEqual([]);
    expect(appendsTo(2, core.propose('x'))).toMatchObject([{ previousIndex: 1 }]);
  });
});

it('answers that no member of this term can have given change nothing', () => {
  const core = leader();
  core.receive(2, acceptedOf({ term: 1, match: 99 }));
  core.receive(2, heartbeatReply({ sent: 99, received: 50 }));
  expect(core.raft.commit).toBe(1);
  expect(appendsTo(2, core.propose('x'))).toMatchObject([{ previousIndex: 1 }]);
});

it('a follower that lost what it had acknowledged gets it again, and counts only for what it has', () => {
  const core = leader();
  core.propose('a', 'b');
  core.receive(2, acceptedOf({ term: 1, match: 3 }));
  core.step({ kind: 'peerGone', peer: memberId(2) });
  const probe = core.receive(2, heartbeatReply({ sent: 3, received: 2 }));
  expect(appendsTo(2, probe)).toMatchObject([{ previousIndex: 3 }]);
  const refused = { kind: 'appendRejected', term: term(1), previousIndex: logIndex(3) } as const;
  const again = core.receive(2, { ...refused, hintIndex: logIndex(2), hintTerm: term(1) });
  expect(appendsTo(2, again)).toMatchObject([{ previousIndex: 2, entries: [{ index: 3 }] }]);
  const { role } = core.raft;
  expect(role.kind === 'leader' && role.followers.get(memberId(2))?.match).toBe(2);
});

it('two leaders in one term stop the member: nothing it knows can be trusted', () => {
  const core = leader();
  expect(() => core.receive(2, heartbeatOf({ term: 1 }))).toThrow('two leaders in one term');
});

it('a leader that replaced what it once sent stops the follower', () => {
  const core = createCore({ term: 2 });
  core.receive(2, appendOf({ term: 2, previous: [0, 0], terms: [1, 1] }));
  expect(() => core.receive(2, appendOf({ term: 2, previous: [0, 0], terms: [1, 2] }))).toThrow(
    'a leader replaced its own entry',
  );
  expect(termsOf(core.raft)).toEqual([1, 1]);
});
