import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memberId } from '../base/ids.ts';
import {
  checkMembership,
  emptyMembership,
  type Membership,
  type MembershipChange,
  removedSeatsMax,
} from '../base/membership.ts';
import { leaveJoint, planChange } from './membership-change.ts';
import { seatOf } from './testing/seats.ts';

const before: Membership = {
  voters: [seatOf(1), seatOf(2), seatOf(3)],
  outgoing: [],
  learners: [seatOf(4), seatOf(5)],
  removed: [seatOf(6)],
};

function ids(...listed: readonly number[]) {
  return listed.map(memberId);
}

function refusalOf(change: MembershipChange): string | null {
  const planned = planChange(before, change);
  return planned.ok ? null : planned.error;
}

describe('a change is refused', () => {
  it.each([
    [{ kind: 'addLearner', seat: seatOf(6) }, 'removedSeat'],
    [{ kind: 'addLearner', seat: seatOf(4) }, 'alreadyMember'],
    [{ kind: 'addLearner', seat: seatOf(1, 1) }, 'alreadyMember'],
    [{ kind: 'promote', ids: ids(1) }, 'notLearner'],
    [{ kind: 'promote', ids: ids(4, 1) }, 'notLearner'],
    [{ kind: 'promote', ids: ids(4, 9) }, 'unknownMember'],
    [{ kind: 'promote', ids: [] }, 'unknownMember'],
    [{ kind: 'remove', ids: ids(6) }, 'unknownMember'],
    [{ kind: 'remove', ids: ids(1, 2, 3) }, 'lastVoter'],
  ] as const)('%j: %s', (change, refusal) => {
    expect(refusalOf(change)).toBe(refusal);
  });
});

describe('a change', () => {
  function planned(change: MembershipChange): Membership {
    const result = planChange(before, change);
    if (!result.ok) throw new Error(result.error);
    checkMembership(result.value);
    return result.value;
  }

  it('takes in another directory under an id that was given up', () => {
    expect(planned({ kind: 'addLearner', seat: seatOf(6, 1) }).learners).toEqual([
      seatOf(4),
      seatOf(5),
      seatOf(6, 1),
    ]);
  });

  it('that promotes is joint, and leaves the other learners where they are', () => {
    expect(planned({ kind: 'promote', ids: ids(5) })).toEqual({
      ...before,
      voters: [seatOf(1), seatOf(2), seatOf(3), seatOf(5)],
      outgoing: before.voters,
      learners: [seatOf(4)],
    });
  });

  it('that removes voters is joint; they are given up when it is left, learners at once', () => {
    const joint = planned({ kind: 'remove', ids: ids(2, 4) });
    expect(joint).toEqual({
      voters: [seatOf(1), seatOf(3)],
      outgoing: before.voters,
      learners: [seatOf(5)],
      removed: [seatOf(6), seatOf(4)],
    });
    expect(leaveJoint(joint)).toEqual({
      voters: [seatOf(1), seatOf(3)],
      outgoing: [],
      learners: [seatOf(5)],
      removed: [seatOf(6), seatOf(4), seatOf(2)],
    });
  });

  it('of learners alone is not joint', () => {
    expect(planned({ kind: 'remove', ids: ids(4) }).outgoing).toEqual([]);
  });

  it('forgets the oldest of too many seats that were given up', () => {
    const removed = Array.from({ length: removedSeatsMax }, (_, at) => seatOf(9, at));
    const result = planChange({ ...before, removed }, { kind: 'remove', ids: ids(4) });
    expect(result).toMatchObject({ ok: true, value: { removed: [...removed.slice(1), seatOf(4)] } });
  });
});

it('whatever is asked, memberships stay sound, and every step shares a majority with the next', () => {
  const anyChange = fc.oneof(
    fc.record({
      kind: fc.constant('addLearner' as const),
      seat: fc
        .tuple(fc.integer({ min: 1, max: 6 }), fc.nat({ max: 2 }))
        .map(([id, life]) => seatOf(id, life)),
    }),
    fc.record({
      kind: fc.constantFrom('promote' as const, 'remove' as const),
      ids: fc.array(fc.integer({ min: 1, max: 6 }).map(memberId), { maxLength: 3 }),
    }),
  );
  fc.assert(
    fc.property(fc.array(anyChange, { maxLength: 30 }), (changes) => {
      let membership: Membership = { ...emptyMembership, voters: [seatOf(1), seatOf(2)] };
      for (const change of changes) {
        const result = planChange(membership, change);
        if (!result.ok) continue;
        checkMembership(result.value);
        const isJoint = result.value.outgoing.length > 0;
        // Other voters come only by way of a membership in which the old ones decide too.
        expect(isJoint ? result.value.outgoing : result.value.voters).toEqual(membership.voters);
        membership = isJoint ? leaveJoint(result.value) : result.value;
        checkMembership(membership);
      }
    }),
  );
});
