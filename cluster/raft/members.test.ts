import { describe, expect, it } from 'vitest';
import { logIndex, memberId, term } from '../base/ids.ts';
import { emptyMembership, type Membership } from '../base/membership.ts';
import { encodeMembershipRecord } from '../base/membership-codec.ts';
import { Members } from './members.ts';
import { seatOf } from './testing/seats.ts';

function votersOf(...ids: readonly number[]): Membership {
  return { ...emptyMembership, voters: ids.map((id) => seatOf(id)) };
}

function membersOf(first: Membership, self = 1, life = 0): Members {
  return new Members(seatOf(self, life), { index: logIndex(0), membership: first });
}

function enact(members: Members, index: number, membership: Membership): void {
  const payload = encodeMembershipRecord({ membership, cause: 'changed' });
  members.enact({ index: logIndex(index), term: term(1), kind: 'membership', payload });
}

function told({ voters, index }: Members): string {
  return `${voters.incoming.join(' ')} since ${index}`;
}

describe('the membership in force', () => {
  it('is the newest in the log; when the log is cut, the one before', () => {
    const members = membersOf(votersOf(1, 2, 3));
    enact(members, 5, votersOf(1, 2));
    enact(members, 8, votersOf(1));
    expect(told(members)).toBe('1 since 8');
    members.truncateFrom(logIndex(9));
    expect(told(members)).toBe('1 since 8');
    members.truncateFrom(logIndex(8));
    expect(told(members)).toBe('1 2 since 5');
    members.truncateFrom(logIndex(2));
    expect(told(members)).toBe('1 2 3 since 0');
  });

  it('outlives the entry it came with', () => {
    const members = membersOf(votersOf(1, 2, 3));
    enact(members, 5, votersOf(1, 2));
    enact(members, 8, votersOf(1));
    members.compactTo(logIndex(6));
    members.truncateFrom(logIndex(7));
    expect(told(members)).toBe('1 2 since 5');
  });

  it('is the one of the snapshot, whatever entries before it say', () => {
    const members = new Members(seatOf(1), { index: logIndex(9), membership: votersOf(1, 2) });
    enact(members, 7, votersOf(1, 2, 3));
    expect(told(members)).toBe('1 2 since 9');
  });
});

describe('a member', () => {
  it('votes under its own directory alone', () => {
    expect(membersOf(votersOf(1, 2)).isVoter).toBe(true);
    expect(membersOf(votersOf(1, 2), 1, 1).isVoter).toBe(false);
  });

  it('feeds voters of both lists and learners, but not itself', () => {
    const members = membersOf({
      ...votersOf(1, 2),
      outgoing: [seatOf(2), seatOf(3)],
      learners: [seatOf(4)],
      removed: [seatOf(5)],
    });
    expect(members.others.map(({ id }) => id)).toEqual([2, 3, 4]);
    expect(members.isJoint).toBe(true);
    expect([seatOf(4), seatOf(4, 1), seatOf(5)].map((seat) => members.isSeat(seat))).toEqual([
      true,
      false,
      false,
    ]);
    expect([seatOf(4), seatOf(5), seatOf(5, 1)].map((seat) => members.isRemoved(seat))).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('may be needed as a candidate until the change that takes its vote is committed', () => {
    const members = membersOf(votersOf(1, 2));
    enact(members, 5, votersOf(2));
    expect(members.isVoter).toBe(false);
    expect([members.isElectable(logIndex(4)), members.isElectable(logIndex(5))]).toEqual([true, false]);
    enact(members, 6, votersOf(2, 3));
    expect(members.isElectable(logIndex(5))).toBe(false);
  });

  it('is nobody in an empty membership', () => {
    const members = membersOf(emptyMembership);
    expect(members.isElectable(logIndex(0))).toBe(false);
    expect(members.isSeat({ id: memberId(1), incarnation: seatOf(1).incarnation })).toBe(false);
  });
});
