import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../base/bytes.ts';
import type { Entry } from '../../base/entry.ts';
import { type Incarnation, incarnation, memberId, type Term, term } from '../../base/ids.ts';
import type { Membership } from '../../base/membership.ts';
import { encodeMembershipRecord, readMembershipRecord } from '../../base/membership-codec.ts';
import { decodeUtf8, encodeUtf8 } from '../../base/utf8.ts';
import type { Disk } from '../../ports/disk.ts';
import { crashingDisk, PowerCut } from '../testing/crashing-disk.ts';
import { batch, entry, identity, TestDirectory } from '../testing/directory.ts';
import { compareDirectories } from './compare.ts';
import { forceRecovery } from './force-recovery.ts';
import { inspectWal } from './inspect.ts';
import { planRecovery, type RecoveryPlan } from './recovery-plan.ts';

const life = (member: number): Incarnation => incarnation(0x100 + member);
const seat = (member: number) => ({ id: memberId(member), incarnation: life(member) });
const founders: Membership = { voters: [1, 2, 3].map(seat), outgoing: [], learners: [], removed: [] };
const founded: Entry = {
  ...entry(1, ''),
  kind: 'membership',
  payload: encodeMembershipRecord({ membership: founders, cause: 'founded' }),
};

/** The tests' hard state is the term as text. */
const termOf = (hardState: Uint8Array): Term => term(Number(decodeUtf8(hardState)));
const hardStateOf = (at: Term): Uint8Array => encodeUtf8(String(at));

/** A member's directory with the founding entry and these behind it, in a term it voted in. */
function member(id: number, entries: readonly Entry[], voted = 2): TestDirectory {
  const directory = TestDirectory.create(`member ${id}`, {
    cluster: identity.cluster,
    member: memberId(id),
    incarnation: life(id),
  });
  directory.append(directory.opened().wal, batch([founded, ...entries], String(voted)));
  return directory;
}

function compare(...directories: readonly TestDirectory[]) {
  return compareDirectories(
    directories.map((directory, at) => ({ name: `member ${at + 1}`, disk: directory.disk() })),
  );
}

function planFor(survivor: string, ...directories: readonly TestDirectory[]): RecoveryPlan {
  const planned = planRecovery(compare(...directories), { survivor, termOf });
  if (!planned.ok) throw new Error(planned.error.kind);
  return planned.value;
}

const shared = [entry(2, 'two', 2), entry(3, 'three', 2)];

describe('a comparison of directories', () => {
  it('recommends the log with the highest last term, then the longest', () => {
    const one = member(1, [...shared, entry(4, 'long', 2), entry(5, 'long', 2)]);
    const two = member(2, [...shared, entry(4, 'newer', 3)], 3);
    const three = member(3, shared);
    expect(compare(one, two, three)).toMatchObject({
      recommended: 'member 2',
      partings: [{ names: ['member 1', 'member 2'], index: 4, difference: 'term' }],
    });
  });

  it('tells different contents of one term, which no correct ensemble writes', () => {
    const one = member(1, [entry(2, 'right', 2)]);
    const two = member(2, [entry(2, 'wrong', 2)]);
    expect(compare(one, two).partings).toMatchObject([{ index: 2, difference: 'content' }]);
  });

  it('names what cannot be read, and goes on with the rest', () => {
    const lost = new TestDirectory();
    const comparison = compare(member(1, shared), lost);
    expect(comparison.surveys[1]).toMatchObject({ kind: 'unreadable', error: { code: 'notInitialised' } });
    expect(comparison.recommended).toBe('member 1');
  });
});

