import { describe, expect, it } from 'vitest';
import { logIndex, term, zxid } from '../base/ids.ts';
import { snapshotProgressBytes } from '../base/limits.ts';
import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts';
import type { DiskFailure } from '../ports/disk.ts';
import type { OpenedWal } from './open.ts';
import { batch, entry, TestDirectory } from './testing/directory.ts';
import { Ledger } from './testing/ledger.ts';
import { founders, pointOf, takeSnapshot, write } from './testing/scenario.ts';

/** A directory with so many entries, one append each. */
function withEntries(count: number): { directory: TestDirectory; ledger: Ledger; opened: OpenedWal } {
  const directory = TestDirectory.create();
  const ledger = new Ledger();
  const opened = directory.opened();
  for (let index = 1; index <= count; index += 1)
    write(directory, ledger, opened.wal, batch([entry(index, `entry ${index}`)]));
  return { directory, ledger, opened };
}

/** The bytes of a snapshot of entry 3 with an image of this size. */
function someSnapshot(imageBytes: number): Uint8Array {
  const { directory, ledger, opened } = withEntries(3);
  const title = { ...pointOf(ledger, 3), zxid: zxid(3), digest: 'd'.repeat(16) };
  const writer = opened.snapshots.create(title);
  writer.append(new Uint8Array(imageBytes).fill(7), () => undefined);
  directory.settle();
  writer.finish(() => undefined);
  directory.settle();
  return directory.files().get('snapshots/000000000000003-0000001.snap') as Uint8Array;
}

const offer = { index: logIndex(3), term: term(1) };

describe('a snapshot', () => {
  it('gives back what it stands for, and its chunks', () => {
    const { directory, ledger, opened } = withEntries(3);
    takeSnapshot(directory, opened.snapshots, pointOf(ledger, 2));
    const { snapshots, restored } = directory.opened();
    expect(snapshots.list()).toMatchObject([{ index: 2, term: 1, zxid: 2, digest: '0123456789abcdef' }]);
    expect(restored.snapshot).toEqual({ index: 2, term: 1, membership: founders });
    const reader = snapshots.open(logIndex(2));
    if (!reader.ok) throw new Error(reader.error.what);
    const chunks = [...reader.value.chunks()].map((chunk) =>
      chunk.ok ? decodeUtf8(chunk.value) : chunk.error.what,
    );
    expect(chunks).toEqual(['image of 2: ', 'the rest of it']);
  });

  it('that was not finished, or given up, is none, and leaves nothing behind', () => {
    const { directory, ledger, opened } = withEntries(3);
    const title = { ...pointOf(ledger, 2), zxid: zxid(2), digest: 'd'.repeat(16) };
    const unfinished = opened.snapshots.create(title);
    unfinished.append(encodeUtf8('half'), () => undefined);
    directory.settle();
    const { snapshots } = directory.opened();
    expect(snapshots.list()).toEqual([]);
    expect([...directory.files().keys()].filter((path) => path.startsWith('snapshots'))).toEqual([]);
    const abandoned = snapshots.create(title);
    abandoned.append(encodeUtf8('half'), () => undefined);
    directory.settle();
    abandoned.abandon();
    expect([...directory.files().keys()].filter((path) => path.startsWith('snapshots'))).toEqual([]);
  });

  it('whose chunk does not read back as it was written is given up', () => {
    const { directory, ledger } = withEntries(3);
    directory.through((disk) => ({
      ...disk,
      read: (path, range) => {
        const bytes = disk.read(path, range);
        return path.endsWith('.new') ? bytes.map((byte) => byte ^ 1) : bytes;
      },
    }));
    const { snapshots } = directory.opened();
    const writer = snapshots.create({ ...pointOf(ledger, 2), zxid: zxid(2), digest: 'd'.repeat(16) });
    const failures: (DiskFailure | null)[] = [];
    writer.append(encodeUtf8('image'), (failure) => failures.push(failure));
    directory.settle();
    expect(failures).toMatchObject([{ code: 'ioError' }]);
    expect(snapshots.list()).toEqual([]);
  });

  it('that is damaged gives way to the older one and the log, and is set aside by name', () => {
    const { directory, ledger, opened } = withEntries(6);
    for (const index of [2, 5]) takeSnapshot(directory, opened.snapshots, pointOf(ledger, index));
    const path = 'snapshots/000000000000005-0000001.snap';
    const bytes = (directory.files().get(path) as Uint8Array).slice();
    bytes[bytes.length - 30] = 0;
    const damaged = TestDirectory.of(new Map([...directory.files(), [path, bytes]]));
    const { restored, damage } = damaged.opened();
    ledger.check(restored);
    expect(restored.snapshot?.index).toBe(2);
    expect(damage).toMatchObject({
      findings: [{ file: path, cure: 'olderSnapshot' }],
      archive: 'damaged/1',
    });
    expect(damaged.files().has('damaged/1/snapshots-000000000000005-0000001.snap')).toBe(true);
    expect(damaged.opened().damage).toBeNull();
  });

  it('that the store refuses is set aside on request, and the next opening falls back', () => {
    const { directory, ledger, opened } = withEntries(6);
    for (const index of [2, 5]) takeSnapshot(directory, opened.snapshots, pointOf(ledger, index));
    opened.snapshots.discard(logIndex(5));
    expect(directory.opened().restored.snapshot?.index).toBe(2);
  });
});

