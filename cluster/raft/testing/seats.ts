/** Test support: seats whose incarnations can be read from their ids. */
import { incarnation, memberId } from '../../base/ids.ts';
import type { Seat } from '../../base/membership.ts';

/** The seat of a member whose directory is the first under its id. */
export function seatOf(id: number, life = 0): Seat {
  return { id: memberId(id), incarnation: incarnation(id * 100 + life) };
}

export function seatsUpTo(count: number): readonly Seat[] {
  return Array.from({ length: count }, (_, at) => seatOf(at + 1));
}
