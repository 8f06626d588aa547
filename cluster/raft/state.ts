/** Everything one member's consensus remembers, and how it begins. Only `step` changes it. */
import { assert } from '../base/assert.ts';
import type { Entry } from '../base/entry.ts';
import { type LogIndex, logIndex, type MemberId, type Term, term as termOf } from '../base/ids.ts';
import { Durability } from './durability.ts';
import { RaftLog } from './log.ts';
import type { Outgoing } from './messages.ts';
import type { Progress } from './progress.ts';
import type { Voters } from './quorum.ts';

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
  readonly voters: Voters;
  /** A whole number, 0 ≤ n < `limit`. */
  readonly random: (limit: number) => number;
  readonly timing: RaftTiming;
  readonly preVote: Switch;
  readonly checkQuorum: Switch;
}

/** What must survive a crash beside the log (§5, figure 2). */
export interface HardState {
  readonly term: Term;
  readonly votedFor: MemberId | null;
}

export interface KnownLeader {
  readonly id: MemberId;
  heardAtTick: number;
  /** Gone: there is evidence that its process ended, and nothing was heard since. */
  evidence: 'none' | 'gone';
  /** This member's log equals the leader's up to here. Invariant: never below `commit`. */
  matched: LogIndex;
}

type Role =
  | { readonly kind: 'follower'; leader: KnownLeader | null }
  | { readonly kind: 'preCandidate'; readonly grantedBy: Set<MemberId> }
  | { readonly kind: 'candidate'; readonly grantedBy: Set<MemberId> }
  | Leadership;

export interface Leadership {
  readonly kind: 'leader';
  /** Every other voter, in the order of the voter list. */
  readonly followers: ReadonlyMap<MemberId, Progress>;
  heartbeatDueTick: number;
  /** Payload bytes of entries that are not committed yet. */
  uncommittedBytes: number;
  readonly reads: LeaderReads;
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
  refused: boolean;
}

export interface Raft {
  readonly config: RaftConfig;
  readonly log: RaftLog;
  readonly durability: Durability;
  term: Term;
  votedFor: MemberId | null;
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
  readonly forwardedReads: Map<number, ForwardedRead>;
  nextReadTicket: number;
  /** The hard state last given to the driver. */
  stagedHardState: HardState;
  out: Outbox;
}

export interface Restored {
  readonly hardState: HardState | null;
  readonly entries: readonly Entry[];
}

const ticketSeriesLimit = 2 ** 31;
const ticketsPerSeries = 2 ** 21;

/** A follower that knows what its disk held. */
export function createState(config: RaftConfig, restored: Restored): Raft {
  checkConfig(config);
  const log = new RaftLog({ index: logIndex(0), term: termOf(0) });
  for (const entry of restored.entries) log.append(entry);
  log.takeWritten();
  const hardState = restored.hardState ?? { term: termOf(0), votedFor: null };
  assert(log.lastTerm <= hardState.term, 'the log is ahead of the hard state', {
    lastTerm: log.lastTerm,
    term: hardState.term,
  });
  return {
    config,
    log,
    durability: new Durability(log.last),
    term: hardState.term,
    votedFor: hardState.votedFor,
    role: { kind: 'follower', leader: null },
    commit: logIndex(0),
    handedOver: logIndex(0),
    applied: logIndex(0),
    nowTick: 0,
    electionDueTick: drawElectionTicks(config),
    fastCampaigns: null,
    forwardedReads: new Map(),
    // A random start keeps a late answer to an earlier life from passing for an answer to this one.
    nextReadTicket: config.random(ticketSeriesLimit) * ticketsPerSeries,
    stagedHardState: hardState,
    out: emptyOutbox(),
  };
}

export function emptyOutbox(): Outbox {
  return { send: [], sendAfterPersist: [], reads: [], refused: false };
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

function checkConfig({ id, voters, timing }: RaftConfig): void {
  assert(voters.includes(id), 'not a voter of its own ensemble', { id });
  assert(new Set(voters).size === voters.length, 'a voter is listed twice', { voters });
  assert(timing.heartbeatTicks >= 1, 'heartbeats need a period', { ...timing });
  assert(timing.electionTicksMin > timing.heartbeatTicks, 'elections must wait for heartbeats', {
    ...timing,
  });
  assert(timing.electionTicksMax >= timing.electionTicksMin, 'empty range of election timeouts', {
    ...timing,
  });
  assert(timing.fastCampaignTicksMax >= 0, 'negative campaign delay', { ...timing });
}
