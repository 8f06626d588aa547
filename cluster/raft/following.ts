/** The follower's side of replication (§5.3): take entries, acknowledge them, answer heartbeats. */
import { assert } from '../base/assert.ts';
import type { Entry } from '../base/entry.ts';
import { type LogIndex, logIndex, type MemberId } from '../base/ids.ts';
import { learnCommit } from './commit.ts';
import type { AppendEntries, Heartbeat } from './messages.ts';
import { send, sendAfterPersist } from './outbox.ts';
import { askForBound } from './repair.ts';
import { followLeader } from './roles.ts';
import type { KnownLeader, Raft } from './state.ts';

/** Takes what continues this log; otherwise says where the logs may still agree. */
export function onAppendEntries(raft: Raft, from: MemberId, message: AppendEntries): void {
  const leader = followLeader(raft, from);
  const { previousIndex, previousTerm, entries } = message;
  const { base } = raft.log;
  // A late message about what a snapshot covers: committed, so the logs agree there.
  const isBehindBase = previousIndex < base.index;
  if (!isBehindBase && raft.log.termAt(previousIndex) !== previousTerm) {
    reject(raft, leader, message);
    return;
  }
  store(raft, leader, isBehindBase ? entries.filter(({ index }) => index > base.index) : entries);
  leader.matched = later(leader.matched, logIndex(previousIndex + entries.length));
  learnCommit(raft, leader, message.commit);
  acknowledge(raft, leader);
}

/**
 * Answers at once: what is claimed here is only that the leader is heard. What the heartbeat says was
 * acknowledged is not believed: another directory may have done it, or a disk that lost it since.
 */
export function onHeartbeat(raft: Raft, from: MemberId, message: Heartbeat): void {
  const leader = followLeader(raft, from);
  learnCommit(raft, leader, message.commit);
  send(raft, from, {
    kind: 'heartbeatReply',
    term: raft.term,
    round: message.round,
    sent: message.sent,
    received: leader.matched,
  });
  if (raft.repair !== null) askForBound(raft, raft.repair, from);
  // An acknowledgement may have been lost, or still wait for the disk.
  if (leader.matched > message.match) acknowledge(raft, leader);
}

export function onCommitNotice(raft: Raft, from: MemberId, commit: LogIndex): void {
  learnCommit(raft, followLeader(raft, from), commit);
}

/** Everything received is durable by the time this leaves, the term included. */
export function acknowledge(raft: Raft, leader: KnownLeader): void {
  sendAfterPersist(raft, leader.id, { kind: 'appendAccepted', term: raft.term, match: leader.matched });
}

function reject(raft: Raft, leader: KnownLeader, { previousIndex, previousTerm }: AppendEntries): void {
  const possible = raft.log.lastPossibleMatch({ index: previousIndex, term: previousTerm });
  const hintIndex = possible === null ? leader.matched : later(possible, leader.matched);
  const hintTerm = raft.log.termAt(hintIndex);
  assert(hintTerm !== null, 'a hint at an entry that is not there', { hintIndex });
  send(raft, leader.id, { kind: 'appendRejected', term: raft.term, previousIndex, hintIndex, hintTerm });
}

/** Entries that are there already stay, so that a late message never shortens the log (§5.3). */
function store(raft: Raft, leader: KnownLeader, entries: readonly Entry[]): void {
  const { log } = raft;
  const different = log.firstDifference(entries);
  if (different === null) return;
  if (different.index <= log.last) {
    assert(different.index > leader.matched, 'a leader replaced its own entry', { index: different.index });
    assert(different.index > raft.commit, 'a committed entry would be replaced', { index: different.index });
    log.truncateFrom(different.index);
  }
  for (const entry of entries) if (entry.index >= different.index) log.append(entry);
}

function later(left: LogIndex, right: LogIndex): LogIndex {
  return left > right ? left : right;
}
