import { expect, it } from 'vitest';
import { logIndex, memberId } from '../base/ids.ts';
import { emptyMembership } from '../base/membership.ts';
import type { Consensus, RestoredLog } from '../ports/consensus.ts';
import { createRaft, type RaftOptions } from './engine.ts';
import { TestDisk } from './testing/disk.ts';
import { seatOf, seatsUpTo } from './testing/seats.ts';

const timing = { heartbeatTicks: 5, electionTicksMin: 25, electionTicksMax: 50, fastCampaignTicksMax: 2 };

/** An empty log of an ensemble of so many. */
function restored(voters: number): RestoredLog {
  return TestDisk.of({ ...emptyMembership, voters: seatsUpTo(voters) }).restored();
}

function options(overrides: Partial<RaftOptions> = {}): RaftOptions {
  return {
    id: memberId(1),
    incarnation: seatOf(1).incarnation,
    random: () => 0,
    restored: restored(1),
    timing,
    preVote: 'on',
    checkQuorum: 'on',
    elections: 'automatic',
    ...overrides,
  };
}

it('is a Consensus: a lone voter elects itself, commits what its disk holds, and answers reads', () => {
  const raft: Consensus = createRaft(options());
  let effects = raft.step({ kind: 'tick' });
  while (effects.persist === null) effects = raft.step({ kind: 'tick' });
  expect(raft.status()).toMatchObject({ role: 'leader', term: 1, last: 1, commit: 0 });
  expect(raft.step({ kind: 'readRequested', id: 7 }).reads).toEqual([]);
  const last = effects.persist.entries.at(-1);
  if (last === undefined) throw new Error('no noop');
  effects = raft.step({ kind: 'persisted', upTo: last.index, term: last.term });
  expect(effects.apply).toEqual([last]);
  expect(effects.reads).toEqual([{ kind: 'ready', id: 7, index: 1 }]);
  raft.checkInvariants();
});

it('drops garbage as if it had been lost', () => {
  const raft = createRaft(options({ restored: restored(2) }));
  const before = raft.status();
  for (const message of [new Uint8Array(0), new Uint8Array(100), new Uint8Array([5, 0, 0, 0, 1, 9])]) {
    expect(
      raft.step({ kind: 'received', from: memberId(2), incarnation: seatOf(2).incarnation, message }).send,
    ).toEqual([]);
  }
  expect(raft.status()).toEqual(before);
});

it('refuses to start from a hard state that is none', () => {
  const broken = { ...restored(1), hardState: new Uint8Array([9, 9]) };
  expect(() => createRaft(options({ restored: broken }))).toThrow('hard state: unknown format of hard state');
});

it('lists as many entries as exist', () => {
  const raft = createRaft(options());
  while (raft.status().role !== 'leader') raft.step({ kind: 'tick' });
  raft.step({ kind: 'proposed', payloads: [new Uint8Array([1]), new Uint8Array([2])] });
  expect(raft.entries(logIndex(2), 9).map((entry) => entry.payload[0])).toEqual([1, 2]);
  expect(raft.entries(logIndex(4), 1)).toEqual([]);
  expect(raft.entries(logIndex(1), 0)).toEqual([]);
});

it('campaigns within the short delay of its start, or after a whole timeout', () => {
  const ticksToLead = (firstCampaign: 'afterTimeout' | 'soon') => {
    const raft = createRaft(options({ firstCampaign, random: (limit) => limit - 1 }));
    for (let ticks = 1; ticks <= timing.electionTicksMax; ticks += 1) {
      raft.step({ kind: 'tick' });
      if (raft.status().role === 'leader') return ticks;
    }
    return null;
  };
  expect(ticksToLead('soon')).toBe(timing.fastCampaignTicksMax);
  expect(ticksToLead('afterTimeout')).toBe(timing.electionTicksMax);
});

it('is sound before its first tick, however short the delay', () => {
  const raft = createRaft(options({ firstCampaign: 'soon' }));
  expect(() => raft.checkInvariants()).not.toThrow();
  raft.step({ kind: 'tick' });
  expect(raft.status().role).toBe('leader');
});
