import { describe, expect, it } from 'vitest';
import { crashingDisk, PowerCut } from './testing/crashing-disk.ts';
import { batch, entry, type Files, TestDirectory, textOf } from './testing/directory.ts';
import { Ledger } from './testing/ledger.ts';
import { pointOf, takeSnapshot, tellStory, write } from './testing/scenario.ts';

const [older, newest] = ['log/000000000003.wal', 'log/000000000004.wal'] as const;

function story(): { readonly files: Files; readonly ledger: Ledger } {
  const directory = TestDirectory.create();
  const { ledger } = tellStory(directory, 'killed');
  return { files: directory.files(), ledger };
}

/** The story's directory with damage in the first appended frame of a segment, which holds entry 6, or 7. */
function damaged(path: string): { readonly directory: TestDirectory; readonly ledger: Ledger } {
  const { files, ledger } = story();
  return { directory: TestDirectory.of(new Map([...files, [path, flipped(files, path)]])), ledger };
}

function flipped(files: Files, path: string): Uint8Array {
  const bytes = (files.get(path) as Uint8Array).slice();
  const at = indexOfText(bytes, path === older ? 'six' : 'seven');
  bytes[at] = (bytes[at] as number) ^ 4;
  return bytes;
}

function indexOfText(bytes: Uint8Array, text: string): number {
  return Buffer.from(bytes).indexOf(text);
}

describe('a log damaged before its tail', () => {
  it('is cut to its whole part, with a bound at the last entry that was promised', () => {
    const { directory } = damaged(newest);
    const { restored, damage } = directory.opened();
    expect(restored.entries.map(({ index }) => index)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(restored.votingBound).toEqual({ kind: 'point', index: 10, term: 3 });
    expect(damage?.findings).toMatchObject([{ file: newest, cure: 'peers' }]);
  });

  it('sets the files behind the damage aside', () => {
    const { directory } = damaged(older);
    const { damage, restored } = directory.opened();
    expect(damage?.archive).toBe('damaged/1');
    expect([...directory.files().keys()].filter((path) => path.startsWith('damaged/'))).toEqual([
      'damaged/1/log-000000000004.wal',
    ]);
    expect(restored.votingBound).toEqual({ kind: 'point', index: 10, term: 3 });
  });

  it('stays under repair through restarts and new damage, until a leader has brought everything back', () => {
    const { directory, ledger } = damaged(newest);
    const { wal, restored } = directory.opened();
    const missing = ledger.entries.slice(6);
    directory.append(wal, batch(missing.slice(0, 2)));
    const again = directory.opened();
    expect(again.damage).toBeNull();
    expect(again.restored.votingBound).toEqual(restored.votingBound);
    directory.append(again.wal, batch([...missing.slice(2), entry(11, 'of the leader', 4)]));
    again.wal.repaired();
    expect(directory.opened().restored.votingBound).toBeNull();
  });

  it('is bounded by both losses when the first was not repaired yet', () => {
    const { directory } = damaged(newest);
    const { wal } = directory.opened();
    directory.append(wal, batch([entry(7, 'of the new leader', 4)]));
    const files = directory.files();
    const [path, bytes] = [...files].findLast(([name]) => name.startsWith('log/')) as [string, Uint8Array];
    const broken = bytes.slice();
    const at = indexOfText(broken, 'new leader');
    broken[at] = (broken[at] as number) ^ 1;
    const struck = TestDirectory.of(new Map([...files, [path, broken]]));
    expect(struck.opened().restored.votingBound).toEqual({ kind: 'point', index: 7, term: 4 });
  });

  it('opens to the same when power is lost at any disk call of the repair', () => {
    const { directory: whole } = damaged(older);
    const expected = textOf(whole.opened().restored);
    let cuts = 0;
    for (let left = 0; ; left += 1) {
      const { directory, ledger } = damaged(older);
      directory.through((disk) => crashingDisk(disk, { left }));
      if (!isPowerLost(directory)) break;
      cuts += 1;
      const { restored } = TestDirectory.of(directory.files()).opened();
      ledger.check(restored, `cut ${left}`);
      expect({ left, text: textOf(restored), bound: restored.votingBound }).toEqual({
        left,
        text: expected,
        bound: { kind: 'point', index: 10, term: 3 },
      });
    }
    expect(cuts).toBeGreaterThan(5);
  });

  it('is no loss where a snapshot stands for it', () => {
    const directory = TestDirectory.create();
    const ledger = new Ledger();
    const { wal, snapshots } = directory.opened();
    for (const index of [1, 2, 3, 4]) write(directory, ledger, wal, batch([entry(index, `entry ${index}`)]));
    takeSnapshot(directory, snapshots, pointOf(ledger, 2));
    const files = directory.files();
    const path = 'log/000000000002.wal';
    const bytes = (files.get(path) as Uint8Array).slice();
    const at = indexOfText(bytes, 'entry 1');
    bytes[at] = 0;
    const { restored, damage } = TestDirectory.of(new Map([...files, [path, bytes]])).opened();
    ledger.check(restored);
    expect(restored).toMatchObject({ base: { index: 2, term: 1 }, votingBound: null });
    expect(damage?.findings).toMatchObject([{ file: path, cure: 'snapshotCovers' }]);
  });
});

describe('a log that lost its end', () => {
  it('is under repair with an unknown bound: what stood behind the note is not known', () => {
    const { files, ledger } = story();
    const bytes = files.get(newest) as Uint8Array;
    const cut = TestDirectory.of(new Map([...files, [newest, bytes.subarray(0, bytes.length - 60)]]));
    const { restored } = cut.opened();
    ledger.check(restored);
    expect(restored.votingBound).toEqual({ kind: 'unknown' });
  });

  it('is bounded exactly when the log was closed in good order', () => {
    const directory = TestDirectory.create();
    const { ledger } = tellStory(directory, 'closed');
    const files = new Map([...directory.files()].filter(([path]) => path !== newest));
    const { restored } = TestDirectory.of(files).opened();
    ledger.check(restored);
    expect(restored.votingBound).toEqual({ kind: 'point', index: 10, term: 3 });
  });

  it('never begins a life twice, even when the newest segment is gone', () => {
    const { files } = story();
    const without = TestDirectory.of(new Map([...files].filter(([path]) => path !== newest)));
    expect(without.opened().life).toBe(4);
  });
});

function isPowerLost(directory: TestDirectory): boolean {
  try {
    directory.open();
    return false;
  } catch (failure) {
    if (failure instanceof PowerCut) return true;
    throw failure;
  }
}
