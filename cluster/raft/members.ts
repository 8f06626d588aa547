/**
 * Who belongs to the ensemble, as this member's log says. The newest membership entry is in force as
 * soon as it is in the log, committed or not (thesis §4.1); when the log is truncated the one before it
 * comes back. So the log drives this file, and nobody else does.
 */
import { assert } from '../base/assert.ts';
import { ByteReader } from '../base/bytes.ts';
import type { Entry } from '../base/entry.ts';
import type { Incarnation, LogIndex, MemberId } from '../base/ids.ts';
import { isJoint, type Membership, type Seat, seatsOf, wasRemoved } from '../base/membership.ts';
import { readMembershipRecord } from '../base/membership-codec.ts';
import type { Voters } from './quorum.ts';

/** A membership, and the entry it came with. */
export interface Enacted {
  readonly index: LogIndex;
  readonly membership: Membership;
}

export class Members {
  readonly self: Seat;
  /** Oldest first, never empty. All but the newest are committed: one change at a time. */
  #enacted: Enacted[];
  #inForce: Enacted;
  #voters: Voters = { incoming: [], outgoing: [] };
  #seats = new Map<MemberId, Incarnation>();
  #others: readonly Seat[] = [];

  constructor(self: Seat, first: Enacted) {
    this.self = self;
    this.#enacted = [first];
    this.#inForce = first;
    this.#derive();
  }

  get membership(): Membership {
    return this.#inForce.membership;
  }

  /** Index of the entry in force. */
  get index(): LogIndex {
    return this.#inForce.index;
  }

  get isJoint(): boolean {
    return this.#voters.outgoing.length > 0;
  }

  get voters(): Voters {
    return this.#voters;
  }

  /** Everyone else who receives the log. */
  get others(): readonly Seat[] {
    return this.#others;
  }

  /** Whether this very directory votes. */
  get isVoter(): boolean {
    return this.isSeat(this.self) && holdsVote(this.#inForce.membership, this.self);
  }

  isSeat({ id, incarnation }: Seat): boolean {
    return this.#seats.get(id) === incarnation;
  }

  /** Whether this very directory was given up. A seat that is in use was not, and is found faster. */
  isRemoved(seat: Seat): boolean {
    return !this.isSeat(seat) && wasRemoved(this.#inForce.membership, seat);
  }

  /**
   * Whether this member may be needed as a candidate: it votes, or did before a change that may not be
   * committed. Without such a candidate an ensemble could be stuck: only its log has the change (§4.2.2).
   */
  isElectable(commit: LogIndex): boolean {
    if (this.isVoter) return true;
    const before = this.#enacted.at(-2);
    return before !== undefined && this.index > commit && holdsVote(before.membership, this.self);
  }

  /** An entry of kind `membership` is in the log. Those that the first snapshot covers say nothing new. */
  enact({ index, payload }: Entry): void {
    if (index <= this.index) return;
    const { membership } = readMembershipRecord(new ByteReader(payload));
    this.#enacted.push({ index, membership });
    this.#derive();
  }

  /** The log lost `from` and everything after it. */
  truncateFrom(from: LogIndex): void {
    if (this.index < from) return;
    // The first one is committed: no truncation reaches it.
    while (this.#enacted.length > 1 && this.index >= from) {
      this.#enacted.pop();
      this.#derive();
    }
  }

  /** Entries up to `base` are gone from the log, and stay committed. */
  compactTo(base: LogIndex): void {
    const kept = this.#enacted.findLastIndex(({ index }) => index <= base);
    if (kept > 0) this.#enacted.splice(0, kept);
  }

  /** A snapshot took the log's place. */
  replaceBy(first: Enacted): void {
    this.#enacted = [first];
    this.#derive();
  }

  #derive(): void {
    const newest = this.#enacted.at(-1);
    assert(newest !== undefined, 'no membership at all');
    this.#inForce = newest;
    const { voters, outgoing } = newest.membership;
    this.#voters = { incoming: idsOf(voters), outgoing: isJoint(newest.membership) ? idsOf(outgoing) : [] };
    const seats = seatsOf(newest.membership);
    this.#seats = new Map(seats.map(({ id, incarnation }) => [id, incarnation]));
    this.#others = seats.filter(({ id }) => id !== this.self.id);
  }
}

function holdsVote({ voters, outgoing }: Membership, self: Seat): boolean {
  const isSelf = ({ id, incarnation }: Seat) => id === self.id && incarnation === self.incarnation;
  return voters.some(isSelf) || outgoing.some(isSelf);
}

function idsOf(seats: readonly Seat[]): readonly MemberId[] {
  return seats.map(({ id }) => id);
}
