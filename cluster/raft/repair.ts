/**
 * A member whose log was damaged (protocol-aware recovery, FAST'18). Its disk gave back a whole prefix;
 * behind it stood entries that it had acknowledged, up to a known bound or an unknown one. Its term and
 * vote are intact. Three rules keep every promise that it made:
 *
 * 1. It votes as if the lost entries were still there: only for a candidate whose log reaches the bound.
 *    A leader is elected by a majority; if an entry was committed with the help of this member's lost
 *    copy, then whoever it votes for has that entry, as with an undamaged log (§5.4.1). When the bound is
 *    unknown it votes for nobody. It does not campaign: its own log does not reach the bound.
 * 2. It acknowledges only what it has again. A leader counts acknowledgements of its own term alone, so a
 *    lost one can still do harm only to the leader of the term in which it was given, and there only for
 *    entries of that term (§5.4.2), which end at the bound.
 * 3. It is whole again when its disk holds a leader's log up to a committed entry of that leader's own
 *    term: everything committed in earlier terms stands before that entry (leader completeness), so no
 *    older promise is open. If the bound is of the same term, this leader may still count on the lost
 *    acknowledgements (rule 2), so the disk must reach the bound as well; this leader's log does.
 *
 * An unknown bound becomes known when the leader of the term in which the member starts says where its
 * log ends: what was lost was acknowledged to this leader, hence stands in its log, or in an earlier term.
 * The answer must be fresh, or more may have been acknowledged since; so it repeats a number that only
 * this life of the member knows. A leader of a later term never counted on what was lost.
 */
import type { LogIndex, MemberId, Term } from '../base/ids.ts';
import type { RaftMessage } from './messages.ts';
import { send } from './outbox.ts';
import type { Raft, Repair } from './state.ts';

/** Rule 1: whether the candidate's log has everything this member may have acknowledged. */
export function reachesBound(
  repair: Repair | null,
  candidate: { readonly lastIndex: LogIndex; readonly lastTerm: Term },
): boolean {
  if (repair === null) return true;
  const { bound } = repair;
  if (bound.kind === 'unknown') return false;
  if (candidate.lastTerm !== bound.term) return candidate.lastTerm > bound.term;
  return candidate.lastIndex >= bound.index;
}

/** A leader is heard: asks it for the bound, if only it can know. Asked again until it is answered. */
export function askForBound(raft: Raft, repair: Repair, leader: MemberId): void {
  if (repair.bound.kind !== 'unknown' || raft.term !== repair.sinceTerm) return;
  send(raft, leader, { kind: 'lastRequest', term: raft.term, nonce: repair.nonce });
}

/** The leader answered. */
export function onLastReply(raft: Raft, { term, nonce, last }: RaftMessage & { kind: 'lastReply' }): void {
  const { repair } = raft;
  if (repair?.bound.kind !== 'unknown' || nonce !== repair.nonce || term !== repair.sinceTerm) return;
  repair.bound = { kind: 'point', index: last, term };
}

/** Rule 3. Called after each step of a member that repairs its log. */
export function endRepair(raft: Raft, { bound, sinceTerm }: Repair): void {
  const leader = raft.role.kind === 'follower' ? raft.role.leader : null;
  const { persisted } = raft.durability;
  if (leader === null || raft.commit > persisted) return;
  if (raft.log.termAt(raft.commit) !== raft.term) return;
  if (bound.kind === 'unknown' && raft.term === sinceTerm) return;
  if (bound.kind === 'point' && bound.term === raft.term) {
    if (persisted < bound.index || leader.matched < bound.index) return;
  }
  raft.repair = null;
}
