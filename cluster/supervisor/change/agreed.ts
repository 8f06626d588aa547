/** What the ensemble agrees on about its members, as its leader reports it. */
import type { EnsembleView, MemberReport } from '../../api/ensemble.ts';
import type { MembershipView, SeatView } from '../../api/membership.ts';

/** A follower that the leader has not heard for longer does not count: several heartbeats, and a slow machine. */
const heardMaxMs = 1_500;

export interface Agreed {
  readonly leader: number;
  readonly report: MemberReport;
  readonly membership: MembershipView;
  /**
   * The membership is committed, no change of voters is half-way, and a majority follows: what a leader
   * reports that was cut off may be out of date.
   */
  readonly settled: boolean;
  /** Members that take part right now, the leader included. */
  readonly heard: ReadonlySet<number>;
}

/** A seat as the supervisor's record has it. */
export interface RecordedSeat {
  readonly id: number;
  readonly incarnation: number;
}

/** Null: no member leads. */
export function agreedOf({ leader, members }: Pick<EnsembleView, 'leader' | 'members'>): Agreed | null {
  const report = members.find(({ id }) => id === leader)?.report ?? null;
  if (leader === null || report === null) return null;
  const up = new Set(members.filter(({ process }) => process.kind === 'up').map(({ id }) => id));
  const following = report.followers.filter(({ id, silentMs }) => up.has(id) && silentMs <= heardMaxMs);
  const heard = new Set([leader, ...following.map(({ id }) => id)]);
  const { membership, membershipIndex, commit } = report;
  return {
    leader,
    report,
    membership,
    settled: membershipIndex <= commit && membership.outgoing.length === 0 && isMajority(membership, heard),
    heard,
  };
}

/** Whether these members are a majority of the voters. */
export function isMajority({ voters }: MembershipView, members: ReadonlySet<number>): boolean {
  return voters.filter(({ id }) => members.has(id)).length * 2 > voters.length;
}

/** Whether a list of seats has this very one. */
export function has(seats: readonly SeatView[], { id, incarnation }: RecordedSeat): boolean {
  return seats.some((seat) => seat.id === id && seat.incarnation === incarnation.toString(16));
}

/** Whether a seat takes any part, also as one that is on its way out. */
export function belongs({ voters, outgoing, learners }: MembershipView, seat: RecordedSeat): boolean {
  return has(voters, seat) || has(outgoing, seat) || has(learners, seat);
}
