import { describe, expect, it } from 'vitest';
import { logIndex, memberId } from '../../base/ids.ts';
import { snapshotTransferBytesMax } from '../../base/limits.ts';
import { SimClock, WallTime } from '../../sim/clock.ts';
import { Scheduler } from '../../sim/scheduler.ts';
import { batch, entry, TestDirectory } from '../../wal/testing/directory.ts';
import { Ledger } from '../../wal/testing/ledger.ts';
import { pointOf, takeSnapshot, write } from '../../wal/testing/scenario.ts';
import type { PeerMessageOf } from '../peers/peer-message.ts';
import { SnapshotSource } from './source.ts';

const two = memberId(2);

/** A member with a snapshot of entry 3. */
function source() {
  const directory = TestDirectory.create();
  const ledger = new Ledger();
  const { wal, snapshots: files } = directory.opened();
  write(directory, ledger, wal, batch([entry(1, 'a'), entry(2, 'b'), entry(3, 'c')]));
  takeSnapshot(directory, files, pointOf(ledger, 3));
  const scheduler = new Scheduler();
  const damaged: number[] = [];
  const snapshots = new SnapshotSource({
    files,
    clock: new SimClock(scheduler, new WallTime(scheduler)),
    damaged: (_error, index) => void damaged.push(index),
  });
  const ask = (offset: number, lengthMax: number, index = 3) =>
    snapshots.answer(two, { kind: 'snapshotRequest', index: logIndex(index), offset, lengthMax });
  const pass = (ms: number): void => {
    const untilMs = scheduler.nowMs + ms;
    while (scheduler.runNext(untilMs));
  };
  return { directory, files, snapshots, ask, pass, damaged };
}

const bytesOf = (answer: { readonly kind: string }): number =>
  answer.kind === 'snapshotChunk' ? (answer as PeerMessageOf<'snapshotChunk'>).bytes.length : -1;

describe('a member that has a snapshot', () => {
  it('says how long it is, and gives as much of it as is asked for, within bounds', () => {
    const { ask, files } = source();
    const totalBytes = files.list()[0]?.sizeBytes ?? 0;
    expect(ask(0, 0)).toEqual({
      kind: 'snapshotChunk',
      index: 3,
      totalBytes,
      offset: 0,
      bytes: new Uint8Array(0),
    });
    expect(bytesOf(ask(0, 10))).toBe(10);
    expect(bytesOf(ask(totalBytes - 4, snapshotTransferBytesMax * 2))).toBe(4);
    expect(bytesOf(ask(totalBytes, 10))).toBe(0);
  });

  it('says so when it has no such snapshot, or not that much of it', () => {
    const { ask } = source();
    expect([ask(0, 10, 2), ask(1_000_000, 10)]).toEqual([
      { kind: 'snapshotGone', index: 2 },
      { kind: 'snapshotGone', index: 3 },
    ]);
  });

  it('keeps what it is sending until nobody has asked for a while', () => {
    const { ask, snapshots, pass } = source();
    expect(snapshots.held).toEqual([]);
    ask(0, 10);
    pass(9_000);
    expect(snapshots.held).toEqual([3]);
    ask(10, 10);
    pass(9_000);
    expect(snapshots.held).toEqual([3]);
    pass(2_000);
    expect(snapshots.held).toEqual([]);
  });

  it('gives no more of one that rotted on disk, and says so', () => {
    const { ask, directory, files, damaged } = source();
    const { path = '', sizeBytes = 0 } = files.list()[0] ?? {};
    ask(0, 10);
    const bytes = (directory.files().get(path) ?? new Uint8Array(0)).slice();
    bytes[sizeBytes - 30] = (bytes[sizeBytes - 30] ?? 0) ^ 1;
    directory.disk().replace(path, bytes);
    expect(ask(10, sizeBytes)).toEqual({ kind: 'snapshotGone', index: 3 });
    expect(damaged).toEqual([3]);
  });
});
