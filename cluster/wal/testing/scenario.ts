/**
 * A life story of a small directory: several lives and segments, votes, replaced entries, two
 * snapshots, compaction. Each step is told to a ledger when it is acknowledged, not before.
 */
import { assert } from '../../base/assert.ts';
import { logIndex, memberId, zxid } from '../../base/ids.ts';
import type { Membership } from '../../base/membership.ts';
import { encodeUtf8 } from '../../base/utf8.ts';
import type { PersistBatch, SnapshotPoint } from '../../ports/consensus.ts';
import type { OpenedWal } from '../open.ts';
import type { SnapshotFiles } from '../snapshot-files.ts';
import type { Wal } from '../wal.ts';
import { batch, entry, identity, type TestDirectory } from './directory.ts';
import { Ledger } from './ledger.ts';

export const founders: Membership = {
  voters: [{ id: memberId(1), incarnation: identity.incarnation }],
  outgoing: [],
  learners: [],
  removed: [],
};

export function pointOf(ledger: Ledger, index: number): SnapshotPoint {
  const at = ledger.entries[index - 1];
  assert(at !== undefined, 'a snapshot of an entry that is there', { index });
  return { index: at.index, term: at.term, membership: founders };
}

/** Appends, and tells the ledger. */
export function write(directory: TestDirectory, ledger: Ledger, wal: Wal, added: PersistBatch): void {
  ledger.intend(added);
  directory.append(wal, added);
  ledger.acknowledge();
}

/** Takes a snapshot of two chunks. */
export function takeSnapshot(directory: TestDirectory, snapshots: SnapshotFiles, point: SnapshotPoint): void {
  const writer = snapshots.create({ ...point, zxid: zxid(point.index), digest: '0123456789abcdef' });
  for (const chunk of [`image of ${point.index}: `, 'the rest of it']) {
    writer.append(encodeUtf8(chunk), (failure) => assert(failure === null, 'a chunk is written'));
    directory.settle();
  }
  let isNamed = false;
  writer.finish((failure) => {
    isNamed = failure === null;
  });
  directory.settle();
  assert(isNamed, 'a snapshot is finished');
}

export type Ending = 'killed' | 'closed' | 'powerCut';

/**
 * What the directory holds in the end, and what it has promised. `powerCut`: the mark in it is that of
 * the append before the last.
 */
export function tellStory(
  directory: TestDirectory,
  ending: Ending,
): { readonly ledger: Ledger; readonly opened: OpenedWal } {
  const ledger = new Ledger();
  const first = directory.opened();
  write(directory, ledger, first.wal, batch([entry(1, 'one'), entry(2, 'two')], 'vote A'));
  write(directory, ledger, first.wal, batch([entry(3, 'three'), entry(4, 'stray'), entry(5, 'stray')]));
  takeSnapshot(directory, first.snapshots, pointOf(ledger, 2));
  const second = directory.opened();
  write(directory, ledger, second.wal, batch([entry(4, 'four', 2), entry(5, 'five', 2)], 'vote B'));
  write(directory, ledger, second.wal, batch([entry(6, 'six', 2)]));
  takeSnapshot(directory, second.snapshots, pointOf(ledger, 4));
  second.wal.compact(logIndex(3), 3);
  second.wal.close();
  const third = directory.opened();
  write(directory, ledger, third.wal, batch([entry(7, 'seven', 3)], 'vote C'));
  write(directory, ledger, third.wal, batch([entry(8, 'eight', 3), entry(9, 'nine', 3)]));
  const before = directory.files().get('mark');
  write(directory, ledger, third.wal, batch([entry(10, 'ten', 3)]));
  if (ending === 'closed') third.wal.close();
  if (ending === 'powerCut' && before !== undefined) directory.disk().replace('mark', before);
  return { ledger, opened: third };
}
