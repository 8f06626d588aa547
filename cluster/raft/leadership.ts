/** What a member remembers while it leads; gone with the leadership. */
import type { LogIndex, MemberId } from '../base/ids.ts';
import type { Progress } from './progress.ts';

export interface Leadership {
  readonly kind: 'leader';
  /** Everyone else who receives the log, voter or not. */
  readonly followers: Map<MemberId, Progress>;
  heartbeatDueTick: number;
  /**
   * Nothing is said before this entry is durable. Who needed no vote but its own has told nobody of it yet:
   * a crash could make it forget the term, and another leader of that term come up.
   */
  readonly silentUntil: LogIndex;
  /** Payload bytes of entries that are not committed yet. */
  uncommittedBytes: number;
  readonly reads: LeaderReads;
  /** Not null while leadership is being handed over: nothing is proposed meanwhile. */
  transfer: Transfer | null;
  /** Since when somebody else should lead; null while this member may. */
  unwillingSinceTick: number | null;
  /** Not before then does an unwilling leader try to hand over again. */
  nextHandoverTick: number;
}

/** Thesis §3.10. */
export interface Transfer {
  readonly target: MemberId;
  /** Given up then: the target may be dead, and proposals wait. */
  readonly dueTick: number;
}

/** A read barrier on the leader: its own, or a follower's. */
export interface LeaderRead {
  readonly origin:
    | { readonly kind: 'local'; readonly id: number }
    | { readonly kind: 'follower'; readonly member: MemberId; readonly ticket: number };
  readonly sinceTick: number;
}

/** Thesis §6.4, batched: at most one round is under way, the others wait for the next. */
interface LeaderReads {
  /** The last round begun. Heartbeats carry it; an answer proves that we led after it began. */
  round: number;
  underWay: ReadRound | null;
  waiting: LeaderRead[];
}

interface ReadRound {
  /** The commit index when the round began. */
  readonly index: LogIndex;
  readonly reads: readonly LeaderRead[];
  readonly confirmedBy: Set<MemberId>;
}
