/** What the ensemble agrees on about its members, as its leader reports it. */
import type { EnsembleView, MemberReport } from '../../api/ensemble.ts';
import type { MembershipView, SeatView } from '../../api/membership.ts';

/** A follower that the leader has not heard for longer does not count: several heartbeats, and a slow machine. */
const heardMaxMs = 1_500;

export interface Agreed {
  readonly leader: number;
  readonly report: MemberReport;
  readonly membership: MembershipView;
  /** The membership is committed, and no change of voters is half-way. */
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
  const heard = report.followers.filter(({ id, silentMs }) => up.has(id) && silentMs <= heardMaxMs);
  return {
    leader,
    report,
    membership: report.membership,
    settled: report.membershipIndex <= report.commit && report.membership.outgoing.length === 0,
    heard: new Set([leader, ...heard.map(({ id }) => id)]),
  };
}

/** Whether a list of seats has this very one. */
export function has(seats: readonly SeatView[], { id, incarnation }: RecordedSeat): boolean {
  return seats.some((seat) => seat.id === id && seat.incarnation === incarnation.toString(16));
}

/** Whether a seat takes any part, also as one that is on its way out. */
export function belongs({ voters, outgoing, learners }: MembershipView, seat: RecordedSeat): boolean {
  return has(voters, seat) || has(outgoing, seat) || has(learners, seat);
}
