/** What members say to each other. Every message carries its sender's term, or the term it asks for. */
import type { Entry } from '../base/entry.ts';
import type { LogIndex, MemberId, Term } from '../base/ids.ts';

export type RaftMessage =
  /** "Would you vote for me in `term`?", before that term is begun (thesis §9.6). Changes nothing. */
  | PreVote
  /** Granted: `term` is the term asked for. Refused: the voter's own. */
  | { readonly kind: 'preVoteReply'; readonly term: Term; readonly verdict: VoteAnswer }
  | RequestVote
  | { readonly kind: 'requestVoteReply'; readonly term: Term; readonly verdict: VoteAnswer }
  | AppendEntries
  /** The sender's durable log equals the leader's up to `match`. */
  | { readonly kind: 'appendAccepted'; readonly term: Term; readonly match: LogIndex }
  | AppendRejected
  | Heartbeat
  | HeartbeatReply
  /** The leader's commit index moved and there is nothing else to say. Not answered; a loss is harmless. */
  | { readonly kind: 'commitNotice'; readonly term: Term; readonly commit: LogIndex }
  /** A follower wants a read index. `ticket` names the request across restarts of the follower. */
  | { readonly kind: 'readRequest'; readonly term: Term; readonly ticket: number }
  /** `index` is null when the asked member does not lead or cannot take more reads. */
  | {
      readonly kind: 'readReply';
      readonly term: Term;
      readonly ticket: number;
      readonly index: LogIndex | null;
    }
  /** Answer to a leader of an older term (§5.1): it steps down when it reads `term`. */
  | { readonly kind: 'staleTerm'; readonly term: Term }
  /** The leader wants this member to take over: campaign at once (thesis §3.10). */
  | { readonly kind: 'timeoutNow'; readonly term: Term }
  | SnapshotOfferMessage
  /** A member whose log was damaged asks where the leader's log ends (repair.ts). */
  | { readonly kind: 'lastRequest'; readonly term: Term; readonly nonce: number }
  | { readonly kind: 'lastReply'; readonly term: Term; readonly nonce: number; readonly last: LogIndex };

export type VoteAnswer = 'granted' | 'refused';

interface VoteQuestion {
  readonly term: Term;
  readonly lastIndex: LogIndex;
  readonly lastTerm: Term;
}

export interface PreVote extends VoteQuestion {
  readonly kind: 'preVote';
}

export interface RequestVote extends VoteQuestion {
  readonly kind: 'requestVote';
  /** `handedOver`: the leader itself asked for this election, so no lease protects it (thesis §4.2.3). */
  readonly reason: 'noLeader' | 'handedOver';
}

/** §5.3. The entries follow `previousIndex` without a gap; none is a probe. */
export interface AppendEntries {
  readonly kind: 'appendEntries';
  readonly term: Term;
  readonly previousIndex: LogIndex;
  readonly previousTerm: Term;
  readonly commit: LogIndex;
  readonly entries: readonly Entry[];
}

/**
 * The follower has no entry (`previousIndex`, its term). The hint is its last entry, at or before
 * that index, that may still agree with the leader, so that a whole term is skipped at once (§5.3).
 */
export interface AppendRejected {
  readonly kind: 'appendRejected';
  readonly term: Term;
  readonly previousIndex: LogIndex;
  readonly hintIndex: LogIndex;
  readonly hintTerm: Term;
}

export interface Heartbeat {
  readonly kind: 'heartbeat';
  readonly term: Term;
  /** Commit index, bounded by `match`: the follower certainly holds these entries. */
  readonly commit: LogIndex;
  /** What the follower acknowledged, as far as the leader knows. */
  readonly match: LogIndex;
  /** The last entry sent to this follower before this heartbeat. */
  readonly sent: LogIndex;
  /** Read round (thesis §6.4) that an answer confirms. */
  readonly round: number;
}

export interface HeartbeatReply {
  readonly kind: 'heartbeatReply';
  readonly term: Term;
  readonly round: number;
  /** Echo of the heartbeat. */
  readonly sent: LogIndex;
  /** Entries received, perhaps not durable yet. Below `sent`, an append was lost. */
  readonly received: LogIndex;
}

/** The follower needs entries that the leader's log no longer has. Repeated with every heartbeat until it has them. */
interface SnapshotOfferMessage {
  readonly kind: 'snapshotOffer';
  readonly term: Term;
  /** The last entry that the snapshot covers, and its term. */
  readonly index: LogIndex;
  readonly snapshotTerm: Term;
}

/** A message and its addressee. */
export interface Outgoing {
  readonly to: MemberId;
  readonly message: RaftMessage;
}
