/** The leader's side of a membership change (thesis §4): admits one at a time, and completes it by itself. */
import { type MemberId, nextIndex } from '../base/ids.ts';
import { promoteLagEntriesMax } from '../base/limits.ts';
import { isJoint, type Membership, type MembershipChange } from '../base/membership.ts';
import { encodeMembershipRecord } from '../base/membership-codec.ts';
import type { Leadership } from './leadership.ts';
import { leaveJoint, planChange } from './membership-change.ts';
import { Progress } from './progress.ts';
import { isQuorum } from './quorum.ts';
import type { Refusal } from './refusal.ts';
import type { Raft } from './state.ts';
import { isHeard } from './transfer.ts';

/** Appends the first membership of a change, or says why not. */
export function changeMembership(
  raft: Raft,
  leadership: Leadership,
  change: MembershipChange,
): Refusal | null {
  if (leadership.transfer !== null) return 'handingOver';
  const { members } = raft.log;
  // Two changes under way, or one on top of what a lost leader left, could make disjoint majorities.
  const isSettled = !members.isJoint && members.index <= raft.commit;
  if (!isSettled || raft.log.termAt(raft.commit) !== raft.term) return 'changing';
  const planned = planChange(members.membership, change);
  if (!planned.ok) return planned.error;
  if (change.kind === 'promote' && !change.ids.every((id) => isCaughtUp(raft, leadership, id)))
    return 'lagging';
  if (isJoint(planned.value) && !wouldKeepQuorum(raft, leadership, planned.value)) return 'wouldLoseQuorum';
  enact(raft, leadership, planned.value);
  return null;
}

/** Once a joint membership is committed, the new voters go on alone. */
export function completeChange(raft: Raft, leadership: Leadership): void {
  const { members } = raft.log;
  if (!members.isJoint || members.index > raft.commit || leadership.transfer !== null) return;
  enact(raft, leadership, leaveJoint(members.membership));
}

/** Whom this leader feeds: follows the membership in force. */
export function followSeats(raft: Raft, followers: Map<MemberId, Progress>): void {
  const { members } = raft.log;
  for (const follower of followers.values()) if (!members.isSeat(follower)) followers.delete(follower.id);
  for (const { id, incarnation } of members.others) {
    if (followers.has(id)) continue;
    const next = nextIndex(raft.log.last);
    followers.set(id, new Progress({ id, incarnation, next, nowTick: raft.nowTick }));
  }
}

function enact(raft: Raft, leadership: Leadership, membership: Membership): void {
  const payload = encodeMembershipRecord({ membership, cause: 'changed' });
  const index = nextIndex(raft.log.last);
  raft.log.append({ index, term: raft.term, kind: 'membership', payload });
  leadership.uncommittedBytes += payload.length;
  followSeats(raft, leadership.followers);
}

function isCaughtUp(raft: Raft, leadership: Leadership, id: MemberId): boolean {
  const learner = leadership.followers.get(id);
  if (learner === undefined || !isHeard(raft, learner)) return false;
  return learner.mode.kind === 'replicate' && learner.match + promoteLagEntriesMax >= raft.log.last;
}

/** Whether a majority of the new voters answers now; this leader does. */
function wouldKeepQuorum(raft: Raft, { followers }: Leadership, { voters }: Membership): boolean {
  const incoming = voters.map(({ id }) => id);
  return isQuorum({ incoming, outgoing: [] }, (voter) => {
    const follower = followers.get(voter);
    return follower === undefined || isHeard(raft, follower);
  });
}
