/** What must hold between steps, one fact per line. Tests and the simulator ask after every step. */
import { assert } from '../base/assert.ts';
import { appendMessagesInFlightMax, readsWaitingMax } from '../base/limits.ts';
import { checkMembership, type Membership } from '../base/membership.ts';
import type { Leadership } from './leadership.ts';
import type { Progress } from './progress.ts';
import type { KnownLeader, Raft } from './state.ts';

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
  assert(log.base.index <= (raft.snapshot?.index ?? 0), 'entries are gone that no snapshot covers');
  assert((raft.snapshot?.index ?? 0) <= raft.applied, 'a snapshot of what was not applied');
  assert(log.members.index <= log.last, 'a membership that is not in the log');
  checkOnce(log.members.membership);
  assert(raft.repair === null || role.kind === 'follower', 'campaigns with a damaged log');
  assert(raft.forwardedReads.size <= readsWaitingMax, 'too many forwarded reads');
  if (role.kind !== 'leader') assert(raft.electionDueTick > raft.nowTick, 'an election is overdue');
  if (role.kind === 'follower' && role.leader !== null) checkFollowing(raft, role.leader);
  if (role.kind === 'candidate') assert(raft.votedFor?.id === config.id, 'a candidate voted for another');
  if (role.kind === 'leader') checkLeadership(raft, role);
}

/** Memberships that were found right: they never change, and a step changes them rarely. */
const found = new WeakSet<Membership>();

function checkOnce(membership: Membership): void {
  if (found.has(membership)) return;
  checkMembership(membership);
  found.add(membership);
}

function checkFollowing(raft: Raft, leader: KnownLeader): void {
  assert(leader.id !== raft.config.id, 'follows itself');
  assert(leader.matched >= raft.commit, 'committed what may differ from the leader');
  assert(leader.matched <= raft.log.last, 'matched past the end of the log');
  assert(raft.forwardedReads.size === 0 || leader.evidence === 'none', 'reads wait for a dead leader');
}

function checkLeadership(raft: Raft, leadership: Leadership): void {
  const { reads, followers } = leadership;
  assert(raft.votedFor?.id === raft.config.id, 'leads without its own vote');
  assert(raft.log.lastTerm === raft.term, 'leads without an entry of its term');
  const { others } = raft.log.members;
  assert(followers.size === others.length, 'progress of nobody');
  for (const { id, incarnation } of others)
    assert(followers.get(id)?.incarnation === incarnation, 'a seat without progress', { id });
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
  assert(mode.kind !== 'replicate' || last === next - 1, 'an entry is neither acknowledged nor in flight');
}

function hasCommitted(raft: Raft): boolean {
  return raft.log.termAt(raft.commit) === raft.term;
}

function uncommittedBytes({ log, commit }: Raft): number {
  let bytes = 0;
  for (const entry of log.slice(commit, log.last)) if (entry.index > commit) bytes += entry.payload.length;
  return bytes;
}
