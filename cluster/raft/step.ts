/** The core: one input in, every consequence out. It knows no clock, disk or network of its own. */
import { assert, unreachable } from '../base/assert.ts';
import type { Entry } from '../base/entry.ts';
import { type LogIndex, logIndex, type MemberId, nextIndex, type Term } from '../base/ids.ts';
import { applyEntriesMax } from '../base/limits.ts';
import { advanceCommit } from './commit.ts';
import { campaign, onLeaderGone, onPreVoteReply, onRequestVoteReply, onVoteQuestion } from './election.ts';
import { onAppendEntries, onCommitNotice, onHeartbeat } from './following.ts';
import { broadcastHeartbeat } from './heartbeat.ts';
import type { Outgoing, RaftMessage } from './messages.ts';
import { send } from './outbox.ts';
import { isQuorum } from './quorum.ts';
import { expireReads, failReads, onReadReply, onReadRequest, requestRead } from './read-index.ts';
import { onAppendAccepted, onAppendRejected, onHeartbeatReply, propose, replicate } from './replication.ts';
import { becomeFollower } from './roles.ts';
import { emptyOutbox, type HardState, type Leadership, type Raft, type ReadOutcome } from './state.ts';

/** The inputs of the `Consensus` port, with messages decoded. */
export type RaftInput =
  | { readonly kind: 'tick' }
  | { readonly kind: 'received'; readonly from: MemberId; readonly message: RaftMessage }
  | { readonly kind: 'proposed'; readonly payloads: readonly Uint8Array[] }
  | { readonly kind: 'persisted'; readonly upTo: LogIndex; readonly term: Term }
  | { readonly kind: 'applied'; readonly upTo: LogIndex }
  | { readonly kind: 'peerGone'; readonly peer: MemberId }
  | { readonly kind: 'readRequested'; readonly id: number };

/** The effects of the `Consensus` port, with messages not yet encoded. */
export interface RaftEffects {
  readonly persist: { readonly hardState: HardState | null; readonly entries: readonly Entry[] } | null;
  readonly send: readonly Outgoing[];
  readonly sendAfterPersist: readonly Outgoing[];
  readonly apply: readonly Entry[];
  readonly reads: readonly ReadOutcome[];
  readonly refused: boolean;
}

/** Changes `raft` and returns what its driver must do about it. */
export function step(raft: Raft, input: RaftInput): RaftEffects {
  raft.out = emptyOutbox();
  handle(raft, input);
  if (raft.role.kind === 'leader') replicate(raft, raft.role);
  return {
    persist: takePersist(raft),
    send: raft.out.send,
    sendAfterPersist: raft.out.sendAfterPersist,
    apply: takeApply(raft),
    reads: raft.out.reads,
    refused: raft.out.refused,
  };
}

function handle(raft: Raft, input: RaftInput): void {
  switch (input.kind) {
    case 'tick':
      return onTick(raft);
    case 'received':
      return onReceived(raft, input.from, input.message);
    case 'proposed':
      raft.out.refused = raft.role.kind !== 'leader' || propose(raft, raft.role, input.payloads) === 'full';
      return;
    case 'persisted':
      raft.durability.confirm(input);
      if (raft.role.kind === 'leader') advanceCommit(raft, raft.role);
      return;
    case 'applied':
      assert(input.upTo <= raft.handedOver, 'applied what was not handed over', { upTo: input.upTo });
      if (input.upTo > raft.applied) raft.applied = input.upTo;
      return;
    case 'peerGone':
      return onPeerGone(raft, input.peer);
    case 'readRequested':
      return requestRead(raft, input.id);
    default:
      return unreachable(input);
  }
}

function onTick(raft: Raft): void {
  raft.nowTick += 1;
  expireReads(raft);
  if (raft.role.kind === 'leader') onLeaderTick(raft, raft.role);
  else if (raft.nowTick >= raft.electionDueTick) campaign(raft);
}

