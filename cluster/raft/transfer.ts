/**
 * Handing leadership over (thesis §3.10): proposals stop, the target is caught up, and then told to
 * campaign at once. It wins because its log is the longest, or the leader goes on after a while.
 */
import type { MemberId } from '../base/ids.ts';
import type { Leadership } from './leadership.ts';
import { send } from './outbox.ts';
import type { Progress } from './progress.ts';
import type { Refusal } from './refusal.ts';
import type { Raft } from './state.ts';

/** Pause of an unwilling leader between attempts: most of the time it must lead, however badly (own choice). */
const retryElectionTimeouts = 4;

/** Begins to hand over to `to`; null: to the voter that is furthest. Says why not, or null. */
export function beginTransfer(raft: Raft, leadership: Leadership, to: MemberId | null): Refusal | null {
  if (to === raft.config.id) return 'alreadyLeader';
  if (leadership.transfer !== null) return leadership.transfer.target === to ? null : 'handingOver';
  const { incoming } = raft.log.members.voters;
  const target = to === null ? bestTarget(raft, leadership) : leadership.followers.get(to);
  if (target === undefined) return to === null ? 'lagging' : 'unknownMember';
  if (!incoming.includes(target.id)) return 'notVoter';
  if (!isHeard(raft, target)) return 'lagging';
  leadership.transfer = { target: target.id, dueTick: raft.nowTick + raft.config.timing.electionTicksMax };
  urgeTarget(raft, leadership);
  return null;
}

/** Tells the target to campaign, once it has everything. Called again until it does: messages are lost. */
export function urgeTarget(raft: Raft, { transfer, followers }: Leadership): void {
  if (transfer === null || followers.get(transfer.target)?.match !== raft.log.last) return;
  send(raft, transfer.target, { kind: 'timeoutNow', term: raft.term });
}

/** Gives up when the target did not take over within an election timeout. */
export function expireTransfer(raft: Raft, leadership: Leadership): void {
  const { transfer } = leadership;
  if (transfer === null || raft.nowTick < transfer.dueTick) return;
  leadership.transfer = null;
  leadership.nextHandoverTick = raft.nowTick + retryElectionTimeouts * raft.config.timing.electionTicksMax;
}

/** The voter to lead next: the one with the longest log of those that answer. */
export function bestTarget(raft: Raft, { followers }: Leadership): Progress | undefined {
  let best: Progress | undefined;
  for (const voter of raft.log.members.voters.incoming) {
    const follower = followers.get(voter);
    if (follower === undefined || !isHeard(raft, follower)) continue;
    if (best === undefined || follower.match > best.match) best = follower;
  }
  return best;
}

/** Whether a follower answered this leader within an election timeout. */
export function isHeard(raft: Raft, { hasAnswered, heardAtTick }: Progress): boolean {
  return hasAnswered && heardAtTick > raft.nowTick - raft.config.timing.electionTicksMax;
}
