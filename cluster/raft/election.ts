/** Campaigns and votes (§5.2, §5.4.1), with pre-vote and the leader lease (thesis §9.6, §4.2.3). */
import { type MemberId, nextTerm } from '../base/ids.ts';
import type { RaftMessage, VoteQuestion } from './messages.ts';
import { send, sendAfterPersist } from './outbox.ts';
import { isQuorum } from './quorum.ts';
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

/** The election timeout ran out. */
export function campaign(raft: Raft): void {
  if (raft.fastCampaigns !== null) raft.fastCampaigns += 1;
  if (raft.config.preVote === 'on') startPreVote(raft);
  else startElection(raft);
}

/**
 * The leader's process is gone: no need to wait for the timeout. The random delay keeps followers
 * that saw the same from splitting the vote; the lease ends, so that they may vote at once.
 */
export function onLeaderGone(raft: Raft): void {
  if (campaignSoon(raft) === 'atOnce') campaign(raft);
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
export function onVoteQuestion(
  raft: Raft,
  from: MemberId,
  question: VoteQuestion<'preVote'> | VoteQuestion<'requestVote'>,
): void {
  const verdict = judge(ballotOf(raft, from, question));
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
    raft.votedFor = from;
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
function isBehindUs(raft: Raft, rival: MemberId, question: VoteQuestion<'preVote'>): boolean {
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
  if (hasWon(raft, raft.role.grantedBy)) startElection(raft);
}

export function onRequestVoteReply(
  raft: Raft,
  from: MemberId,
  reply: RaftMessage & { kind: 'requestVoteReply' },
): void {
  if (raft.role.kind !== 'candidate' || reply.verdict !== 'granted') return;
  raft.role.grantedBy.add(from);
  if (hasWon(raft, raft.role.grantedBy)) becomeLeader(raft);
}

function startPreVote(raft: Raft): void {
  becomePreCandidate(raft);
  raft.electionDueTick = raft.nowTick + drawPatienceTicks(raft);
  if (isOnlyVoter(raft)) {
    startElection(raft);
    return;
  }
  const { last, lastTerm } = raft.log;
  const question = { kind: 'preVote', term: nextTerm(raft.term), lastIndex: last, lastTerm } as const;
  for (const voter of otherVoters(raft)) send(raft, voter, question);
}

/** Its own vote counts at once: nobody hears of the election before that vote is durable. */
function startElection(raft: Raft): void {
  becomeCandidate(raft);
  raft.electionDueTick = raft.nowTick + drawPatienceTicks(raft);
  if (isOnlyVoter(raft)) {
    becomeLeader(raft);
    return;
  }
  const { last, lastTerm } = raft.log;
  const question = { kind: 'requestVote', term: raft.term, lastIndex: last, lastTerm } as const;
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

function ballotOf(
  raft: Raft,
  from: MemberId,
  question: VoteQuestion<'preVote'> | VoteQuestion<'requestVote'>,
): Ballot {
  const request = question.kind === 'preVote' ? 'preVote' : 'vote';
  return {
    request,
    lease: leaseOf(raft, request),
    term: question.term < raft.term ? 'older' : question.term === raft.term ? 'same' : 'newer',
    vote: raft.votedFor === null || raft.votedFor === from ? 'available' : 'given',
    log: raft.log.isUpToDate(question) ? 'upToDate' : 'behind',
  };
}

/** Real votes honour the lease only when leaders step down by themselves (check-quorum). */
function leaseOf(raft: Raft, request: Ballot['request']): Ballot['lease'] {
  if (request === 'vote' && raft.config.checkQuorum === 'off') return 'ended';
  if (raft.role.kind === 'leader') return 'held';
  const leader = raft.role.kind === 'follower' ? raft.role.leader : null;
  if (leader === null || leader.evidence === 'gone') return 'ended';
  return raft.nowTick - leader.heardAtTick < raft.config.timing.electionTicksMin ? 'held' : 'ended';
}

function hasWon(raft: Raft, grantedBy: ReadonlySet<MemberId>): boolean {
  return isQuorum(raft.config.voters, (voter) => grantedBy.has(voter));
}

function isOnlyVoter(raft: Raft): boolean {
  return raft.config.voters.length === 1;
}

function otherVoters(raft: Raft): readonly MemberId[] {
  return raft.config.voters.filter((voter) => voter !== raft.config.id);
}
