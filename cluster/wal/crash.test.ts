import { describe, expect, it } from 'vitest';
import { assert } from '../base/assert.ts';
import type { Entry } from '../base/entry.ts';
import { logIndex, term } from '../base/ids.ts';
import { encodeMembershipRecord } from '../base/membership-codec.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import { initialise } from './initialise.ts';
import { crashingDisk, PowerCut } from './testing/crashing-disk.ts';
import { batch, entry, type Files, identity, TestDirectory } from './testing/directory.ts';
import { Ledger } from './testing/ledger.ts';
import { founders, pointOf, takeSnapshot, tellStory, write } from './testing/scenario.ts';

const founding = { membership: founders, hardState: encodeUtf8('term 1') };

const firstEntry: Entry = {
  index: logIndex(1),
  term: term(1),
  kind: 'membership',
  payload: encodeMembershipRecord({ membership: founders, cause: 'founded' }),
};

/** A directory's whole life: founded, written, compacted, replaced by a fetched snapshot, and written again. */
function live(directory: TestDirectory, ledger: Ledger): void {
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

interface Cut {
  readonly files: Files;
  readonly ledger: Ledger;
}

/** What is on disk when a process or its machine ends in front of the `crashAt`-th change; null: the story was over. */
function cutAt(crashAt: number, what: 'process' | 'machine'): Cut | null {
  const directory = new TestDirectory(`${crashAt}`);
  const ledger = new Ledger();
  const power = { left: crashAt };
  directory.through((disk) => crashingDisk(disk, power));
  try {
    live(directory, ledger);
    return null;
  } catch (failure) {
    if (!(failure instanceof PowerCut)) throw failure;
    if (what === 'machine') directory.crash();
    return { files: directory.files(), ledger };
  }
}

describe.each(['process', 'machine'] as const)('the end of a %s at any disk call', (what) => {
  it('leaves a directory that opens undamaged with everything acknowledged', () => {
    let cuts = 0;
    for (let crashAt = 0; ; crashAt += 1) {
      const cut = cutAt(crashAt, what);
      if (cut === null) break;
      cuts += 1;
      const directory = TestDirectory.of(cut.files);
      const opened = directory.open();
      if (!opened.ok) {
        expect({ crashAt, code: opened.error.code, begun: cut.ledger.last.index }).toEqual({
          crashAt,
          code: 'notInitialised',
          begun: 0,
        });
        continue;
      }
      const { damage, restored } = opened.value;
      // The identity, which completes a directory, may be there in one copy only; nothing else ever is.
      const isBegun = cut.ledger.last.index > 0;
      expect({ crashAt, damage: isBegun ? damage : null, bound: restored.votingBound }).toEqual({
        crashAt,
        damage: null,
        bound: null,
      });
      cut.ledger.check(opened.value.restored);
    }
    expect(cuts).toBeGreaterThan(60);
  });
});
