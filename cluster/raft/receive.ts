/**
 * Who is listened to, and who handles what. The transport proved which directory sent a message. Answers
 * count only from a seat of the membership in force here. Questions and a leader's messages are taken from
 * any directory that was not given up: this member may be the one that is behind (thesis §4.1, §4.2.3).
 */
import { assert } from '../base/assert.ts';
import type { MemberId } from '../base/ids.ts';
import type { Seat } from '../base/membership.ts';
import { onPreVoteReply, onRequestVoteReply, onTimeoutNow, onVoteQuestion } from './election.ts';
import { onAppendEntries, onCommitNotice, onHeartbeat } from './following.ts';
import type { Leadership } from './leadership.ts';
import type { RaftMessage } from './messages.ts';
import { send } from './outbox.ts';
import type { Progress } from './progress.ts';
import { onReadReply, onReadRequest } from './read-index.ts';
import { onLastReply } from './repair.ts';
import { onAppendAccepted, onAppendRejected, onHeartbeatReply } from './replication.ts';
import { becomeFollower } from './roles.ts';
import { onSnapshotOffer } from './snapshots.ts';
import { leaderOf, type Raft } from './state.ts';

/** A message, and the directory it came from. */
export function onReceived(raft: Raft, from: Seat, message: RaftMessage): void {
  if (!isHeeded(raft, from, message)) return;
  // The vote rules decide themselves whether a candidate's term is adopted.
  if (message.kind === 'preVote' || message.kind === 'requestVote') {
    onVoteQuestion(raft, from, message);
    return;
  }
  const isPromise = message.kind === 'preVoteReply' && message.verdict === 'granted';
  if (message.term > raft.term && !isPromise) becomeFollower(raft, message.term);
  if (message.term < raft.term) answerStale(raft, from.id, message);
  else if (raft.role.kind === 'leader') onLeaderReceived(raft, raft.role, { from: from.id, message });
  else onFollowerReceived(raft, from.id, message);
}

function isHeeded(raft: Raft, from: Seat, message: RaftMessage): boolean {
  const { members } = raft.log;
  if (from.id === raft.config.id) return false;
  if (members.isSeat(from)) return true;
  // A leader that removes itself leads until that is committed; nobody else removed can lead this term.
  const isLeader = from.id === leaderOf(raft) && message.term === raft.term;
  switch (message.kind) {
    case 'appendEntries':
    case 'heartbeat':
    case 'commitNotice':
    case 'timeoutNow':
    case 'snapshotOffer':
      return isLeader || !members.isRemoved(from);
    case 'preVote':
    case 'requestVote':
    case 'readRequest':
    case 'lastRequest':
      return !members.isRemoved(from);
    case 'readReply':
    case 'lastReply':
      // Who waits to be taken in knows no seats, but knows whom it asked.
      return isLeader;
    default:
      return false;
  }
}

/** A leader of an older term must learn that it is over (§5.1); other late messages mean nothing. */
function answerStale(raft: Raft, from: MemberId, { kind }: RaftMessage): void {
  const isLeaders =
    kind === 'appendEntries' || kind === 'heartbeat' || kind === 'commitNotice' || kind === 'snapshotOffer';
  if (isLeaders) send(raft, from, { kind: 'staleTerm', term: raft.term });
}

function onLeaderReceived(
  raft: Raft,
  leadership: Leadership,
  { from, message }: { readonly from: MemberId; readonly message: RaftMessage },
): void {
  switch (message.kind) {
    case 'readRequest':
      return onReadRequest(raft, from, message);
    case 'lastRequest':
      return send(raft, from, {
        kind: 'lastReply',
        term: raft.term,
        nonce: message.nonce,
        last: raft.log.last,
      });
    case 'appendEntries':
    case 'heartbeat':
    case 'commitNotice':
    case 'timeoutNow':
    case 'snapshotOffer':
      return assert(false, 'two leaders in one term', { term: raft.term, from });
    default:
      return onAnswer(raft, leadership, { follower: leadership.followers.get(from), message });
  }
}

function onAnswer(
  raft: Raft,
  leadership: Leadership,
  { follower, message }: { readonly follower: Progress | undefined; readonly message: RaftMessage },
): void {
  assert(follower !== undefined, 'a seat without progress', { kind: message.kind });
  follower.heard(raft.nowTick);
  switch (message.kind) {
    case 'appendAccepted':
      return onAppendAccepted(raft, leadership, { follower, match: message.match });
    case 'appendRejected':
      return onAppendRejected(raft, follower, message);
    case 'heartbeatReply':
      return onHeartbeatReply(raft, leadership, { follower, reply: message });
    default:
      return; // A late vote.
  }
}

function onFollowerReceived(raft: Raft, from: MemberId, message: RaftMessage): void {
  switch (message.kind) {
    case 'appendEntries':
      return onAppendEntries(raft, from, message);
    case 'heartbeat':
      return onHeartbeat(raft, from, message);
    case 'commitNotice':
      return onCommitNotice(raft, from, message.commit);
    case 'snapshotOffer':
      return onSnapshotOffer(raft, from, message);
    case 'timeoutNow':
      return onTimeoutNow(raft);
    case 'preVoteReply':
      return onPreVoteReply(raft, from, message);
    case 'requestVoteReply':
      return onRequestVoteReply(raft, from, message);
    case 'readRequest':
      return onReadRequest(raft, from, message);
    case 'readReply':
      return onReadReply(raft, message);
    case 'lastReply':
      return onLastReply(raft, message);
    default:
      return; // An answer to a role this member no longer has.
  }
}
