/** When a leader stops leading though nobody leads in its place yet. */
import type { MemberId } from '../base/ids.ts';
import type { Leadership } from './leadership.ts';
import { send } from './outbox.ts';
import { isQuorum } from './quorum.ts';
import { becomeFollower } from './roles.ts';
import type { Raft } from './state.ts';
import { beginTransfer, bestTarget, isHeard } from './transfer.ts';

/** With check-quorum, a leader that a majority has not answered for an election timeout steps down (thesis §6.2). */
export function hasLostQuorum(raft: Raft, { followers }: Leadership): boolean {
  if (raft.config.checkQuorum === 'off') return false;
  const heardSinceTick = raft.nowTick - raft.config.timing.electionTicksMax;
  return !isQuorum(raft.log.members.voters, (voter) => {
    const follower = followers.get(voter);
    return follower === undefined || follower.heardAtTick > heardSinceTick;
  });
}

/**
 * A leader that should not lead hands over to whoever can take over. If that fails for an election
 * timeout although a majority of the others answers, it steps down and lets them elect: without such a
 * majority nobody else could win, and a poor leader is better than none. In manual mode it stays, for
 * nobody would campaign.
 */
export function standAside(raft: Raft, leadership: Leadership): void {
  leadership.unwillingSinceTick ??= raft.nowTick;
  if (leadership.transfer !== null) return;
  const waitedTicks = raft.nowTick - leadership.unwillingSinceTick;
  const isOverdue = waitedTicks >= raft.config.timing.electionTicksMax;
  if (isOverdue && raft.config.elections === 'automatic' && canOthersElect(raft, leadership)) {
    becomeFollower(raft, raft.term);
  } else if (raft.nowTick >= leadership.nextHandoverTick) beginTransfer(raft, leadership, null);
}

/** Whether a removed leader's work is done: the entry that removes it is committed (thesis §4.2.2). */
export function isRetired(raft: Raft): boolean {
  const { members } = raft.log;
  return !members.isVoter && members.index <= raft.commit;
}

/** Leaves without a gap: the best voter is told to campaign at once. */
export function retire(raft: Raft, leadership: Leadership): void {
  const next = bestTarget(raft, leadership);
  if (next !== undefined) send(raft, next.id, { kind: 'timeoutNow', term: raft.term });
  becomeFollower(raft, raft.term);
}

function canOthersElect(raft: Raft, { followers }: Leadership): boolean {
  return isQuorum(raft.log.members.voters, (voter: MemberId) => {
    const follower = followers.get(voter);
    return follower !== undefined && isHeard(raft, follower);
  });
}
