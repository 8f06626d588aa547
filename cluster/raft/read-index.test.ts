import { describe, expect, it } from 'vitest';
import { logIndex, memberId, term } from '../base/ids.ts';
import { readsWaitingMax } from '../base/limits.ts';
import type { RaftMessage } from './messages.ts';
import type { RaftEffects } from './step.ts';
import { acceptedOf, type Core, createCore, heartbeatOf } from './testing/core.ts';
import { testTiming } from './testing/timing.ts';

const { electionTicksMin, electionTicksMax, heartbeatTicks } = testTiming;

function leader(voters = 3): Core {
  const core = createCore({ voters });
  core.lead();
  core.persistAll();
  for (let follower = 2; follower <= voters; follower += 1)
    core.receive(follower, acceptedOf({ term: 1, match: 1 }));
  return core;
}

function read(core: Core, id: number): RaftEffects {
  return core.step({ kind: 'readRequested', id });
}

function confirm(core: Core, follower: number, round: number): RaftEffects {
  return core.receive(follower, {
    kind: 'heartbeatReply',
    term: core.raft.term,
    round,
    sent: logIndex(0),
    received: logIndex(0),
  });
}

function roundsOf({ send }: RaftEffects): readonly number[] {
  return send.flatMap(({ message }) => (message.kind === 'heartbeat' ? [message.round] : []));
}

describe('on the leader, a read', () => {
  it('begins a round of heartbeats, and is answered when a majority confirmed it', () => {
    const core = leader(5);
    expect(roundsOf(read(core, 7))).toEqual([1, 1, 1, 1]);
    expect(confirm(core, 2, 1).reads).toEqual([]);
    expect(confirm(core, 2, 1).reads).toEqual([]);
    expect(confirm(core, 3, 1).reads).toEqual([{ kind: 'ready', id: 7, index: 1 }]);
  });

  it('is not answered by a round begun before it', () => {
    const core = leader();
    read(core, 7);
    expect(read(core, 8).send).toEqual([]);
    const first = confirm(core, 2, 1);
    expect(first.reads).toEqual([{ kind: 'ready', id: 7, index: 1 }]);
    expect(roundsOf(first)).toEqual([2, 2]);
    expect(confirm(core, 3, 1).reads).toEqual([]);
    expect(confirm(core, 3, 2).reads).toEqual([{ kind: 'ready', id: 8, index: 1 }]);
  });

  it('shares a round with all that wait', () => {
    const core = leader();
    read(core, 1);
    for (const id of [2, 3, 4]) read(core, id);
    confirm(core, 2, 1);
    expect(confirm(core, 2, 2).reads.map(({ id }) => id)).toEqual([2, 3, 4]);
  });

  it('survives the loss of a heartbeat: the next one carries the round again', () => {
    const core = leader();
    read(core, 7);
    expect(roundsOf(core.tick(heartbeatTicks))).toEqual([1, 1]);
  });

  it('waits until an entry of the term is committed', () => {
    const core = createCore({ log: [1] });
    core.lead();
    core.persistAll();
    expect(read(core, 7).send).toEqual([]);
    expect(roundsOf(core.receive(2, acceptedOf({ term: 2, match: 2 })))).toEqual([1, 1]);
    expect(confirm(core, 2, 1).reads).toEqual([{ kind: 'ready', id: 7, index: 2 }]);
  });

  it('fails when nobody confirms it within an election timeout', () => {
    const core = leader();
    read(core, 7);
    core.tick(1);
    read(core, 8);
    expect(core.tick(electionTicksMax - 2).reads).toEqual([]);
    expect(core.tick(1).reads).toEqual([{ kind: 'failed', id: 7 }]);
    expect(core.tick(1).reads).toEqual([{ kind: 'failed', id: 8 }]);
  });

  it('that expired is not what a late confirmation answers', () => {
    const core = leader();
    read(core, 7);
    core.tick(electionTicksMax);
    expect(confirm(core, 2, 1).reads).toEqual([]);
    read(core, 8);
    expect(confirm(core, 2, 1).reads).toEqual([]);
    expect(confirm(core, 2, 2).reads).toEqual([{ kind: 'ready', id: 8, index: 1 }]);
  });

  it('fails when it steps down', () => {
    const core = leader();
    read(core, 7);
    read(core, 8);
    const { reads } = core.receive(2, { kind: 'staleTerm', term: term(5) });
    expect(reads).toEqual([
      { kind: 'failed', id: 7 },
      { kind: 'failed', id: 8 },
    ]);
  });

  it('fails when too many wait', () => {
    const core = leader();
    for (let id = 0; id < readsWaitingMax; id += 1) core.step({ kind: 'readRequested', id });
    expect(read(core, -1).reads).toEqual([{ kind: 'failed', id: -1 }]);
  });
});

