/** A directory's life from its founding on, with a log that a fetched snapshot replaced. */
import { assert } from '../../base/assert.ts';
import type { Entry } from '../../base/entry.ts';
import { logIndex, term } from '../../base/ids.ts';
import { encodeMembershipRecord } from '../../base/membership-codec.ts';
import { encodeUtf8 } from '../../base/utf8.ts';
import { initialise } from '../initialise.ts';
import { batch, entry, identity, TestDirectory } from './directory.ts';
import type { Ledger } from './ledger.ts';
import { founders, pointOf, takeSnapshot, tellStory, write } from './scenario.ts';

const founding = { membership: founders, hardState: encodeUtf8('term 1') };

const firstEntry: Entry = {
  index: logIndex(1),
  term: term(1),
  kind: 'membership',
  payload: encodeMembershipRecord({ membership: founders, cause: 'founded' }),
};

/** A directory's whole life: founded, written, compacted, replaced by a fetched snapshot, and written again. */
export function live(directory: TestDirectory, ledger: Ledger): void {
  ledger.intend({ entries: [firstEntry], hardState: founding.hardState });
  const begun = initialise(directory.disk(), identity, founding);
  assert(begun.ok, 'an empty disk can be initialised');
  ledger.acknowledge();
  const first = directory.opened();
  write(directory, ledger, first.wal, batch([entry(2, 'two'), entry(3, 'three')], 'vote A'));
  write(directory, ledger, first.wal, batch([entry(4, 'four')]));
  takeSnapshot(directory, first.snapshots, pointOf(ledger, 3));
  first.wal.close();
  const second = directory.opened();
  write(directory, ledger, second.wal, batch([entry(4, 'other four', 2)], 'vote B'));
  takeSnapshot(directory, second.snapshots, pointOf(ledger, 4));
  second.wal.compact(logIndex(4), 3);
  fetchSnapshot(directory, ledger, second);
  write(directory, ledger, second.wal, batch([entry(10, 'ten', 3)], 'vote C'));
  second.wal.close();
  const third = directory.opened();
  write(directory, ledger, third.wal, batch([entry(11, 'eleven', 3)]));
}

/** As from a leader far ahead: the bytes of another member's snapshot of entry 9. */
function fetchSnapshot(
  directory: TestDirectory,
  ledger: Ledger,
  { snapshots, wal }: ReturnType<TestDirectory['opened']>,
): void {
  const { bytes, entries } = snapshotOfLeader();
  const receiver = snapshots.receive({ index: logIndex(9), term: term(3), totalBytes: bytes.length });
  for (const part of [bytes.subarray(0, 100), bytes.subarray(100)]) {
    receiver.append(part, (failure) => assert(failure === null, 'a part is written'));
    directory.settle();
  }
  ledger.intendSnapshot(entries);
  const finished = receiver.finish();
  assert(finished.ok, 'the snapshot came whole');
  wal.rebase(finished.value.info);
  ledger.acknowledge();
}

function snapshotOfLeader(): { readonly bytes: Uint8Array; readonly entries: readonly Entry[] } {
  const directory = TestDirectory.create('leader');
  const { ledger, opened } = tellStory(directory, 'killed');
  takeSnapshot(directory, opened.snapshots, pointOf(ledger, 9));
  const bytes = directory.files().get('snapshots/000000000000009-0000003.snap');
  assert(bytes !== undefined, 'the snapshot is there');
  return { bytes, entries: ledger.entries.slice(0, 9) };
}
