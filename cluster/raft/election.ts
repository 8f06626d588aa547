/** Campaigns and votes (§5.2, §5.4.1), with pre-vote and the leader lease (thesis §9.6, §4.2.3). */
import { type MemberId, nextTerm } from '../base/ids.ts';
import type { Seat } from '../base/membership.ts';
import type { PreVote, RaftMessage, RequestVote } from './messages.ts';
import { send, sendAfterPersist } from './outbox.ts';
import { isQuorum } from './quorum.ts';
import { reachesBound } from './repair.ts';
import {
  becomeCandidate,
  becomeFollower,
  becomeLeader,
  becomePreCandidate,
  resetElectionTimeout,
} from './roles.ts';
import { drawElectionTicks, type Raft } from './state.ts';
import { type Ballot, judge } from './vote-rules.ts';

/** What an election takes after its pre-vote, in ticks: a disk write and a round trip, with room. */
const standBackTicks = 5;

/** The election timeout ran out. Who may not campaign by itself only notices that nobody leads. */
export function onElectionTimeout(raft: Raft): void {
  if (raft.config.elections === 'automatic' && mayCampaign(raft)) {
    campaign(raft);
    return;
  }
  becomeFollower(raft, raft.term);
  resetElectionTimeout(raft);
}

/** Whether this member could lead: it votes, its log is whole, and nothing speaks against it. */
export function mayCampaign(raft: Raft): boolean {
  return raft.mayLead === 'yes' && raft.repair === null && raft.log.members.isElectable(raft.commit);
}

/** Asks for the votes of the others. */
export function campaign(raft: Raft): void {
  if (raft.fastCampaigns !== null) raft.fastCampaigns += 1;
  if (raft.config.preVote === 'on') startPreVote(raft);
  else startElection(raft, 'noLeader');
}

/** The leader hands over to this member (thesis §3.10): neither pre-vote nor lease stand in its way. */
export function onTimeoutNow(raft: Raft): void {
  if (mayCampaign(raft)) startElection(raft, 'handedOver');
}

/** The driver says whether this member may lead; who leads already learns it with the next tick. */
export function onLeadership(raft: Raft, may: 'yes' | 'no'): void {
  raft.mayLead = may;
  const { role } = raft;
  if (may === 'no' && (role.kind === 'preCandidate' || role.kind === 'candidate'))
    becomeFollower(raft, raft.term);
}

/**
 * The leader's process is gone: no need to wait for the timeout. The random delay keeps followers
 * that saw the same from splitting the vote; the lease ends, so that they may vote at once.
 */
export function onLeaderGone(raft: Raft): void {
  if (campaignSoon(raft) === 'atOnce') onElectionTimeout(raft);
}

/**
 * Campaigns after a short random delay instead of a whole timeout, unless a leader is heard before.
 * `atOnce` when no delay was drawn: the caller may campaign now, the next tick does it otherwise.
 */
export function campaignSoon(raft: Raft): 'atOnce' | 'later' {
  raft.fastCampaigns = 0;
  const delayTicks = raft.config.random(raft.config.timing.fastCampaignTicksMax + 1);
  raft.electionDueTick = Math.min(raft.electionDueTick, raft.nowTick + Math.max(1, delayTicks));
  return delayTicks === 0 ? 'atOnce' : 'later';
}

/** A candidate, or somebody who considers to be one, asks. */
export function onVoteQuestion(raft: Raft, candidate: Seat, question: PreVote | RequestVote): void {
  const verdict = judge(ballotOf(raft, candidate, question));
  const from = candidate.id;
  if (verdict === 'ignore') return;
  if (question.kind === 'preVote') {
    const granted = verdict === 'grant' && !isBehindUs(raft, from, question);
    if (granted) standBack(raft);
    const term = granted ? question.term : raft.term;
    send(raft, from, { kind: 'preVoteReply', term, verdict: granted ? 'granted' : 'refused' });
    return;
  }
  const granted = verdict === 'grant';
  if (question.term > raft.term) becomeFollower(raft, question.term);
  if (granted) {
    if (raft.role.kind === 'preCandidate') becomeFollower(raft, raft.term);
    raft.votedFor = { id: candidate.id, incarnation: candidate.incarnation };
    resetElectionTimeout(raft);
  }
  sendAfterPersist(raft, from, {
    kind: 'requestVoteReply',
    term: raft.term,
    verdict: granted ? 'granted' : 'refused',
  });
}

/**
 * When a leader's process dies, all who saw it campaign within a few ticks of each other, and two that
 * grant each other's pre-votes split the vote. So of two such pre-candidates with equal logs the one
 * with the lower id goes first. Pre-votes promise nothing: this can delay an election, not spoil it.
 */
function isBehindUs(raft: Raft, rival: MemberId, question: PreVote): boolean {
  if (raft.role.kind !== 'preCandidate' || raft.fastCampaigns === null) return false;
  const { last, lastTerm } = raft.log;
  const equal = question.lastIndex === last && question.lastTerm === lastTerm;
  return equal && question.term === nextTerm(raft.term) && raft.config.id < rival;
}

