/** The changes of role (figure 4 of the paper, with the pre-candidate of thesis §9.6). */
import { type MemberId, nextIndex, nextTerm, type Term } from '../base/ids.ts';
import { Progress } from './progress.ts';
import { failReads } from './read-index.ts';
import { drawElectionTicks, type KnownLeader, type Leadership, type Raft } from './state.ts';

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
export function becomePreCandidate(raft: Raft): void {
  failReads(raft);
  raft.role = { kind: 'preCandidate', grantedBy: new Set([raft.config.id]) };
}

/** Begins a term and votes for itself (§5.2). */
export function becomeCandidate(raft: Raft): void {
  failReads(raft);
  raft.term = nextTerm(raft.term);
  raft.votedFor = raft.config.id;
  raft.role = { kind: 'candidate', grantedBy: new Set([raft.config.id]) };
}

/** Leads the current term; a first, empty entry lets it commit what earlier terms left (§5.4.2, §8). */
export function becomeLeader(raft: Raft): void {
  const { log, nowTick } = raft;
  const next = nextIndex(log.last);
  const others = raft.config.voters.filter((voter) => voter !== raft.config.id);
  const leadership: Leadership = {
    kind: 'leader',
    followers: new Map(others.map((id) => [id, new Progress({ id, next, nowTick })])),
    heartbeatDueTick: nowTick + raft.config.timing.heartbeatTicks,
    uncommittedBytes: 0,
    reads: { round: 0, underWay: null, waiting: [] },
  };
  for (const entry of log.slice(nextIndex(raft.commit), log.last)) {
    leadership.uncommittedBytes += entry.payload.length;
  }
  raft.role = leadership;
  raft.fastCampaigns = null;
  log.append({ index: next, term: raft.term, kind: 'noop', payload: noPayload });
}

/** Waits a whole random election timeout, and forgets the evidence that the last leader is gone. */
export function resetElectionTimeout(raft: Raft): void {
  raft.electionDueTick = raft.nowTick + drawElectionTicks(raft.config);
  raft.fastCampaigns = null;
}