/** With check-quorum, a leader that a majority has not answered for an election timeout steps down. */
function onLeaderTick(raft: Raft, leadership: Leadership): void {
  const { voters, checkQuorum, timing } = raft.config;
  const heardSinceTick = raft.nowTick - timing.electionTicksMax;
  const isHeard = (voter: MemberId) => {
    const follower = leadership.followers.get(voter);
    return follower === undefined || follower.heardAtTick > heardSinceTick;
  };
  if (checkQuorum === 'on' && !isQuorum(voters, isHeard)) becomeFollower(raft, raft.term);
  else if (raft.nowTick >= leadership.heartbeatDueTick) broadcastHeartbeat(raft, leadership);
}

function onPeerGone(raft: Raft, peer: MemberId): void {
  if (raft.role.kind === 'leader') {
    // Nothing reaches it: what is in flight is lost. It resumes with its first answer to a heartbeat.
    raft.role.followers.get(peer)?.pause();
    return;
  }
  if (raft.role.kind !== 'follower' || raft.role.leader?.id !== peer) return;
  raft.role.leader.evidence = 'gone';
  failReads(raft);
  onLeaderGone(raft);
}

function onReceived(raft: Raft, from: MemberId, message: RaftMessage): void {
  if (from === raft.config.id || !raft.config.voters.includes(from)) return;
  // The vote rules decide themselves whether a candidate's term is adopted.
  if (message.kind === 'preVote' || message.kind === 'requestVote') {
    onVoteQuestion(raft, from, message);
    return;
  }
  const isPromise = message.kind === 'preVoteReply' && message.verdict === 'granted';
  if (message.term > raft.term && !isPromise) becomeFollower(raft, message.term);
  if (message.term < raft.term) answerStale(raft, from, message);
  else if (raft.role.kind === 'leader') onLeaderReceived(raft, raft.role, { from, message });
  else onFollowerReceived(raft, from, message);
}

/** A leader of an older term must learn that it is over (§5.1); other late messages mean nothing. */
function answerStale(raft: Raft, from: MemberId, { kind }: RaftMessage): void {
  if (kind !== 'appendEntries' && kind !== 'heartbeat' && kind !== 'commitNotice') return;
  send(raft, from, { kind: 'staleTerm', term: raft.term });
}

function onLeaderReceived(
  raft: Raft,
  leadership: Leadership,
  { from, message }: { readonly from: MemberId; readonly message: RaftMessage },
): void {
  const follower = leadership.followers.get(from);
  assert(follower !== undefined, 'a voter without progress', { from });
  follower.heardAtTick = raft.nowTick;
  switch (message.kind) {
    case 'appendAccepted':
      return onAppendAccepted(raft, leadership, { follower, match: message.match });
    case 'appendRejected':
      return onAppendRejected(raft, follower, message);
    case 'heartbeatReply':
      return onHeartbeatReply(raft, leadership, { follower, reply: message });
    case 'readRequest':
      return onReadRequest(raft, from, message);
    case 'appendEntries':
    case 'heartbeat':
    case 'commitNotice':
      return assert(false, 'two leaders in one term', { term: raft.term, from });
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
    case 'preVoteReply':
      return onPreVoteReply(raft, from, message);
    case 'requestVoteReply':
      return onRequestVoteReply(raft, from, message);
    case 'readRequest':
      return onReadRequest(raft, from, message);
    case 'readReply':
      return onReadReply(raft, message);
    default:
      return; // An answer to a role this member no longer has.
  }
}

function takePersist(raft: Raft): RaftEffects['persist'] {
  const entries = raft.log.takeWritten();
  const first = entries[0];
  if (first !== undefined) {
    raft.durability.stage({ from: first.index, last: raft.log.last, term: raft.log.lastTerm });
  }
  const { term, votedFor } = raft;
  const staged = raft.stagedHardState;
  if (staged.term !== term || staged.votedFor !== votedFor) raft.stagedHardState = { term, votedFor };
  const hardState = raft.stagedHardState === staged ? null : raft.stagedHardState;
  return hardState === null && entries.length === 0 ? null : { hardState, entries };
}

/** Only what is committed and on this member's own disk, so that a restart never forgets what it showed. */
function takeApply(raft: Raft): readonly Entry[] {
  const upTo = Math.min(raft.commit, raft.durability.persisted, raft.handedOver + applyEntriesMax);
  if (upTo <= raft.handedOver) return [];
  const entries = raft.log.slice(nextIndex(raft.handedOver), logIndex(upTo));
  raft.handedOver = logIndex(upTo);
  return entries;
}
