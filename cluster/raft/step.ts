/** The core: one input in, every consequence out. It knows no clock, disk or network of its own. */
import { assert, unreachable } from '../base/assert.ts';
import type { Entry } from '../base/entry.ts';
import {
  type Incarnation,
  type LogIndex,
  logIndex,
  type MemberId,
  nextIndex,
  type Term,
} from '../base/ids.ts';
import { applyEntriesMax } from '../base/limits.ts';
import { advanceCommit } from './commit.ts';
import { onElectionTimeout, onLeaderGone, onLeadership } from './election.ts';
import { broadcastHeartbeat } from './heartbeat.ts';
import type { Leadership } from './leadership.ts';
import type { Outgoing, RaftMessage } from './messages.ts';
import { expireReads, failReads, requestRead } from './read-index.ts';
import { onReceived } from './receive.ts';
import { completeChange } from './reconfigure.ts';
import type { Refusal } from './refusal.ts';
import { endRepair } from './repair.ts';
import { propose, replicate } from './replication.ts';
import { onRequest, type RaftRequest } from './requests.ts';
import { becomeFollower } from './roles.ts';
import { onSnapshotInstalled, onSnapshotTaken } from './snapshots.ts';
import {
  emptyOutbox,
  type HardState,
  type Outbox,
  type Raft,
  type ReadOutcome,
  type SnapshotPoint,
} from './state.ts';
import { hasLostQuorum, isRetired, retire, standAside } from './stepping-down.ts';
import { expireTransfer } from './transfer.ts';

/** The inputs of the `Consensus` port, with messages decoded. */
export type RaftInput =
  | { readonly kind: 'tick' }
  | {
      readonly kind: 'received';
      readonly from: MemberId;
      readonly incarnation: Incarnation;
      readonly message: RaftMessage;
    }
  | { readonly kind: 'proposed'; readonly payloads: readonly Uint8Array[] }
  | { readonly kind: 'persisted'; readonly upTo: LogIndex; readonly term: Term }
  | { readonly kind: 'applied'; readonly upTo: LogIndex }
  | { readonly kind: 'peerGone'; readonly peer: MemberId }
  | { readonly kind: 'readRequested'; readonly id: number }
  | { readonly kind: 'requested'; readonly request: RaftRequest }
  | {
      readonly kind: 'snapshotTaken';
      readonly snapshot: SnapshotPoint;
      readonly keepFrom: LogIndex;
    }
  | { readonly kind: 'snapshotInstalled'; readonly snapshot: SnapshotPoint }
  | { readonly kind: 'leadership'; readonly may: 'yes' | 'no' };

/** The effects of the `Consensus` port, with messages not yet encoded. */
export interface RaftEffects {
  readonly persist: { readonly hardState: HardState | null; readonly entries: readonly Entry[] } | null;
  readonly send: readonly Outgoing[];
  readonly sendAfterPersist: readonly Outgoing[];
  readonly apply: readonly Entry[];
  readonly reads: readonly ReadOutcome[];
  readonly refused: Refusal | null;
  readonly fetchSnapshot: Outbox['fetchSnapshot'];
}

/** Changes `raft` and returns what its driver must do about it. */
export function step(raft: Raft, input: RaftInput): RaftEffects {
  raft.out = emptyOutbox();
  handle(raft, input);
  if (raft.role.kind === 'leader') lead(raft, raft.role);
  if (raft.repair !== null) endRepair(raft, raft.repair);
  const { send, sendAfterPersist } = raft.out;
  const isSilent = raft.role.kind === 'leader' && raft.durability.persisted < raft.role.silentUntil;
  return {
    persist: takePersist(raft),
    send: isSilent ? [] : send,
    sendAfterPersist: isSilent ? [...send, ...sendAfterPersist] : sendAfterPersist,
    apply: takeApply(raft),
    reads: raft.out.reads,
    refused: raft.out.refused,
    fetchSnapshot: raft.out.fetchSnapshot,
  };
}

function handle(raft: Raft, input: RaftInput): void {
  switch (input.kind) {
    case 'tick':
      return onTick(raft);
    case 'received':
      return onReceived(raft, { id: input.from, incarnation: input.incarnation }, input.message);
    case 'proposed':
      raft.out.refused = raft.role.kind === 'leader' ? propose(raft, raft.role, input.payloads) : 'notLeader';
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
    case 'requested':
      raft.out.refused = onRequest(raft, input.request);
      return;
    case 'snapshotTaken':
      return onSnapshotTaken(raft, input.snapshot, input.keepFrom);
    case 'snapshotInstalled':
      return onSnapshotInstalled(raft, input.snapshot);
    case 'leadership':
      return onLeadership(raft, input.may);
    default:
      return unreachable(input);
  }
}

function onTick(raft: Raft): void {
  raft.nowTick += 1;
  expireReads(raft);
  if (raft.role.kind === 'leader') onLeaderTick(raft, raft.role);
  else if (raft.nowTick >= raft.electionDueTick) onElectionTimeout(raft);
}

function onLeaderTick(raft: Raft, leadership: Leadership): void {
  if (hasLostQuorum(raft, leadership)) {
    becomeFollower(raft, raft.term);
    return;
  }
  expireTransfer(raft, leadership);
  if (raft.mayLead === 'no') standAside(raft, leadership);
  else leadership.unwillingSinceTick = null;
  if (raft.role === leadership && raft.nowTick >= leadership.heartbeatDueTick)
    broadcastHeartbeat(raft, leadership);
}

/** At the end of each step of a leader. */
function lead(raft: Raft, leadership: Leadership): void {
  completeChange(raft, leadership);
  replicate(raft, leadership);
  if (isRetired(raft)) retire(raft, leadership);
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
