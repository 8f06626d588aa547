/** Everything one member's consensus remembers, and how it begins. Only `step` changes it. */
import { assert } from '../base/assert.ts';
import type { Entry } from '../base/entry.ts';
import {
  type Incarnation,
  type LogIndex,
  logIndex,
  type MemberId,
  type Term,
  term as termOf,
} from '../base/ids.ts';
import { emptyMembership, type Membership, type Seat } from '../base/membership.ts';
import { Durability } from './durability.ts';
import type { Leadership } from './leadership.ts';
import { type LogBase, RaftLog } from './log.ts';
import { Members } from './members.ts';
import type { Outgoing } from './messages.ts';
import type { Refusal } from './refusal.ts';

export type Switch = 'on' | 'off';

/** All in periods of the driver's clock. */
export interface RaftTiming {
  readonly heartbeatTicks: number;
  /** An election timeout is drawn anew from this range, both ends included, whenever it is reset (§5.2). */
  readonly electionTicksMin: number;
  readonly electionTicksMax: number;
  /** Longest random delay of the first campaign after evidence that the leader's process is gone. */
  readonly fastCampaignTicksMax: number;
}

export interface RaftConfig {
  readonly id: MemberId;
  /** Of this member's data directory: with the id, its seat. */
  readonly incarnation: Incarnation;
  /** A whole number, 0 ≤ n < `limit`. */
  readonly random: (limit: number) => number;
  readonly timing: RaftTiming;
  readonly preVote: Switch;
  readonly checkQuorum: Switch;
  /** `manual`: nobody campaigns by itself; an operator asks a member to, or the leader hands over. */
  readonly elections: 'automatic' | 'manual';
}

/** What must survive a crash beside the log (§5, figure 2). */
export interface HardState {
  readonly term: Term;
  /** A seat, not a member id: another directory under the same id is another candidate. */
  readonly votedFor: Seat | null;
}

/** A point of the log that a snapshot stands for, and the membership in force there. */
export interface SnapshotPoint extends LogBase {
  readonly membership: Membership;
}

/** `VotingBound` of the `Consensus` port; what it demands, and why, is told in repair.ts. */
export type VotingBound =
  | { readonly kind: 'point'; readonly index: LogIndex; readonly term: Term }
  | { readonly kind: 'unknown' };

/** A damaged log on its way to be whole again. */
export interface Repair {
  bound: VotingBound;
  /** The term when this life began: nothing that was lost was promised in a later one. */
  readonly sinceTerm: Term;
  /** Only this life knows it: an answer that repeats it is an answer to this life. */
  readonly nonce: number;
}

export interface KnownLeader {
  readonly id: MemberId;
  heardAtTick: number;
  /** Gone: there is evidence that its process ended, and nothing was heard since. */
  evidence: 'none' | 'gone';
  /** This member's log equals the leader's up to here. Invariant: never below `commit`. */
  matched: LogIndex;
}

type Role = { readonly kind: 'follower'; leader: KnownLeader | null } | Campaign | Leadership;

export interface Campaign {
  readonly kind: 'preCandidate' | 'candidate';
  readonly grantedBy: Set<MemberId>;
}

/** A read barrier that was forwarded to the leader. */
interface ForwardedRead {
  readonly id: number;
  readonly sinceTick: number;
}

export type ReadOutcome =
  | { readonly kind: 'ready'; readonly id: number; readonly index: LogIndex }
  | { readonly kind: 'failed'; readonly id: number };

/** What the current step has asked for so far. */
export interface Outbox {
  send: Outgoing[];
  sendAfterPersist: Outgoing[];
  reads: ReadOutcome[];
  refused: Refusal | null;
  fetchSnapshot: (LogBase & { readonly from: MemberId }) | null;
}

export interface Raft {
  readonly config: RaftConfig;
  readonly log: RaftLog;
  readonly durability: Durability;
  term: Term;
  votedFor: Seat | null;
  role: Role;
  /** Highest entry known to be committed. */
  commit: LogIndex;
  /** Entries handed to the store. */
  handedOver: LogIndex;
  /** Entries the store says it has applied. */
  applied: LogIndex;
  /** Ticks since this member started. */
  nowTick: number;
  /** When to campaign unless a leader is heard; leaders do not look at it. */
  electionDueTick: number;
  /** Campaigns since the leader's process was seen to be gone; null without such evidence. */
  fastCampaigns: number | null;
  /** `no`: this member never campaigns, and hands over what it leads. */
  mayLead: 'yes' | 'no';
  /** Not null until a leader has replaced what the disk lost. */
  repair: Repair | null;
  /** The newest snapshot of the store; null: none yet. */
  snapshot: SnapshotPoint | null;
  readonly forwardedReads: Map<number, ForwardedRead>;
  nextReadTicket: number;
  /** The hard state last given to the driver. */
  stagedHardState: HardState;
  out: Outbox;
}

