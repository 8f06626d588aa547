/** Heartbeats: they keep followers quiet, repeat what may have been lost, and carry read rounds. */
import { logIndex, previousIndex } from '../base/ids.ts';
import type { Leadership } from './leadership.ts';
import { send } from './outbox.ts';
import type { Progress } from './progress.ts';
import { offerSnapshot } from './snapshot-offer.ts';
import type { Raft } from './state.ts';
import { urgeTarget } from './transfer.ts';

/** Sends one heartbeat to every follower and puts off the next periodic one. */
export function broadcastHeartbeat(raft: Raft, leadership: Leadership): void {
  leadership.heartbeatDueTick = raft.nowTick + raft.config.timing.heartbeatTicks;
  for (const follower of leadership.followers.values()) {
    send(raft, follower.id, {
      kind: 'heartbeat',
      term: raft.term,
      commit: logIndex(Math.min(raft.commit, follower.match)),
      match: follower.match,
      sent: sentUpTo(follower),
      round: leadership.reads.round,
    });
    if (follower.mode.kind === 'snapshot') offerSnapshot(raft, follower);
  }
  urgeTarget(raft, leadership);
}

/** A probe is not missed when it does not arrive: an answered heartbeat repeats it anyway. */
function sentUpTo({ mode, match, next }: Progress) {
  return mode.kind === 'replicate' ? previousIndex(next) : match;
}
