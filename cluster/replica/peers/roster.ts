/**
 * Who belongs, for everybody but consensus: whom to talk to, whose words count for nothing any more, and
 * whether this very directory was given up.
 */
import type { MemberId } from '../../base/ids.ts';
import { type Membership, type Seat, seatsOf, wasRemoved } from '../../base/membership.ts';
import type { Clock } from '../../ports/clock.ts';

/** A removed process is told so at most this often, in milliseconds. */
const refusalPeriodMs = 500;

export class Roster {
  readonly #self: Seat;
  readonly #clock: Clock;
  /** The membership that is committed: a removal that may yet be taken back refuses nobody. */
  readonly #committed: () => Membership;
  /** Seats that the operator's record says were given up. */
  #recorded: readonly Seat[];
  #peers: readonly MemberId[] = [];
  #hasSeat = false;
  readonly #refusedMs = new Map<MemberId, number>();

  constructor(options: {
    readonly self: Seat;
    readonly removed: readonly Seat[];
    readonly clock: Clock;
    readonly committed: () => Membership;
  }) {
    this.#self = options.self;
    this.#recorded = options.removed;
    this.#clock = options.clock;
    this.#committed = options.committed;
  }

  /** Everyone else with a seat, voters and learners. */
  get peers(): readonly MemberId[] {
    return this.#peers;
  }

  /** The membership in force has changed. */
  changed(inForce: Membership): void {
    const seats = seatsOf(inForce);
    this.#hasSeat = seats.some((seat) => this.isSelf(seat));
    this.#peers = seats.map(({ id }) => id).filter((id) => id !== this.#self.id);
  }

  /** Whether this very directory belongs: as a voter or a learner. */
  get hasSeat(): boolean {
    return this.#hasSeat;
  }

  /** Replaces the record of seats given up. */
  setRemoved(removed: readonly Seat[]): void {
    this.#recorded = removed;
  }

  wasRemoved(seat: Seat): boolean {
    const recorded = this.#recorded.some(
      ({ id, incarnation }) => id === seat.id && incarnation === seat.incarnation,
    );
    return recorded || wasRemoved(this.#committed(), seat);
  }

  get selfWasRemoved(): boolean {
    return this.wasRemoved(this.#self);
  }

  isSelf({ id, incarnation }: Seat): boolean {
    return id === this.#self.id && incarnation === this.#self.incarnation;
  }

  /** Whether to tell a removed process once more. Says yes now and then. */
  refuseNow({ id }: Seat): boolean {
    const nowMs = this.#clock.monotonicMs();
    const before = this.#refusedMs.get(id);
    if (before !== undefined && nowMs - before < refusalPeriodMs) return false;
    this.#refusedMs.set(id, nowMs);
    return true;
  }
}