describe('on a follower, a read', () => {
  function follower(random?: (limit: number) => number): Core {
    const core = createCore({ term: 1, ...(random && { random }) });
    core.receive(2, heartbeatOf({ term: 1 }));
    return core;
  }

  function ticketOf({ send }: RaftEffects): number {
    const message = send[0]?.message;
    if (message?.kind !== 'readRequest') throw new Error('nothing was forwarded');
    return message.ticket;
  }

  function replyOf(ticket: number, index: number | null): RaftMessage {
    return { kind: 'readReply', term: term(1), ticket, index: index === null ? null : logIndex(index) };
  }

  it('goes to the leader, and its answer comes back once', () => {
    const core = follower();
    const effects = read(core, 7);
    expect(effects.send.map(({ to }) => to)).toEqual([2]);
    const reply = replyOf(ticketOf(effects), 5);
    expect(core.receive(2, reply).reads).toEqual([{ kind: 'ready', id: 7, index: 5 }]);
    expect(core.receive(2, reply).reads).toEqual([]);
  });

  it('fails when the leader says so', () => {
    const core = follower();
    expect(core.receive(2, replyOf(ticketOf(read(core, 7)), null)).reads).toEqual([
      { kind: 'failed', id: 7 },
    ]);
  });

  it('is named differently in each life of the member', () => {
    expect(
      ticketOf(
        read(
          follower((limit) => limit - 1),
          7,
        ),
      ),
    ).not.toBe(ticketOf(read(follower(), 7)));
  });

  it('fails at once without a leader', () => {
    expect(read(createCore(), 7).reads).toEqual([{ kind: 'failed', id: 7 }]);
  });

  it('fails when no answer comes within an election timeout', () => {
    const core = follower();
    read(core, 7);
    core.tick(electionTicksMin - 1);
    core.receive(2, heartbeatOf({ term: 1 }));
    core.tick(electionTicksMin - 1);
    core.receive(2, heartbeatOf({ term: 1 }));
    expect(core.tick(2).reads).toEqual([{ kind: 'failed', id: 7 }]);
  });

  it.each([
    ['another leader is heard', (core: Core) => core.receive(3, heartbeatOf({ term: 2 }))],
    ['it campaigns', (core: Core) => core.tick(electionTicksMin)],
    ['the leader is gone', (core: Core) => core.step({ kind: 'peerGone', peer: memberId(2) })],
  ])('fails when %s', (_, change) => {
    const core = follower();
    read(core, 7);
    expect(change(core).reads).toEqual([{ kind: 'failed', id: 7 }]);
  });

  it('is served by the leader with a round, under the ticket it came with', () => {
    const core = leader();
    core.receive(3, { kind: 'readRequest', term: term(1), ticket: 99 });
    expect(confirm(core, 2, 1).send).toContainEqual({
      to: 3,
      message: { kind: 'readReply', term: 1, ticket: 99, index: 1 },
    });
  });

  it('is turned down by a member that does not lead', () => {
    const core = createCore({ term: 1 });
    expect(core.receive(3, { kind: 'readRequest', term: term(1), ticket: 99 }).send).toEqual([
      { to: 3, message: { kind: 'readReply', term: 1, ticket: 99, index: null } },
    ]);
  });
});

/**
 * A leader that slept (etcd issue 20418) goes on where it was: it does not know that others elected a
 * leader meanwhile, and finds old answers in its sockets. What was committed while it slept must not be missed.
 */
describe('after a pause of the leader, a read', () => {
  /** Led term 1, asked for a round, and fell asleep; the others lead term 2 by now. */
  function sleeper(): Core {
    const core = leader();
    read(core, 7);
    return core;
  }

  it('is not answered by what confirmed earlier rounds, however late and often that arrives', () => {
    const core = sleeper();
    const first = confirm(core, 2, 1);
    expect(first.reads).toEqual([{ kind: 'ready', id: 7, index: 1 }]);
    expect(roundsOf(read(core, 8))).toEqual([2, 2]);
    for (const follower of [2, 3, 2, 3]) expect(confirm(core, follower, 1).reads).toEqual([]);
  });

  it('fails with the first word of the new term', () => {
    const core = sleeper();
    read(core, 8);
    const { reads } = core.receive(3, { kind: 'staleTerm', term: term(2) });
    expect(reads).toEqual([
      { kind: 'failed', id: 7 },
      { kind: 'failed', id: 8 },
    ]);
    expect(confirm(core, 2, 1).reads).toEqual([]);
  });

  it('of a later leadership is not answered by rounds of an earlier one, though their numbers are the same', () => {
    const core = sleeper();
    const late = { kind: 'heartbeatReply', round: 1, sent: logIndex(0), received: logIndex(0) } as const;
    core.receive(3, { kind: 'staleTerm', term: term(2) });
    core.lead();
    core.persistAll();
    core.receive(2, acceptedOf({ term: 3, match: 2 }));
    expect(roundsOf(read(core, 9))).toEqual([1, 1]);
    expect(core.receive(2, { ...late, term: term(1) }).reads).toEqual([]);
    expect(core.receive(3, { ...late, term: term(3) }).reads).toEqual([{ kind: 'ready', id: 9, index: 2 }]);
  });

  it('is not answered by a number from the future', () => {
    const core = sleeper();
    expect(confirm(core, 2, 2).reads).toEqual([]);
  });
});