describe('a snapshot from another member', () => {
  it('comes in pieces and becomes one of this member', () => {
    const bytes = someSnapshot(1_000);
    const { directory, opened } = withEntries(0);
    const receiver = opened.snapshots.receive({ ...offer, totalBytes: bytes.length });
    for (let at = 0; at < bytes.length; at += 300) {
      receiver.append(bytes.subarray(at, at + 300), () => undefined);
      directory.settle();
    }
    const finished = receiver.finish();
    expect(finished.ok && finished.value.info.index).toBe(3);
    opened.wal.rebase({ index: offer.index, term: offer.term });
    directory.append(opened.wal, batch([entry(4, 'behind it')]));
    const { restored } = directory.opened();
    expect(restored).toMatchObject({
      base: { index: 3, term: 1 },
      snapshot: { index: 3 },
      entries: [{ index: 4 }],
    });
  });

  it('goes on after a power cut where its durable progress ends, not where its file does', () => {
    const bytes = someSnapshot(2 * snapshotProgressBytes);
    const directory = TestDirectory.create();
    const first = directory.opened().snapshots.receive({ ...offer, totalBytes: bytes.length });
    first.append(bytes.subarray(0, snapshotProgressBytes), () => undefined);
    directory.settle();
    first.append(bytes.subarray(snapshotProgressBytes, snapshotProgressBytes + 100), () => undefined);
    directory.crash();
    const second = directory.opened().snapshots.receive({ ...offer, totalBytes: bytes.length });
    expect(second.offset).toBe(snapshotProgressBytes);
    second.append(bytes.subarray(second.offset), () => undefined);
    directory.settle();
    expect(second.finish().ok).toBe(true);
  });

  it('is refused and removed when a bit of it changed on the way', () => {
    const bytes = someSnapshot(500).slice();
    bytes[300] = 8;
    const { directory, opened } = withEntries(0);
    const receiver = opened.snapshots.receive({ ...offer, totalBytes: bytes.length });
    receiver.append(bytes, () => undefined);
    directory.settle();
    expect(receiver.finish()).toMatchObject({ ok: false, error: { code: 'corrupt' } });
    expect([...directory.files().keys()].filter((path) => path.startsWith('snapshots'))).toEqual([]);
    expect(opened.snapshots.receive({ ...offer, totalBytes: bytes.length }).offset).toBe(0);
  });

  it('is begun anew when another one is offered, and only that one is kept', () => {
    const { directory, opened } = withEntries(0);
    const first = opened.snapshots.receive({ ...offer, totalBytes: 1_000 });
    first.append(new Uint8Array(10), () => undefined);
    directory.settle();
    first.close();
    opened.snapshots.receive({ index: logIndex(9), term: term(1), totalBytes: 1_000 });
    const parts = [...directory.files().keys()].filter((path) => path.endsWith('.part'));
    expect(parts).toEqual(['snapshots/000000000000009-0000001.snap.part']);
  });
});

describe('a snapshot that rots while it is there', () => {
  it('is noticed by who reads it raw from begin to end, with the last piece', () => {
    const { directory, ledger, opened } = withEntries(3);
    takeSnapshot(directory, opened.snapshots, pointOf(ledger, 3));
    const opening = opened.snapshots.open(logIndex(3));
    if (!opening.ok) throw new Error(opening.error.what);
    const reader = opening.value;
    const { path, sizeBytes } = reader.info;
    const half = sizeBytes >> 1;
    const pieces = () => [
      reader.readRaw({ offset: 0, length: half }).ok,
      reader.readRaw({ offset: half, length: sizeBytes }).ok,
    ];
    expect(pieces()).toEqual([true, true]);
    const bytes = (directory.files().get(path) as Uint8Array).slice();
    bytes[sizeBytes - 30] = 0;
    directory.disk().replace(path, bytes);
    expect(pieces()).toEqual([true, false]);
  });
});

describe('compaction', () => {
  it('drops segments that a snapshot stands for, and generations beyond those kept', () => {
    const directory = TestDirectory.create();
    const ledger = new Ledger();
    for (let round = 1; round <= 5; round += 1) {
      const { wal, snapshots } = directory.opened();
      write(
        directory,
        ledger,
        wal,
        batch([entry(2 * round - 1, 'a'), entry(2 * round, 'b')], `vote ${round}`),
      );
      takeSnapshot(directory, snapshots, pointOf(ledger, 2 * round));
      wal.compact(logIndex(Math.max(1, 2 * round - 3)), 3);
      wal.close();
    }
    const { restored, snapshots, wal } = directory.opened();
    ledger.check(restored);
    expect(snapshots.list().map(({ index }) => index)).toEqual([10, 8, 6]);
    expect(restored.base.index).toBe(6);
    expect([...directory.files().keys()].filter((path) => path.startsWith('log/'))).toHaveLength(3);
    const onDisk = [...directory.files()]
      .filter(([path]) => path.includes('/'))
      .map(([, bytes]) => bytes.length);
    expect(wal.diskBytes).toBe(onDisk.reduce((sum, bytes) => sum + bytes, 0));
  });

  it('never drops what no snapshot stands for', () => {
    const { opened } = withEntries(4);
    expect(() => opened.wal.compact(logIndex(3), 3)).toThrow('past the newest snapshot');
  });
});
