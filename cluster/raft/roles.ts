/** The changes of role (figure 4 of the paper, with the pre-candidate of thesis §9.6). */
import { logIndex, type MemberId, nextIndex, nextTerm, type Term } from '../base/ids.ts';
import type { Leadership } from './leadership.ts';
import { failReads } from './read-index.ts';
import { followSeats } from './reconfigure.ts';
import { type Campaign, drawElectionTicks, type KnownLeader, type Raft } from './state.ts';

const noPayload = new Uint8Array(0);

/**
 * Follows nobody yet in `term`, which is this member's term or a newer one. The election timeout goes
 * on: only a leader's message and a granted vote reset it (§5.2), and a leader has to start one.
 */
export function becomeFollower(raft: Raft, term: Term): void {
  failReads(raft);
  if (raft.role.kind === 'leader') resetElectionTimeout(raft);
  raft.role = { kind: 'follower', leader: null };
  if (term > raft.term) {
    raft.term = term;
    raft.votedFor = null;
  }
}

/** A message of the current term came from its leader. */
export function followLeader(raft: Raft, id: MemberId): KnownLeader {
  resetElectionTimeout(raft);
  const known = raft.role.kind === 'follower' ? raft.role.leader : null;
  if (known !== null && known.id === id) {
    known.heardAtTick = raft.nowTick;
    known.evidence = 'none';
    return known;
  }
  failReads(raft);
  // What is committed is in every leader's log (leader completeness).
  const leader: KnownLeader = { id, heardAtTick: raft.nowTick, evidence: 'none', matched: raft.commit };
  raft.role = { kind: 'follower', leader };
  return leader;
}

/** Asks around before beginning a term, so that a member that cannot win disturbs nobody. */
export function becomePreCandidate(raft: Raft): Campaign {
  failReads(raft);
  const role: Campaign = { kind: 'preCandidate', grantedBy: votesOfItself(raft) };
  raft.role = role;
  return role;
}

/** Begins a term and votes for itself (§5.2). */
export function becomeCandidate(raft: Raft): Campaign {
  failReads(raft);
  raft.term = nextTerm(raft.term);
  raft.votedFor = raft.log.members.self;
  const role: Campaign = { kind: 'candidate', grantedBy: votesOfItself(raft) };
  raft.role = role;
  return role;
}

/**
 * Leads the current term; a first, empty entry lets it commit what earlier terms left (§5.4.2, §8).
 * `ownVote`: whether the disk holds the vote it gave itself; the first entry is written with it.
 */
export function becomeLeader(raft: Raft, { ownVote }: { readonly ownVote: 'durable' | 'staged' }): void {
  const { log, nowTick } = raft;
  const leadership: Leadership = {
    kind: 'leader',
    followers: new Map(),
    silentUntil: ownVote === 'durable' ? logIndex(0) : nextIndex(log.last),
    heartbeatDueTick: nowTick + raft.config.timing.heartbeatTicks,
    uncommittedBytes: 0,
    reads: { round: 0, underWay: null, waiting: [] },
    transfer: null,
    unwillingSinceTick: null,
    nextHandoverTick: nowTick,
  };
  followSeats(raft, leadership.followers);
  for (const entry of log.slice(nextIndex(raft.commit), log.last)) {
    leadership.uncommittedBytes += entry.payload.length;
  }
  raft.role = leadership;
  raft.fastCampaigns = null;
  log.append({ index: nextIndex(log.last), term: raft.term, kind: 'noop', payload: noPayload });
}

/** Its own vote counts only where its own directory has one: another may hold its member id by now. */
function votesOfItself({ log, config }: Raft): Set<MemberId> {
  return new Set(log.members.isVoter ? [config.id] : []);
}

/** Waits a whole random election timeout, and forgets the evidence that the last leader is gone. */
export function resetElectionTimeout(raft: Raft): void {
  raft.electionDueTick = raft.nowTick + drawElectionTicks(raft.config);
  raft.fastCampaigns = null;
}
