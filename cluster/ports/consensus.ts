/**
 * The consensus engine as `replica` knows it: one input in, effects out. Messages and hard state are
 * opaque bytes, so that another engine (Multi-Paxos) can take Raft's place under the same store.
 */
import type { Entry } from '../base/entry.ts';
import type { Incarnation, LogIndex, MemberId, Term } from '../base/ids.ts';
import type { Membership, MembershipChange } from '../base/membership.ts';

export type ConsensusInput =
  /** One period of the driver's clock went by. */
  | { readonly kind: 'tick' }
  /** `incarnation`: which directory the sender speaks for, as its transport proved. */
  | {
      readonly kind: 'received';
      readonly from: MemberId;
      readonly incarnation: Incarnation;
      readonly message: Uint8Array;
    }
  /** Commands to append, in order. Only a leader takes them; `effects.refused` says when not. */
  | { readonly kind: 'proposed'; readonly payloads: readonly Uint8Array[] }
  /** The batch that ended in this entry (or held only hard state) is durable. */
  | { readonly kind: 'persisted'; readonly upTo: LogIndex; readonly term: Term }
  /** The store has applied everything up to here. */
  | { readonly kind: 'applied'; readonly upTo: LogIndex }
  /** Evidence that a peer's process is gone (ports/network). */
  | { readonly kind: 'peerGone'; readonly peer: MemberId }
  /** A linearizable read barrier is wanted; answered in `effects.reads` under the same id. */
  | { readonly kind: 'readRequested'; readonly id: number }
  /** An operator's request; the answer is `effects.refused`, the outcome shows in `status()`. */
  | { readonly kind: 'requested'; readonly request: ConsensusRequest }
  /**
   * A snapshot of the store at `index` is durable here. Entries before `keepFrom` (at most `index + 1`)
   * are not kept any longer; who needs them is offered the snapshot.
   */
  | {
      readonly kind: 'snapshotTaken';
      readonly snapshot: SnapshotPoint;
      readonly keepFrom: LogIndex;
    }
  /**
   * A snapshot that `effects.fetchSnapshot` asked for is durable here, the log begins behind it, and the
   * store holds it. Entries that were handed over for `apply` and are not applied yet are void, and so are
   * the batches and messages that wait for the disk: their entries are in the snapshot or will never be
   * committed, and the effects of this step bring the hard state again. (Let a write under way end first.)
   */
  | { readonly kind: 'snapshotInstalled'; readonly snapshot: SnapshotPoint }
  /**
   * Whether this member may lead: `no` while its disk is full or slow, or it is fenced. A leader
   * hands over as soon as somebody can take over; such a member never campaigns.
   */
  | { readonly kind: 'leadership'; readonly may: 'yes' | 'no' };

export type ConsensusRequest =
  /** Hands leadership to a voter that is caught up first (thesis §3.10); null: to the best one. */
  | { readonly kind: 'transfer'; readonly to: MemberId | null }
  /** Campaigns now, also in manual election mode. */
  | { readonly kind: 'campaign' }
  | { readonly kind: 'changeMembership'; readonly change: MembershipChange };

/** Why something was not taken. */
export type ConsensusRefusal =
  | 'notLeader'
  /** Too many uncommitted bytes. */
  | 'full'
  /** Leadership is being handed over: nothing new is taken until that is done or given up. */
  | 'handingOver'
  /** The last membership change is not complete, or this term has committed nothing yet. */
  | 'changing'
  | 'unknownMember'
  | 'alreadyMember'
  | 'notVoter'
  | 'notLearner'
  /** A learner that lags too far behind cannot be promoted, nor a voter that does not answer lead. */
  | 'lagging'
  /** The voters that would remain are not reached by a majority now: the change would stop the ensemble. */
  | 'wouldLoseQuorum'
  | 'lastVoter'
  /** This directory was given up. */
  | 'removedSeat'
  /** A member that repairs its log, is fenced, or may not lead does not campaign. */
  | 'mayNotLead'
  | 'alreadyLeader';

/** What the driver must do, in this order: persist, send, apply. */
export interface Effects {
  /** One write, one fsync; then `sendAfterPersist`, then the input `persisted`. */
  readonly persist: PersistBatch | null;
  /** Safe to send before the batch is durable. */
  readonly send: readonly Envelope[];
  /** Votes and acknowledgements: only once this step's batch, and every earlier one, is durable. */
  readonly sendAfterPersist: readonly Envelope[];
  /** Newly committed entries, in order; each exactly once. */
  readonly apply: readonly Entry[];
  readonly reads: readonly ReadOutcome[];
  /** Not null when the proposals or the request of this step were not taken. */
  readonly refused: ConsensusRefusal | null;
  /**
   * The leader no longer has the entries this member needs: get this snapshot from it, then say so. Repeated
   * with the leader's heartbeats, perhaps naming a newer one: who fetches already may go on with that.
   */
  readonly fetchSnapshot: SnapshotOffer | null;
}

