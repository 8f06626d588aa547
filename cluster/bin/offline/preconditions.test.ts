/** Whom a forced recovery may go on from, when voters and learners are left. */
import { describe, expect, it } from 'vitest';
import type { Standing } from '../../api/membership.ts';
import { defaultSettings } from '../../api/settings.ts';
import { assert } from '../../base/assert.ts';
import { clusterId, incarnation, memberId } from '../../base/ids.ts';
import { emptyMembership, type Seat } from '../../base/membership.ts';
import { ok } from '../../base/result.ts';
import type { EnsembleRecord } from '../../supervisor/ensemble-file.ts';
import { defaultTiming } from '../../supervisor/member-messages.ts';
import { initialise } from '../../wal/initialise.ts';
import { compareDirectories } from '../../wal/offline/compare.ts';
import { inspectWal } from '../../wal/offline/inspect.ts';
import { batch, entry, TestDirectory } from '../../wal/testing/directory.ts';
import { againstRecovery } from './preconditions.ts';
import { directoryName, type Survey, type Surveyed } from './survey.ts';

const cluster = clusterId(0xc1);
const seatOf = (id: number): Seat => ({ id: memberId(id), incarnation: incarnation(id) });
const membership = { ...emptyMembership, voters: [2, 3, 4].map(seatOf), learners: [seatOf(1)] };

/** The directory of a founder whose log ends with entry `last`. */
function diskOf(id: number, last: number) {
  const directory = new TestDirectory(`member ${id}`, {
    cluster,
    member: memberId(id),
    incarnation: incarnation(id),
  });
  const founding = { membership, hardState: Uint8Array.of(1) };
  const made = initialise(
    directory.disk(),
    { cluster, member: memberId(id), incarnation: incarnation(id) },
    founding,
  );
  assert(made.ok, 'an empty disk can be initialised');
  const { wal } = directory.opened();
  for (let index = 2; index <= last; index += 1) directory.append(wal, batch([entry(index, 'x')]));
  wal.close();
  return directory.disk();
}

/** Member 1 is a learner, 2 to 4 vote; the logs that are left end there. */
function surveyOf(lastOf: Readonly<Record<number, number>>): Survey {
  const disks = Object.entries(lastOf).map(([id, last]) => ({
    id: Number(id),
    disk: diskOf(Number(id), last),
  }));
  const members = [1, 2, 3, 4].map((id): Surveyed => {
    const standing: Standing = id === 1 ? 'learner' : 'voter';
    const disk = disks.find((one) => one.id === id)?.disk;
    const inspected = disk === undefined ? null : inspectWal(disk);
    const state = ok({ digest: '', znodes: 0, sessions: 0, zxid: '0' });
    return {
      member: id,
      folder: '',
      record: { id, clientPort: id, peerPort: id, incarnation: id, standing },
      livesSeen: 0,
      finding:
        inspected?.ok === true
          ? { kind: 'readable', inspection: inspected.value, state }
          : { kind: 'absent' },
    };
  });
  const record: EnsembleRecord = {
    format: 2,
    state: 'created',
    name: 'test',
    clusterId: cluster,
    secret: '0'.repeat(64),
    timing: defaultTiming,
    settings: defaultSettings,
    clientPortBase: 0,
    members: members.map((member) => member.record),
    removed: [],
    change: null,
  };
  const comparison = compareDirectories(disks.map(({ id, disk }) => ({ name: directoryName(id), disk })));
  return { record, members, running: [], comparison };
}

const against = (survivor: number, lastOf: Readonly<Record<number, number>>) =>
  againstRecovery(survivor, surveyOf(lastOf)).map(({ code }) => code);

describe('a learner that is left beside a minority of the voters', () => {
  it('may be the survivor when it is the furthest', () => {
    expect(against(1, { 1: 5, 2: 3 })).toEqual([]);
    expect(against(2, { 1: 5, 2: 3 })).toEqual(['notFurthest']);
  });

  it('is none when a voter is further', () => {
    expect(against(1, { 1: 3, 2: 5 })).toEqual(['notVoter']);
    expect(against(2, { 1: 3, 2: 5 })).toEqual([]);
  });
});
