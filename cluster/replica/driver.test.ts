/** What the driver makes of a disk that refuses while a snapshot is put in the place of the log. */
import { describe, expect, it } from 'vitest';
import { logIndex, memberId, term } from '../base/ids.ts';
import { emptyMembership } from '../base/membership.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import type { Consensus, ConsensusInput, ConsensusStatus, Effects } from '../ports/consensus.ts';
import { SimClock, WallTime } from '../sim/clock.ts';
import { Scheduler } from '../sim/scheduler.ts';
import { batch, entry, TestDirectory } from '../wal/testing/directory.ts';
import { failingDisk, type Trouble } from '../wal/testing/failing-disk.ts';
import { ConsensusDriver } from './driver.ts';

const nothing: Effects = {
  persist: null,
  send: [],
  sendAfterPersist: [],
  apply: [],
  reads: [],
  refused: null,
  fetchSnapshot: null,
};

const status: ConsensusStatus = {
  role: 'follower',
  term: term(1),
  leader: null,
  votedFor: null,
  first: logIndex(1),
  last: logIndex(0),
  persisted: logIndex(0),
  commit: logIndex(0),
  applied: logIndex(0),
  membership: emptyMembership,
  membershipIndex: logIndex(0),
  transferTo: null,
  repairing: false,
  followers: [],
};

/** A driver of a consensus that answers each tick with what it is told to. */
function createDriver() {
  const trouble: Trouble = { code: null };
  const directory = TestDirectory.create();
  directory.through((disk) => failingDisk(disk, trouble));
  const scheduler = new Scheduler();
  const inputs: ConsensusInput[] = [];
  const sent: string[] = [];
  let next: Effects = nothing;
  const consensus: Consensus = {
    step: (input) => {
      inputs.push(input);
      if (input.kind !== 'tick') return nothing;
      const effects = next;
      next = nothing;
      return effects;
    },
    status: () => status,
    needsSnapshot: () => true,
    entries: () => [],
    checkInvariants: () => undefined,
  };
  const driver = new ConsensusDriver({
    consensus,
    wal: directory.opened().wal,
    clock: new SimClock(scheduler, new WallTime(scheduler)),
    host: {
      send: (_, message) => void sent.push(new TextDecoder().decode(message)),
      apply: () => undefined,
      appliedUpTo: () => undefined,
      readAnswered: () => undefined,
      statusChanged: () => undefined,
      snapshotOffered: () => undefined,
      persisted: () => undefined,
      diskFailed: () => undefined,
      diskRecovered: () => undefined,
    },
  });
  const pass = (ms: number): void => {
    directory.settle();
    const untilMs = scheduler.nowMs + ms;
    while (scheduler.runNext(untilMs)) directory.settle();
    directory.settle();
  };
  const tick = (effects: Effects): void => {
    next = effects;
    driver.step({ kind: 'tick' });
  };
  return { driver, inputs, sent, trouble, pass, tick };
}

describe('a snapshot that takes the place of the log on a disk that refuses', () => {
  it('makes void what came meanwhile: it is neither written behind it nor acknowledged', () => {
    const { driver, inputs, sent, trouble, pass, tick } = createDriver();
    const outcomes: string[] = [];
    trouble.code = 'noSpace';
    driver.install(
      { index: logIndex(9), term: term(1), membership: emptyMembership },
      { replace: () => undefined, done: (outcome) => void outcomes.push(outcome) },
    );
    pass(10);
    const acknowledgement = { to: memberId(2), message: encodeUtf8('acknowledged') };
    tick({ ...nothing, persist: batch([entry(1, 'x')]), sendAfterPersist: [acknowledgement] });
    pass(600);
    expect(outcomes).toEqual([]);
    trouble.code = null;
    pass(600);
    expect(outcomes).toEqual(['installed']);
    expect(inputs.map(({ kind }) => kind)).toEqual(['tick', 'snapshotInstalled']);
    expect(sent).toEqual([]);
    tick({ ...nothing, persist: batch([entry(10, 'x')]), sendAfterPersist: [acknowledgement] });
    pass(10);
    expect(inputs.at(-1)).toEqual({ kind: 'persisted', upTo: 10, term: 1 });
    expect(sent).toEqual(['acknowledged']);
  });
});