/** Leaves a pre-candidate that was granted the time to be elected before campaigning here. */
function standBack(raft: Raft): void {
  if (raft.role.kind !== 'follower' || raft.fastCampaigns === null) return;
  const { fastCampaignTicksMax } = raft.config.timing;
  const delayTicks = standBackTicks + raft.config.random(fastCampaignTicksMax + 1);
  raft.electionDueTick = Math.max(raft.electionDueTick, raft.nowTick + delayTicks);
}

export function onPreVoteReply(
  raft: Raft,
  from: MemberId,
  reply: RaftMessage & { kind: 'preVoteReply' },
): void {
  if (raft.role.kind !== 'preCandidate') return;
  if (reply.verdict !== 'granted' || reply.term !== nextTerm(raft.term)) return;
  raft.role.grantedBy.add(from);
  if (hasWon(raft, raft.role.grantedBy)) startElection(raft, 'noLeader');
}

export function onRequestVoteReply(
  raft: Raft,
  from: MemberId,
  reply: RaftMessage & { kind: 'requestVoteReply' },
): void {
  if (raft.role.kind !== 'candidate' || reply.verdict !== 'granted') return;
  raft.role.grantedBy.add(from);
  if (hasWon(raft, raft.role.grantedBy)) becomeLeader(raft, { ownVote: 'durable' });
}

function startPreVote(raft: Raft): void {
  const role = becomePreCandidate(raft);
  raft.electionDueTick = raft.nowTick + drawPatienceTicks(raft);
  if (hasWon(raft, role.grantedBy)) {
    startElection(raft, 'noLeader');
    return;
  }
  const { last, lastTerm } = raft.log;
  const question: PreVote = {
    kind: 'preVote',
    term: nextTerm(raft.term),
    lastIndex: last,
    lastTerm,
  };
  for (const voter of otherVoters(raft)) send(raft, voter, question);
}

/** Its own vote counts at once: nobody hears of the election, nor of its outcome, before that vote is durable. */
function startElection(raft: Raft, reason: RequestVote['reason']): void {
  const role = becomeCandidate(raft);
  raft.electionDueTick = raft.nowTick + drawPatienceTicks(raft);
  if (hasWon(raft, role.grantedBy)) {
    becomeLeader(raft, { ownVote: 'staged' });
    return;
  }
  const { last, lastTerm } = raft.log;
  const question: RequestVote = {
    kind: 'requestVote',
    term: raft.term,
    lastIndex: last,
    lastTerm,
    reason,
  };
  for (const voter of otherVoters(raft)) sendAfterPersist(raft, voter, question);
}

/**
 * How long a campaign may take. When the leader is known to be gone a split vote is not worth a whole
 * timeout: the next attempt follows soon, after a random delay that doubles up to the ordinary one.
 */
function drawPatienceTicks(raft: Raft): number {
  const { timing, random } = raft.config;
  if (raft.fastCampaigns !== null) {
    const spreadTicks = Math.max(1, timing.fastCampaignTicksMax) * 2 ** raft.fastCampaigns;
    // Two ticks at least: the first may end at once, and an answer needs a disk write and a round trip.
    if (spreadTicks < timing.electionTicksMin) return 2 + random(spreadTicks);
    raft.fastCampaigns = null;
  }
  return drawElectionTicks(raft.config);
}

function ballotOf(raft: Raft, candidate: Seat, question: PreVote | RequestVote): Ballot {
  const { votedFor, term, log } = raft;
  const isOurChoice = votedFor?.id === candidate.id && votedFor.incarnation === candidate.incarnation;
  const isUpToDate = log.isUpToDate(question) && reachesBound(raft.repair, question);
  return {
    request: question.kind === 'preVote' ? 'preVote' : 'vote',
    lease: leaseOf(raft, question),
    term: question.term < term ? 'older' : question.term === term ? 'same' : 'newer',
    vote: votedFor === null || isOurChoice ? 'available' : 'given',
    log: isUpToDate ? 'upToDate' : 'behind',
  };
}

/** Real votes honour the lease only when leaders step down by themselves (check-quorum). */
function leaseOf(raft: Raft, question: PreVote | RequestVote): Ballot['lease'] {
  if (question.kind === 'requestVote') {
    if (raft.config.checkQuorum === 'off' || question.reason === 'handedOver') return 'ended';
  }
  if (raft.role.kind === 'leader') return 'held';
  const leader = raft.role.kind === 'follower' ? raft.role.leader : null;
  if (leader === null || leader.evidence === 'gone') return 'ended';
  return raft.nowTick - leader.heardAtTick < raft.config.timing.electionTicksMin ? 'held' : 'ended';
}

function hasWon(raft: Raft, grantedBy: ReadonlySet<MemberId>): boolean {
  return isQuorum(raft.log.members.voters, (voter) => grantedBy.has(voter));
}

function otherVoters({ log, config }: Raft): readonly MemberId[] {
  const { incoming, outgoing } = log.members.voters;
  return [...new Set([...incoming, ...outgoing])].filter((voter) => voter !== config.id);
}
