/**
 * Who belongs to an ensemble (thesis §4): voters, learners, and seats that were given up. A seat is a
 * member id together with one incarnation of its data directory, so that a wiped directory under an
 * old id is somebody else.
 */
import { assert } from './assert.ts';
import type { Incarnation, MemberId } from './ids.ts';

/** One data directory's place in the ensemble. */
export interface Seat {
  readonly id: MemberId;
  readonly incarnation: Incarnation;
}

export interface Membership {
  /** The voters; while joint, those of the new configuration. Sorted by id. */
  readonly voters: readonly Seat[];
  /** The voters of the old configuration while joint (thesis §4.3); empty otherwise. Sorted by id. */
  readonly outgoing: readonly Seat[];
  /** Receive the log and count for nothing. Sorted by id. */
  readonly learners: readonly Seat[];
  /** Seats given up, oldest first: their directories are refused by name. At most `removedSeatsMax`. */
  readonly removed: readonly Seat[];
}

/** What an operator asks for, as one atomic step. */
export type MembershipChange =
  | { readonly kind: 'addLearner'; readonly seat: Seat }
  /** Learners become voters. */
  | { readonly kind: 'promote'; readonly ids: readonly MemberId[] }
  /** Voters or learners leave for good. */
  | { readonly kind: 'remove'; readonly ids: readonly MemberId[] };

/** Why a membership came about. `recovered`: by force, from one survivor; all sessions end with it. */
export type MembershipCause = 'founded' | 'changed' | 'recovered';

/** What an entry of kind `membership` carries. */
export interface MembershipRecord {
  readonly membership: Membership;
  readonly cause: MembershipCause;
}

/** Seats remembered after they were given up; older ones are forgotten (own choice). */
export const removedSeatsMax = 256;

/** Nobody: what a directory that waits to be taken in believes. */
export const emptyMembership: Membership = { voters: [], outgoing: [], learners: [], removed: [] };

/** Everyone who receives the log, by id, each once. */
export function seatsOf({ voters, outgoing, learners }: Membership): readonly Seat[] {
  const seats = new Map<MemberId, Seat>();
  for (const seat of [...voters, ...outgoing, ...learners]) seats.set(seat.id, seat);
  return [...seats.values()].sort(byId);
}

/** The seat of a member id, or null when it has none. */
export function seatOf(membership: Membership, id: MemberId): Seat | null {
  return seatsOf(membership).find((seat) => seat.id === id) ?? null;
}

export function isVoter({ voters, outgoing }: Membership, id: MemberId): boolean {
  return voters.some((seat) => seat.id === id) || outgoing.some((seat) => seat.id === id);
}

export function isJoint({ outgoing }: Membership): boolean {
  return outgoing.length > 0;
}

/** Whether this very directory was given up. */
export function wasRemoved({ removed }: Membership, { id, incarnation }: Seat): boolean {
  return removed.some((seat) => seat.id === id && seat.incarnation === incarnation);
}

/** In the order that `Membership` keeps. */
export function byId(left: Seat, right: Seat): number {
  return left.id - right.id;
}

/** Throws when `flawOf` finds something. */
export function checkMembership(membership: Membership): void {
  const flaw = flawOf(membership);
  assert(flaw === null, flaw ?? '', { ...membership });
}

/** What no membership may be: unsorted, overlapping, or of two minds about an id's directory. Null: sound. */
export function flawOf(membership: Membership): string | null {
  const { voters, outgoing, learners, removed } = membership;
  const known = new Map<MemberId, Incarnation>();
  for (const list of [voters, outgoing, learners]) {
    let before = 0;
    for (const seat of list) {
      if (seat.id <= before) return 'seats out of order';
      before = seat.id;
      if ((known.get(seat.id) ?? seat.incarnation) !== seat.incarnation)
        return 'one member id, two directories';
      known.set(seat.id, seat.incarnation);
    }
  }
  if (learners.some(({ id }) => isVoter(membership, id))) return 'both learner and voter';
  if (seatsOf(membership).some((seat) => wasRemoved(membership, seat))) return 'a removed seat is in use';
  if (outgoing.length > 0 && voters.length === 0) return 'joint without new voters';
  return removed.length > removedSeatsMax ? 'too many removed seats remembered' : null;
}