describe('a plan for forced recovery', () => {
  it('says what is kept, what would be lost, what made true, in a term above any unseen', () => {
    const one = member(1, [...shared, entry(4, 'only here', 2)]);
    const two = member(2, [...shared, entry(4, 'only there', 3), entry(5, 'only there', 3)], 7);
    const plan = planFor('member 1', one, two);
    expect(plan).toMatchObject({
      seat: seat(1),
      last: { index: 4, term: 2 },
      committedAtLeast: 0,
      lost: [{ holder: 'member 2', from: 4, to: 5 }],
      mayCommit: { from: 4, to: 4 },
      term: 1_007,
      membership: { voters: [seat(1)], removed: [seat(2), seat(3)] },
      isDone: false,
    });
    expect(plan.warnings).toEqual([
      'The ensemble has 3 members, and 2 directories were given: what the others hold is not known.',
    ]);
  });

  it('is refused for a survivor that holds nothing, is unknown or cannot be read', () => {
    const empty = TestDirectory.create('empty', { ...identity, incarnation: life(1) });
    const comparison = compare(empty, new TestDirectory());
    const kinds = ['member 1', 'member 2', 'member 9'].map((survivor) => {
      const planned = planRecovery(comparison, { survivor, termOf });
      return planned.ok ? 'planned' : planned.error.kind;
    });
    expect(kinds).toEqual(['empty', 'unreadable', 'unknownSurvivor']);
  });
});

describe('forced recovery', () => {
  it('makes the survivor the whole ensemble, in a term above all, and keeps a copy', async () => {
    const one = member(1, shared);
    const plan = planFor('member 1', one, member(2, shared, 5));
    const archive = new TestDirectory('archive');
    const before = one.files();
    const done = await recover(one, archive, plan);
    expect(done.ok && done.value).toMatchObject({ index: 4, term: 1_005, kind: 'membership' });
    expect(archive.files()).toEqual(before);
    const { restored } = one.opened();
    const record = readMembershipRecord(new ByteReader(restored.entries.at(-1)?.payload ?? new Uint8Array()));
    expect(record).toMatchObject({ cause: 'recovered', membership: { voters: [seat(1)] } });
    expect(restored.hardState).toEqual(hardStateOf(term(1_005)));
    expect(planFor('member 1', one).isDone).toBe(true);
  });

  it('can be run again after it was interrupted at any disk call', async () => {
    let cuts = 0;
    for (let left = 0; ; left += 1) {
      const one = member(1, shared);
      const plan = planFor('member 1', one);
      one.through((disk) => crashingDisk(disk, { left }));
      if (!(await isPowerLost(one, plan))) break;
      cuts += 1;
      one.through((disk) => disk);
      const again = planFor('member 1', one);
      expect((await recover(one, new TestDirectory('again'), again)).ok).toBe(true);
      const inspected = inspectWal(one.disk());
      expect(inspected.ok && inspected.value).toMatchObject({
        last: { index: 4 },
        membership: { cause: 'recovered', membership: { voters: [seat(1)] } },
      });
    }
    expect(cuts).toBeGreaterThan(5);
  });

  it('refuses a plan that was made for another state of the log', async () => {
    const one = member(1, shared);
    const plan = planFor('member 1', one);
    one.append(one.opened().wal, batch([entry(4, 'meanwhile', 2)]));
    expect(await recover(one, new TestDirectory('archive'), plan)).toMatchObject({ ok: false });
  });
});

async function recover(directory: TestDirectory, archive: TestDirectory, plan: RecoveryPlan) {
  const running = forceRecovery({
    disk: answering(directory),
    archive: archive.disk(),
    plan,
    hardState: hardStateOf(plan.term),
  });
  return running;
}

/** A disk whose appends are answered without anybody waiting for the clock. */
function answering(directory: TestDirectory): Disk {
  const disk = directory.disk();
  return {
    ...disk,
    openAppend: (path) => {
      const file = disk.openAppend(path);
      return {
        append: (chunks, done) => {
          file.append(chunks, done);
          directory.settle();
        },
        close: () => file.close(),
      };
    },
  };
}

async function isPowerLost(directory: TestDirectory, plan: RecoveryPlan): Promise<boolean> {
  try {
    await recover(directory, new TestDirectory('archive'), plan);
    return false;
  } catch (failure) {
    if (failure instanceof PowerCut) return true;
    throw failure;
  }
}
