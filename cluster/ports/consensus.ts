/**
 * The consensus engine as `replica` knows it: one input in, effects out. Messages and hard state are
 * opaque bytes, so that another engine (Multi-Paxos) can take Raft's place under the same store.
 */
import type { Entry } from '../base/entry.ts';
import type { LogIndex, MemberId, Term } from '../base/ids.ts';

export type ConsensusInput =
  /** One period of the driver's clock went by. */
  | { readonly kind: 'tick' }
  | { readonly kind: 'received'; readonly from: MemberId; readonly message: Uint8Array }
  /** Commands to append, in order. Only a leader takes them; `effects.refused` says when not. */
  | { readonly kind: 'proposed'; readonly payloads: readonly Uint8Array[] }
  /** The batch that ended in this entry (or held only hard state) is durable. */
  | { readonly kind: 'persisted'; readonly upTo: LogIndex; readonly term: Term }
  /** The store has applied everything up to here. */
  | { readonly kind: 'applied'; readonly upTo: LogIndex }
  /** Evidence that a peer's process is gone (ports/network). */
  | { readonly kind: 'peerGone'; readonly peer: MemberId }
  /** A linearizable read barrier is wanted; answered in `effects.reads` under the same id. */
  | { readonly kind: 'readRequested'; readonly id: number };

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
  /** True when proposals of this step were not taken: this member does not lead, or its bound is reached. */
  readonly refused: boolean;
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
  /** The leader's view of the others; empty on the rest. */
  readonly followers: readonly FollowerProgress[];
}

export interface FollowerProgress {
  readonly id: MemberId;
  readonly match: LogIndex;
  readonly next: LogIndex;
  readonly ticksSinceHeard: number;
}

/** What survives a restart: what the write-ahead log found. */
export interface RestoredLog {
  readonly hardState: Uint8Array | null;
  readonly entries: readonly Entry[];
}

export interface Consensus {
  step(input: ConsensusInput): Effects;
  status(): ConsensusStatus;
  /** Entries `from` … `from + count - 1`, as many as exist. */
  entries(from: LogIndex, count: number): readonly Entry[];
  /** Throws when an invariant of the engine does not hold; tests call it after every step. */
  checkInvariants(): void;
}
