/**
 * From one membership to the next (thesis §4). Voters change by joint consensus: first a membership in
 * which the old and the new voters decide together, then the new one alone. Learners come and go at once.
 */
import { unreachable } from '../base/assert.ts';
import type { MemberId } from '../base/ids.ts';
import {
  byId,
  type Membership,
  type MembershipChange,
  removedSeatsMax,
  type Seat,
  seatOf,
  wasRemoved,
} from '../base/membership.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { Refusal } from './refusal.ts';

/** The membership to enter for `change`, or why it cannot be. `before` must not be joint. */
export function planChange(before: Membership, change: MembershipChange): Result<Membership, Refusal> {
  switch (change.kind) {
    case 'addLearner':
      return planLearner(before, change.seat);
    case 'promote':
      return planPromotion(before, new Set(change.ids));
    case 'remove':
      return planRemoval(before, new Set(change.ids));
    default:
      return unreachable(change);
  }
}

/** The membership that ends a joint one: who only voted in the old one is given up. */
export function leaveJoint(joint: Membership): Membership {
  const { voters, outgoing, learners } = joint;
  const leaving = outgoing.filter(({ id }) => !has(voters, id));
  return { voters, outgoing: [], learners, removed: remember(joint, leaving) };
}

function planLearner(before: Membership, seat: Seat): Result<Membership, Refusal> {
  if (wasRemoved(before, seat)) return fail('removedSeat');
  if (seatOf(before, seat.id) !== null) return fail('alreadyMember');
  return ok({ ...before, learners: [...before.learners, seat].sort(byId) });
}

function planPromotion(before: Membership, ids: ReadonlySet<MemberId>): Result<Membership, Refusal> {
  const refusal = unknownAmong(before, ids);
  if (refusal !== null) return fail(refusal);
  const promoted = before.learners.filter(({ id }) => ids.has(id));
  if (promoted.length < ids.size) return fail('notLearner');
  return ok({
    ...before,
    voters: [...before.voters, ...promoted].sort(byId),
    outgoing: before.voters,
    learners: before.learners.filter(({ id }) => !ids.has(id)),
  });
}

function planRemoval(before: Membership, ids: ReadonlySet<MemberId>): Result<Membership, Refusal> {
  const refusal = unknownAmong(before, ids);
  if (refusal !== null) return fail(refusal);
  const voters = before.voters.filter(({ id }) => !ids.has(id));
  if (voters.length === 0) return fail('lastVoter');
  const leaving = before.learners.filter(({ id }) => ids.has(id));
  return ok({
    voters,
    outgoing: voters.length < before.voters.length ? before.voters : [],
    learners: before.learners.filter(({ id }) => !ids.has(id)),
    removed: remember(before, leaving),
  });
}

function unknownAmong(membership: Membership, ids: ReadonlySet<MemberId>): Refusal | null {
  if (ids.size === 0) return 'unknownMember';
  return [...ids].every((id) => seatOf(membership, id) !== null) ? null : 'unknownMember';
}

function remember({ removed }: Membership, leaving: readonly Seat[]): readonly Seat[] {
  return [...removed, ...leaving].slice(-removedSeatsMax);
}

function has(seats: readonly Seat[], id: MemberId): boolean {
  return seats.some((seat) => seat.id === id);
}
