/** The leader's word to a follower that needs what the log no longer has (§7). */
import { assert } from '../base/assert.ts';
import { send } from './outbox.ts';
import type { Progress } from './progress.ts';
import type { Raft } from './state.ts';

/** Offers the newest snapshot. What follows it is in the log: it is never compacted further. */
export function offerSnapshot(raft: Raft, { id }: Progress): void {
  const { snapshot, log } = raft;
  assert(snapshot !== null && snapshot.index >= log.base.index, 'entries are gone that no snapshot covers');
  const { index, term } = snapshot;
  send(raft, id, { kind: 'snapshotOffer', term: raft.term, index, snapshotTerm: term });
}
