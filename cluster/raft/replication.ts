/** The leader's side of replication (§5.3): proposals in, appends out, answers in. */

import { assert } from '../base/assert.ts';
import type { Entry } from '../base/entry.ts';
import { type LogIndex, logIndex, nextIndex, previousIndex } from '../base/ids.ts';
import { appendBytesMax, uncommittedBytesMax } from '../base/limits.ts';
import { advanceCommit } from './commit.ts';
import type { Leadership } from './leadership.ts';
import type { AppendEntries, AppendRejected, HeartbeatReply } from './messages.ts';
import { send } from './outbox.ts';
import type { Progress } from './progress.ts';
import { confirmReadRound } from './read-index.ts';
import type { Refusal } from './refusal.ts';
import { offerSnapshot } from './snapshot-offer.ts';
import type { Raft } from './state.ts';
import { urgeTarget } from './transfer.ts';

/** What an entry takes in a message beside its payload, about. */
const entryOverheadBytes = 16;

/** Appends commands to the leader's log, all or none; says why not, or null. */
export function propose(raft: Raft, leadership: Leadership, payloads: readonly Uint8Array[]): Refusal | null {
  if (leadership.transfer !== null) return 'handingOver';
  let bytes = 0;
  for (const payload of payloads) bytes += payload.length;
  const uncommitted = leadership.uncommittedBytes;
  // An idle leader takes any batch, so that the bound never refuses the same batch for good.
  if (uncommitted > 0 && uncommitted + bytes > uncommittedBytesMax) return 'full';
  leadership.uncommittedBytes += bytes;
  let index = raft.log.last;
  for (const payload of payloads) {
    index = nextIndex(index);
    raft.log.append({ index, term: raft.term, kind: 'command', payload });
  }
  return null;
}

/** Sends every follower what it can take now: called once, at the end of each step of a leader. */
export function replicate(raft: Raft, leadership: Leadership): void {
  let built: BuiltAppend | null = null;
  const { first } = raft.log;
  for (const follower of leadership.followers.values()) {
    if (follower.next < first && follower.mode.kind !== 'snapshot') {
      follower.awaitSnapshot();
      offerSnapshot(raft, follower);
    }
    while (follower.canTake(raft.log.last)) {
      // Followers are mostly at the same point: one message, encoded once, serves them all.
      if (built?.message.previousIndex !== previousIndex(follower.next))
        built = buildAppend(raft, follower.next);
      send(raft, follower.id, built.message);
      follower.sent(built);
      follower.commitTold = raft.commit;
    }
    if (follower.mode.kind === 'replicate' && follower.commitTold < raft.commit) {
      send(raft, follower.id, { kind: 'commitNotice', term: raft.term, commit: raft.commit });
      follower.commitTold = raft.commit;
    }
  }
}

export function onAppendAccepted(
  raft: Raft,
  leadership: Leadership,
  { follower, match }: { readonly follower: Progress; readonly match: LogIndex },
): void {
  // Nobody can hold more of this term's log than its leader: not a message of ours.
  if (match > raft.log.last) return;
  follower.accepted(match);
  if (follower.mode.kind === 'snapshot' && match >= raft.log.base.index) follower.retryFrom(nextIndex(match));
  advanceCommit(raft, leadership);
  if (leadership.transfer !== null) urgeTarget(raft, leadership);
}

/** Goes back to where the logs may agree. Late refusals are recognised and ignored. */
export function onAppendRejected(raft: Raft, follower: Progress, message: AppendRejected): void {
  if (!follower.isRejectionCurrent(message.previousIndex)) return;
  const agreed = raft.log.lastPossibleMatch({ index: message.hintIndex, term: message.hintTerm });
  // Null: they agree before this log begins, if at all. `replicate` then offers a snapshot.
  const resumeAfter = agreed ?? logIndex(0);
  if (follower.mode.kind === 'probe' && message.previousIndex === follower.match)
    follower.lostAfter(resumeAfter);
  follower.retryFrom(nextIndex(resumeAfter));
}

/** An answered heartbeat shows that messages pass, which of them did not, and who still follows. */
export function onHeartbeatReply(
  raft: Raft,
  leadership: Leadership,
  { follower, reply }: { readonly follower: Progress; readonly reply: HeartbeatReply },
): void {
  follower.resumeProbe();
  const { mode, next } = follower;
  // Also when it acknowledged them once: a disk may lose its end. Then the probe is refused.
  const isMissing = reply.received < reply.sent && reply.sent < next;
  const isBackInLog = reply.received >= raft.log.base.index && reply.received <= raft.log.last;
  if ((mode.kind === 'replicate' && isMissing) || (mode.kind === 'snapshot' && isBackInLog))
    follower.retryFrom(nextIndex(reply.received));
  confirmReadRound(raft, leadership, { from: follower.id, round: reply.round });
}

interface BuiltAppend {
  readonly message: AppendEntries;
  readonly last: LogIndex;
  readonly bytes: number;
}

/** As many entries from `next` on as one message may hold; at least one, if there is one. */
function buildAppend(raft: Raft, next: LogIndex): BuiltAppend {
  const { log } = raft;
  const previous = previousIndex(next);
  const previousTerm = log.termAt(previous);
  assert(previousTerm !== null, 'a follower needs entries that are gone', { next, first: log.first });
  const entries: Entry[] = [];
  let bytes = 0;
  for (let index = next; index <= log.last; index = nextIndex(index)) {
    const entry = log.entryAt(index);
    const entryBytes = entry.payload.length + entryOverheadBytes;
    if (entries.length > 0 && bytes + entryBytes > appendBytesMax) break;
    entries.push(entry);
    bytes += entryBytes;
  }
  const last = logIndex(previous + entries.length);
  const message: AppendEntries = {
    kind: 'appendEntries',
    term: raft.term,
    previousIndex: previous,
    previousTerm,
    commit: raft.commit,
    entries,
  };
  return { message, last, bytes };
}
