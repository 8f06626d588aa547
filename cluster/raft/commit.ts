/** When an entry is committed: a majority holds it durably, and it is of the current term (§5.4.2). */
import { type LogIndex, nextIndex } from '../base/ids.ts';
import type { Leadership } from './leadership.ts';
import { quorumIndex } from './quorum.ts';
import { beginReadRound } from './read-index.ts';
import type { KnownLeader, Raft } from './state.ts';

/**
 * The leader counts, by the membership in force, in which it may have no vote of its own any more. Its
 * own log counts as far as its disk holds it.
 */
export function advanceCommit(raft: Raft, leadership: Leadership): void {
  const held = quorumIndex(
    raft.log.members.voters,
    (voter) => leadership.followers.get(voter)?.match ?? raft.durability.persisted,
  );
  // An older term's entry may still be replaced, however many hold it (figure 8); one of this term
  // commits all before it.
  if (held <= raft.commit || raft.log.termAt(held) !== raft.term) return;
  for (let index = nextIndex(raft.commit); index <= held; index = nextIndex(index)) {
    leadership.uncommittedBytes -= raft.log.entryAt(index).payload.length;
  }
  raft.commit = held;
  beginReadRound(raft, leadership);
}

/** A follower is told. It believes this only of entries that it knows to equal the leader's. */
export function learnCommit(raft: Raft, leader: KnownLeader, told: LogIndex): void {
  const commit = told < leader.matched ? told : leader.matched;
  if (commit > raft.commit) raft.commit = commit;
}
