import { describe, expect, it } from 'vitest';
import { incarnation, logIndex, type MemberId, memberId } from '../../base/ids.ts';
import { Checkpoints } from './checkpoints.ts';

const [one, two, three, four] = [memberId(1), memberId(2), memberId(3), memberId(4)];
const right = '0123456789abcdef';
const wrong = 'fedcba9876543210';

/** Member 1 of three voters, whose store has applied so much and has this digest. */
function memberOne({
  applied = 1_000,
  digest = right,
  voters = [one, two, three],
  learners = [] as readonly MemberId[],
} = {}) {
  const announced: unknown[] = [];
  const diverged: unknown[] = [];
  const seatsOf = (members: readonly MemberId[]) =>
    members.map((id) => ({ id, incarnation: incarnation(id) }));
  const store = {
    appliedIndex: logIndex(applied),
    membership: { voters: seatsOf(voters), outgoing: [], learners: seatsOf(learners), removed: [] },
    digest: () => digest,
  };
  const checkpoints = new Checkpoints({
    self: { id: one, incarnation: incarnation(1) },
    store,
    announce: ({ index, digest: told }) => void announced.push([index, told]),
    diverged: (member, index) => void diverged.push([member, index]),
  });
  const tell = (from: MemberId, told: string, index = applied, life: number = from) =>
    checkpoints.told({ id: from, incarnation: incarnation(life) }, { index: logIndex(index), digest: told });
  /** Another directory has this member's number from now on. */
  const replace = (member: MemberId, life: number) => {
    const replaced = { id: member, incarnation: incarnation(life) };
    const all = store.membership.voters;
    store.membership = { ...store.membership, voters: [...all.filter(({ id }) => id !== member), replaced] };
  };
  return { checkpoints, announced, diverged, tell, replace };
}

describe('digests at one index', () => {
  it('are announced at every thousandth entry', () => {
    const { checkpoints, announced } = memberOne();
    checkpoints.applied(logIndex(999));
    checkpoints.applied(logIndex(1_000));
    expect(announced).toEqual([[1_000, right]]);
    expect(checkpoints.newest).toEqual({ index: 1_000, digest: right });
  });

  it('name the one that differs from a majority, once', () => {
    const { checkpoints, diverged, tell } = memberOne();
    checkpoints.applied(logIndex(1_000));
    tell(three, wrong);
    expect(diverged).toEqual([]);
    tell(two, right);
    tell(three, wrong);
    expect(diverged).toEqual([[three, 1_000]]);
  });

  it('name this member when it is the odd one', () => {
    const { checkpoints, diverged, tell } = memberOne({ digest: wrong });
    checkpoints.applied(logIndex(1_000));
    tell(two, right);
    tell(three, right);
    expect(diverged).toEqual([[one, 1_000]]);
  });

  it('name nobody while no majority agrees', () => {
    const { checkpoints, diverged, tell } = memberOne({ voters: [one, two, three, four] });
    checkpoints.applied(logIndex(1_000));
    tell(two, right);
    tell(three, wrong);
    tell(four, wrong);
    expect(diverged).toEqual([]);
  });

  it('of who has no vote count for nothing, but may be wrong', () => {
    const { checkpoints, diverged, tell } = memberOne({ voters: [one, two], learners: [three, four] });
    checkpoints.applied(logIndex(1_000));
    tell(three, wrong);
    tell(four, wrong);
    expect(diverged).toEqual([]);
    tell(two, right);
    expect(diverged).toEqual([
      [three, 1_000],
      [four, 1_000],
    ]);
  });

  it('of another directory under a member number count for nothing', () => {
    const { checkpoints, diverged } = memberOne();
    checkpoints.applied(logIndex(1_000));
    for (const id of [two, three]) {
      checkpoints.told({ id, incarnation: incarnation(99) }, { index: logIndex(1_000), digest: wrong });
    }
    expect(diverged).toEqual([]);
  });

  it('name the next directory under a number as well, by its own digest alone', () => {
    const { checkpoints, diverged, tell, replace } = memberOne();
    checkpoints.applied(logIndex(1_000));
    tell(three, wrong);
    tell(two, right);
    expect(diverged).toEqual([[three, 1_000]]);
    replace(three, 33);
    tell(two, right);
    expect(diverged).toEqual([[three, 1_000]]);
    tell(three, wrong, 1_000, 33);
    tell(three, wrong, 1_000, 33);
    expect(diverged).toEqual([
      [three, 1_000],
      [three, 1_000],
    ]);
  });

  it('of different indexes are not compared', () => {
    const { checkpoints, diverged, tell } = memberOne();
    checkpoints.applied(logIndex(1_000));
    tell(two, wrong, 2_000);
    tell(three, wrong, 2_000);
    expect(diverged).toEqual([]);
  });
});

describe('when nothing happens', () => {
  it('a leader asks for a comparison once, and members that stand where it does answer', () => {
    const leader = memberOne({ applied: 7 });
    for (let tick = 0; tick < 300; tick += 1) leader.checkpoints.tick('leader');
    expect(leader.announced).toEqual([[7, right]]);
    const other = memberOne({ applied: 7 });
    for (let tick = 0; tick < 300; tick += 1) other.checkpoints.tick('other');
    expect(other.announced).toEqual([]);
    other.tell(two, right, 6);
    expect(other.announced).toEqual([]);
    other.tell(two, right, 7);
    other.tell(two, right, 7);
    expect(other.announced).toEqual([[7, right]]);
  });
});

describe('a member whose store came from another', () => {
  it('keeps its digest to itself until a majority of the voters agrees with it without its help', () => {
    const { checkpoints, announced, diverged, tell } = memberOne();
    checkpoints.replaced();
    checkpoints.applied(logIndex(1_000));
    tell(two, right);
    expect(announced).toEqual([]);
    tell(three, right);
    expect(announced).toEqual([[1_000, right]]);
    expect(diverged).toEqual([]);
  });

  it('outvotes nobody together with the one that it came from', () => {
    const { checkpoints, announced, diverged, tell } = memberOne({ digest: wrong });
    checkpoints.replaced();
    checkpoints.applied(logIndex(1_000));
    tell(two, wrong);
    tell(three, right);
    expect([announced, diverged]).toEqual([[], []]);
  });

  it('learns that it is the odd one all the same', () => {
    const { checkpoints, diverged, tell } = memberOne({ digest: wrong });
    checkpoints.replaced();
    checkpoints.applied(logIndex(1_000));
    tell(two, right);
    tell(three, right);
    expect(diverged).toEqual([[one, 1_000]]);
  });
});
