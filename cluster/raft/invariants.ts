/** What must hold between steps, one fact per line. Tests and the simulator ask after every step. */
import { assert } from '../base/assert.ts';
import { appendMessagesInFlightMax, readsWaitingMax } from '../base/limits.ts';
import type { Progress } from './progress.ts';
import type { KnownLeader, Leadership, Raft } from './state.ts';

/** Throws `AssertionFailure` at the first fact that does not hold. */
export function checkInvariants(raft: Raft): void {
  const { log, durability, role, config } = raft;
  assert(raft.applied <= raft.handedOver, 'the store is ahead of what it was given');
  assert(raft.handedOver <= raft.commit, 'applied an uncommitted entry');
  assert(raft.handedOver <= durability.persisted, 'applied an entry that a crash may lose');
  assert(raft.commit <= log.last, 'committed past the end of the log');
  assert(durability.persisted <= log.last, 'persisted past the end of the log');
  assert(log.lastTerm <= raft.term, 'the log is ahead of the term');
  assert(raft.stagedHardState.term === raft.term, 'a term was not staged for the disk');
  assert(raft.stagedHardState.votedFor === raft.votedFor, 'a vote was not staged for the disk');
  assert(raft.forwardedReads.size <= readsWaitingMax, 'too many forwarded reads');
  if (role.kind !== 'leader') assert(raft.electionDueTick > raft.nowTick, 'an election is overdue');
  if (role.kind === 'follower' && role.leader !== null) checkFollowing(raft, role.leader);
  if (role.kind === 'preCandidate') assert(role.grantedBy.has(config.id), 'does not want itself');
  if (role.kind === 'candidate') assert(raft.votedFor === config.id, 'a candidate voted for another');
  if (role.kind === 'leader') checkLeadership(raft, role);
}

function checkFollowing(raft: Raft, leader: KnownLeader): void {
  assert(leader.id !== raft.config.id, 'follows itself');
  assert(leader.matched >= raft.commit, 'committed what may differ from the leader');
  assert(leader.matched <= raft.log.last, 'matched past the end of the log');
  assert(raft.forwardedReads.size === 0 || leader.evidence === 'none', 'reads wait for a dead leader');
}

function checkLeadership(raft: Raft, leadership: Leadership): void {
  const { reads, followers } = leadership;
  assert(raft.votedFor === raft.config.id, 'leads without its own vote');
  assert(raft.log.lastTerm === raft.term, 'leads without an entry of its term');
  assert(followers.size === raft.config.voters.length - 1, 'a voter without progress');
  assert(raft.forwardedReads.size === 0, 'a leader forwards reads');
  assert(
    reads.underWay !== null || reads.waiting.length === 0 || !hasCommitted(raft),
    'reads wait for no round',
  );
  assert(leadership.uncommittedBytes === uncommittedBytes(raft), 'uncommitted bytes miscounted');
  for (const follower of followers.values()) checkProgress(raft, follower);
}

function checkProgress(raft: Raft, follower: Progress): void {
  const { match, next, mode, inFlight } = follower;
  assert(match < next, 'match must stay below next');
  assert(match <= raft.log.last, 'matched past the end of the log');
  assert(next <= raft.log.last + 1, 'next past the end of the log');
  assert(mode.kind === 'replicate' || inFlight.length === 0, 'a probe counts messages in flight');
  assert(inFlight.length <= appendMessagesInFlightMax, 'too many messages in flight');
  let bytes = 0;
  let last = match;
  for (const message of inFlight) {
    assert(message.last > last, 'messages in flight out of order');
    last = message.last;
    bytes += message.bytes;
  }
  assert(bytes === follower.inFlightBytes, 'bytes in flight miscounted');
  assert(mode.kind === 'probe' || last === next - 1, 'an entry is neither acknowledged nor in flight');
}

function hasCommitted(raft: Raft): boolean {
  return raft.log.termAt(raft.commit) === raft.term;
}

function uncommittedBytes({ log, commit }: Raft): number {
  let bytes = 0;
  for (const entry of log.slice(commit, log.last)) if (entry.index > commit) bytes += entry.payload.length;
  return bytes;
}