export interface PersistBatch {
  /** Hard state (term, vote) to remember, or null when unchanged. */
  readonly hardState: Uint8Array | null;
  /** Entries to store. They replace everything from the first one's index on. */
  readonly entries: readonly Entry[];
}

export interface Envelope {
  readonly to: MemberId;
  readonly message: Uint8Array;
}

/** A point of the log that a snapshot stands for. */
export interface SnapshotPoint {
  readonly index: LogIndex;
  readonly term: Term;
  /** In force at `index`. */
  readonly membership: Membership;
}

export interface SnapshotOffer {
  readonly from: MemberId;
  readonly index: LogIndex;
  readonly term: Term;
}

/** `index`: once it is applied here, reads see everything that was committed before the request. */
export type ReadOutcome =
  | { readonly kind: 'ready'; readonly id: number; readonly index: LogIndex }
  /** No leader confirmed in time; ask again. */
  | { readonly kind: 'failed'; readonly id: number };

export type ConsensusRole = 'follower' | 'preCandidate' | 'candidate' | 'leader';

/** What a member knows of itself, for the driver, the console and the checkers. */
export interface ConsensusStatus {
  readonly role: ConsensusRole;
  readonly term: Term;
  /** The leader of this term as far as this member knows. */
  readonly leader: MemberId | null;
  readonly votedFor: MemberId | null;
  readonly first: LogIndex;
  readonly last: LogIndex;
  readonly persisted: LogIndex;
  readonly commit: LogIndex;
  readonly applied: LogIndex;
  /** The newest membership in the log, committed or not: the one in force. */
  readonly membership: Membership;
  /** Index of its entry; of the snapshot that told it when the entry is not in the log any more. */
  readonly membershipIndex: LogIndex;
  /** Who leadership is being handed to, on a leader that does. */
  readonly transferTo: MemberId | null;
  /** Until a leader has replaced what the disk lost: no campaigns, and votes only as `VotingBound` allows. */
  readonly repairing: boolean;
  /** The leader's view of the others; empty on the rest. */
  readonly followers: readonly FollowerProgress[];
}

export interface FollowerProgress {
  readonly id: MemberId;
  readonly match: LogIndex;
  readonly next: LogIndex;
  readonly ticksSinceHeard: number;
  /** `snapshot`: it needs what the log no longer has, and was offered a snapshot. */
  readonly mode: 'probe' | 'replicate' | 'snapshot';
}

/**
 * A damaged log is cut to its whole part, but what stood behind was promised. `point`: the last entry
 * this member may have acknowledged; a candidate whose log reaches it may have its vote. `unknown`: no
 * vote can be given safely. Ends when a leader's log, as far as it was committed in that leader's own
 * term, is durable here again, and with it whatever that leader may still count on (protocol-aware
 * recovery, FAST'18; the argument is in raft/repair.ts). Term and vote must be intact.
 */
export type VotingBound =
  | { readonly kind: 'point'; readonly index: LogIndex; readonly term: Term }
  | { readonly kind: 'unknown' };

/** What survives a restart: what the write-ahead log found. */
export interface RestoredLog {
  readonly hardState: Uint8Array | null;
  /** The entry before the first of `entries`; (0, 0) when the log is whole. */
  readonly base: { readonly index: LogIndex; readonly term: Term };
  readonly entries: readonly Entry[];
  /** The newest snapshot, which the store already holds; never before `base`, never after the last entry. Null: none. */
  readonly snapshot: SnapshotPoint | null;
  /** Null: the log is undamaged. */
  readonly votingBound: VotingBound | null;
}

export interface Consensus {
  step(input: ConsensusInput): Effects;
  status(): ConsensusStatus;
  /**
   * Whether installing this snapshot is safe and of use. Ask in the very turn that makes it the base of
   * the log: entries may have arrived meanwhile and been acknowledged, and nothing may replace those.
   */
  needsSnapshot(snapshot: { readonly index: LogIndex; readonly term: Term }): boolean;
  /** Entries `from` … `from + count - 1`, as many as exist. */
  entries(from: LogIndex, count: number): readonly Entry[];
  /** Throws when an invariant of the engine does not hold; tests call it after every step. */
  checkInvariants(): void;
}
