import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, MalformedInput } from './bytes.ts';
import { incarnation, memberId } from './ids.ts';
import {
  checkMembership,
  emptyMembership,
  flawOf,
  isVoter,
  type Membership,
  type Seat,
  seatOf,
  seatsOf,
  wasRemoved,
} from './membership.ts';
import { encodeMembershipRecord, readMembershipRecord } from './membership-codec.ts';

function seat(id: number, life = 0): Seat {
  return { id: memberId(id), incarnation: incarnation(id * 100 + life) };
}

const joint: Membership = {
  voters: [seat(1), seat(4)],
  outgoing: [seat(1), seat(2)],
  learners: [seat(3)],
  removed: [seat(5), seat(3, 1)],
};

/** Sound by construction: ids dealt to the lists in turn. */
const anyMembership = fc
  .record({
    deal: fc.array(fc.constantFrom('voter', 'outgoing', 'both', 'learner', 'none'), { maxLength: 30 }),
    lives: fc.array(fc.nat({ max: 2 ** 40 }), { minLength: 30, maxLength: 30 }),
  })
  .map(({ deal, lives }): Membership => {
    const dealt = (...kinds: readonly string[]) =>
      deal.flatMap((kind, at) =>
        kinds.includes(kind) ? [{ id: memberId(at + 1), incarnation: incarnation(lives[at] ?? 0) }] : [],
      );
    const voters = dealt('voter', 'both');
    const outgoing = voters.length === 0 ? [] : dealt('outgoing', 'both');
    return { voters, outgoing, learners: dealt('learner'), removed: dealt('none') };
  });

describe('a membership', () => {
  it('lists everyone who receives the log once, by id', () => {
    expect(seatsOf(joint).map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    expect([seatOf(joint, memberId(3)), seatOf(joint, memberId(5))]).toEqual([seat(3), null]);
  });

  it('lets the voters of both lists vote', () => {
    expect([1, 2, 3, 4, 5].map((id) => isVoter(joint, memberId(id)))).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
  });

  it('gives up one directory, not the id', () => {
    expect([wasRemoved(joint, seat(3, 1)), wasRemoved(joint, seat(3))]).toEqual([true, false]);
  });

  it.each([
    ['seats out of order', { voters: [seat(2), seat(1)] }],
    ['seats out of order', { voters: [seat(1), seat(1)] }],
    ['one member id, two directories', { voters: [seat(1)], outgoing: [seat(1, 1)] }],
    ['both learner and voter', { voters: [seat(1)], learners: [seat(1)] }],
    ['a removed seat is in use', { voters: [seat(1)], removed: [seat(1)] }],
    ['joint without new voters', { outgoing: [seat(1)] }],
  ])('is unsound: %s', (flaw, parts) => {
    const membership = { ...emptyMembership, ...parts };
    expect(flawOf(membership)).toBe(flaw);
    expect(() => checkMembership(membership)).toThrow(flaw);
    const bytes = encodeMembershipRecord({ membership, cause: 'changed' });
    expect(() => readMembershipRecord(new ByteReader(bytes))).toThrow(flaw);
  });
});

describe('a membership record', () => {
  it('comes back as it was', () => {
    const anyCause = fc.constantFrom('founded' as const, 'changed' as const, 'recovered' as const);
    fc.assert(
      fc.property(anyMembership, anyCause, (membership, cause) => {
        const reader = new ByteReader(encodeMembershipRecord({ membership, cause }));
        expect(readMembershipRecord(reader)).toEqual({ membership, cause });
        reader.expectEnd();
      }),
    );
  });

  it('is refused, and nothing else is thrown, when it is cut short or changed', () => {
    fc.assert(
      fc.property(anyMembership, fc.nat(), fc.nat({ max: 255 }), (membership, at, value) => {
        const bytes = encodeMembershipRecord({ membership, cause: 'founded' }).slice();
        const read = (input: Uint8Array) => () => readMembershipRecord(new ByteReader(input));
        expect(read(bytes.subarray(0, at % bytes.length))).toThrow(MalformedInput);
        bytes[at % bytes.length] = value;
        try {
          read(bytes)();
        } catch (failure) {
          expect(failure).toBeInstanceOf(MalformedInput);
        }
      }),
    );
  });
});
