/**
 * Snapshots as far as consensus is concerned: a point of the log before which entries need not be kept,
 * and which stands in for them on a follower that needs them (§7). The bytes travel elsewhere: the leader
 * only offers, the follower's driver fetches, asks whether the snapshot is still needed, and installs it.
 */
import { assert } from '../base/assert.ts';
import type { LogIndex, MemberId } from '../base/ids.ts';
import { learnCommit } from './commit.ts';
import { acknowledge } from './following.ts';
import type { LogBase } from './log.ts';
import type { RaftMessage } from './messages.ts';
import { becomeFollower, followLeader } from './roles.ts';
import { noHardState, type Raft, type SnapshotPoint } from './state.ts';

/** The store's state at `snapshot` is durable: what lies before `keepFrom` may go. */
export function onSnapshotTaken(raft: Raft, snapshot: SnapshotPoint, keepFrom: LogIndex): void {
  const { index, term } = snapshot;
  assert(index <= raft.applied, 'a snapshot of what was not applied', { index, applied: raft.applied });
  assert(keepFrom <= index + 1, 'entries would be gone that no snapshot covers', { index, keepFrom });
  // A fetched snapshot may have overtaken this one while it was written.
  if (index < raft.log.base.index) return;
  assert(raft.log.termAt(index) === term, 'the snapshot is no point of the log', { index, term });
  if (raft.snapshot === null || raft.snapshot.index < index) raft.snapshot = snapshot;
  raft.log.compactTo(keepFrom);
}

/** The leader cannot feed this member from its log. */
export function onSnapshotOffer(
  raft: Raft,
  from: MemberId,
  { index, snapshotTerm }: RaftMessage & { kind: 'snapshotOffer' },
): void {
  const leader = followLeader(raft, from);
  if (needsSnapshot(raft, { index, term: snapshotTerm })) {
    raft.out.fetchSnapshot = { from, index, term: snapshotTerm };
    return;
  }
  // The logs agree there, for good: what a snapshot covers is committed.
  if (leader.matched < index) leader.matched = index;
  learnCommit(raft, leader, index);
  acknowledge(raft, leader);
}

/**
 * Whether the log does not reach that point with the same entries. If it does, what follows the point may
 * have been acknowledged and must stay (figure 13, rule 6). If it does not, nothing that this member ever
 * acknowledged beyond the point can be committed, for it conflicts with what the snapshot has committed.
 */
export function needsSnapshot(raft: Raft, { index, term }: LogBase): boolean {
  return index > raft.commit && raft.log.termAt(index) !== term;
}

/**
 * The snapshot took the place of this member's log and store. While a refusing disk was tried again, the
 * log may have got there in memory: what is not durable was acknowledged to nobody, and may go.
 */
export function onSnapshotInstalled(raft: Raft, snapshot: SnapshotPoint): void {
  const { index, term } = snapshot;
  const isDurable = raft.durability.persisted >= index;
  assert(!isDurable || needsSnapshot(raft, snapshot), 'a snapshot was installed that was not needed', {
    index,
  });
  assert(raft.role.kind !== 'leader', 'a leader lacked what was committed', { index });
  // What a candidate said of its log is no longer true; and the snapshot may tell of a later term.
  if (raft.role.kind !== 'follower' || term > raft.term)
    becomeFollower(raft, term > raft.term ? term : raft.term);
  raft.log.restartAfter(snapshot);
  raft.durability.restartAt(index);
  raft.snapshot = snapshot;
  raft.commit = index;
  raft.handedOver = index;
  raft.applied = index;
  // Batches on their way to the disk are void: what they said of term and vote is said again.
  raft.stagedHardState = noHardState;
  const leader = raft.role.kind === 'follower' ? raft.role.leader : null;
  if (leader === null) return;
  leader.matched = index;
  acknowledge(raft, leader);
}