/** What survives a restart. */
export interface Restored {
  readonly hardState: HardState | null;
  /** The entry before the first of `entries`. */
  readonly base: LogBase;
  readonly entries: readonly Entry[];
  /** The store holds it already; not before `base`, not after the last entry. */
  readonly snapshot: SnapshotPoint | null;
  readonly votingBound: VotingBound | null;
}

/** What an empty disk says. */
export const noHardState: HardState = { term: termOf(0), votedFor: null };

const ticketSeriesLimit = 2 ** 31;
const ticketsPerSeries = 2 ** 21;

/** A follower that knows what its disk held. */
export function createState(config: RaftConfig, restored: Restored): Raft {
  checkConfig(config);
  const log = restoreLog(config, restored);
  const stored = restored.hardState ?? noHardState;
  // A crash right after a fetched snapshot became the base: nothing was promised in its term yet.
  const hardState = stored.term < log.base.term ? { term: log.base.term, votedFor: null } : stored;
  assert(log.lastTerm <= hardState.term, 'the log is ahead of the hard state', {
    lastTerm: log.lastTerm,
    term: hardState.term,
  });
  const applied = restored.snapshot?.index ?? logIndex(0);
  return {
    config,
    log,
    durability: new Durability(log.last),
    term: hardState.term,
    votedFor: hardState.votedFor,
    role: { kind: 'follower', leader: null },
    commit: applied,
    handedOver: applied,
    applied,
    nowTick: 0,
    electionDueTick: drawElectionTicks(config),
    fastCampaigns: null,
    mayLead: 'yes',
    repair:
      restored.votingBound === null
        ? null
        : { bound: restored.votingBound, sinceTerm: hardState.term, nonce: config.random(ticketSeriesLimit) },
    snapshot: restored.snapshot,
    forwardedReads: new Map(),
    // A random start keeps a late answer to an earlier life from passing for an answer to this one.
    nextReadTicket: config.random(ticketSeriesLimit) * ticketsPerSeries,
    stagedHardState: stored,
    out: emptyOutbox(),
  };
}

function restoreLog({ id, incarnation }: RaftConfig, { base, entries, snapshot }: Restored): RaftLog {
  const first = snapshot ?? { index: logIndex(0), membership: emptyMembership };
  assert(base.index === 0 || snapshot !== null, 'a log that begins later needs a snapshot', { ...base });
  const log = new RaftLog(base, new Members({ id, incarnation }, first));
  for (const entry of entries) log.append(entry);
  log.takeWritten();
  const isInLog = snapshot === null || log.termAt(snapshot.index) === snapshot.term;
  assert(isInLog, 'the snapshot is no point of the log', { ...snapshot, base: base.index, last: log.last });
  return log;
}

export function emptyOutbox(): Outbox {
  return {
    send: [],
    sendAfterPersist: [],
    reads: [],
    refused: null,
    fetchSnapshot: null,
  };
}

/** A random election timeout (§5.2). */
export function drawElectionTicks({ random, timing }: Pick<RaftConfig, 'random' | 'timing'>): number {
  return timing.electionTicksMin + random(timing.electionTicksMax - timing.electionTicksMin + 1);
}

/** The leader of this term as far as this member knows. */
export function leaderOf(raft: Raft): MemberId | null {
  if (raft.role.kind === 'leader') return raft.config.id;
  return raft.role.kind === 'follower' ? (raft.role.leader?.id ?? null) : null;
}

function checkConfig({ timing }: RaftConfig): void {
  assert(timing.heartbeatTicks >= 1, 'heartbeats need a period', { ...timing });
  assert(timing.electionTicksMin > timing.heartbeatTicks, 'elections must wait for heartbeats', {
    ...timing,
  });
  assert(timing.electionTicksMax >= timing.electionTicksMin, 'empty range of election timeouts', {
    ...timing,
  });
  assert(timing.fastCampaignTicksMax >= 0, 'negative campaign delay', { ...timing });
}
