import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../base/entry.ts';
import { clusterId, memberId } from '../base/ids.ts';
import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts';
import { segmentHeaderBytes, segmentPath } from './segment.ts';
import { batch, entry, identity, LogOnDisk } from './testing/log-on-disk.ts';
import { openWal } from './wal.ts';

const texts = (entries: readonly Entry[]): string[] => entries.map(({ payload }) => decodeUtf8(payload));

/** A log whose last segment holds three frames, and where each of them ends. */
function threeFrames(): { readonly log: LogOnDisk; readonly path: string; readonly ends: readonly number[] } {
  const log = new LogOnDisk();
  const { wal } = log.open();
  const path = segmentPath(2);
  const ends = [log.disk.sizeBytes(path)];
  for (const text of ['one', 'two', 'three']) {
    log.append(wal, { hardState: encodeUtf8(text), entries: [entry(ends.length, text)] });
    ends.push(log.disk.sizeBytes(path));
  }
  wal.close();
  return { log, path, ends };
}

/** Replaces a file's content as a fault would. */
function overwrite(log: LogOnDisk, path: string, bytes: Uint8Array): void {
  log.disk.replace(path, bytes);
}

describe('the write-ahead log', () => {
  it('gives back what was appended', () => {
    const { log } = threeFrames();
    const { restored, cut, life } = log.open();
    expect(texts(restored.entries)).toEqual(['one', 'two', 'three']);
    expect(restored.hardState).toEqual(encodeUtf8('three'));
    expect({ cut, life }).toEqual({ cut: null, life: 2 });
  });

  it('makes many batches durable with one write and one sync', () => {
    const log = new LogOnDisk();
    const { wal } = log.open();
    let syncs = 0;
    wal.append([batch(entry(1, 'a')), batch(entry(2, 'b'), entry(3, 'c'))], () => {
      syncs += 1;
    });
    while (log.scheduler.runNext(Number.MAX_SAFE_INTEGER));
    expect(syncs).toBe(1);
    expect(texts(log.open().restored.entries)).toEqual(['a', 'b', 'c']);
  });

  it('counts its lives, each durable before it is used', () => {
    const log = new LogOnDisk();
    expect([log.open().life, log.open().life, log.open().life]).toEqual([1, 2, 3]);
    log.open();
    log.simDisk.crash();
    expect(log.open().life).toBe(5);
  });

  it('lets a later entry replace everything from its index on', () => {
    const log = new LogOnDisk();
    const { wal } = log.open();
    log.append(wal, batch(entry(1, 'a'), entry(2, 'b'), entry(3, 'c')));
    log.append(wal, batch(entry(2, 'B', 2)));
    const { restored } = log.open();
    expect(texts(restored.entries)).toEqual(['a', 'B']);
  });

  it('refuses a log in which entries are missing', () => {
    const log = new LogOnDisk();
    const { wal } = log.open();
    log.append(wal, batch(entry(1, 'a')));
    log.append(wal, batch(entry(3, 'c')));
    const opened = openWal(log.reopenDisk(), identity);
    expect(opened).toMatchObject({
      ok: false,
      error: { code: 'corrupt', what: 'entry 3 stands where 2 was expected' },
    });
  });

  it('cuts a last write that was not finished, wherever it was cut short', () => {
    const { log, path, ends } = threeFrames();
    const whole = log.bytes(path);
    const [start = 0] = ends;
    for (let length = start; length <= whole.length; length += 1) {
      const damaged = new LogOnDisk();
      damaged.open().wal.close();
      overwrite(damaged, path, whole.slice(0, length));
      const { restored, cut } = damaged.open();
      const kept = ends.filter((end) => end <= length).length - 1;
      expect(texts(restored.entries)).toEqual(['one', 'two', 'three'].slice(0, kept));
      const keptEnd = ends[kept] ?? 0;
      expect(cut).toEqual(
        length === keptEnd ? null : { file: path, offset: keptEnd, bytes: length - keptEnd },
      );
      expect(damaged.open().cut).toBeNull();
    }
  });

  it('refuses a flipped bit anywhere before the last write, and names the place', () => {
    const { log, path, ends } = threeFrames();
    const whole = log.bytes(path);
    const lastFrame = ends[2] ?? 0;
    for (let at = 0; at < lastFrame; at += 1) {
      for (const bit of [0, 7]) {
        const flipped = whole.slice();
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        overwrite(log, path, flipped);
        const opened = openWal(log.reopenDisk(), identity);
        expect(opened).toMatchObject({ ok: false, error: { code: 'corrupt', file: path } });
        const frame = ends.findLast((end) => end <= at) ?? (at < segmentHeaderBytes ? 0 : segmentHeaderBytes);
        expect(opened.ok ? null : opened.error.offset).toBe(frame);
      }
    }
  });

  it('never takes a damaged last frame for a good one', () => {
    const { log, path, ends } = threeFrames();
    const whole = log.bytes(path);
    for (let at = ends[2] ?? 0; at < whole.length; at += 1) {
      const damaged = new LogOnDisk();
      damaged.open().wal.close();
      const flipped = whole.slice();
      flipped[at] = (flipped[at] ?? 0) ^ 0x10;
      overwrite(damaged, path, flipped);
      expect(texts(damaged.open().restored.entries)).toEqual(['one', 'two']);
    }
  });

  it('refuses damage in an earlier segment, even at its end', () => {
    const { log, path } = threeFrames();
    log.open().wal.close();
    const whole = log.bytes(path);
    overwrite(log, path, whole.slice(0, whole.length - 1));
    expect(openWal(log.reopenDisk(), identity)).toMatchObject({
      ok: false,
      error: { code: 'corrupt', file: path },
    });
  });

  it('refuses a missing segment and a log without any', () => {
    const { log, path } = threeFrames();
    log.open().wal.close();
    log.disk.remove(path);
    expect(openWal(log.reopenDisk(), identity)).toMatchObject({
      ok: false,
      error: { code: 'missing', file: path },
    });
    log.disk.remove(segmentPath(1));
    log.disk.remove(segmentPath(3));
    expect(openWal(log.reopenDisk(), identity)).toMatchObject({
      ok: false,
      error: { code: 'missing', file: 'log' },
    });
  });

  it('refuses a directory of another member or cluster', () => {
    const log = new LogOnDisk();
    for (const other of [
      { ...identity, member: memberId(2) },
      { ...identity, cluster: clusterId(7) },
    ]) {
      expect(openWal(log.reopenDisk(), other)).toMatchObject({ ok: false, error: { code: 'foreign' } });
    }
  });

  it('holds everything that was acknowledged before a power cut, and nothing that was never written', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 12 }), fc.nat(), (sizes, seed) => {
        const log = new LogOnDisk(`crash ${seed}`);
        const written: string[] = [];
        let acknowledged = 0;
        for (let life = 0; life < 3; life += 1) {
          const { wal, restored } = log.open();
          expect(restored.entries.length).toBeGreaterThanOrEqual(acknowledged);
          expect(texts(restored.entries)).toEqual(written.slice(0, restored.entries.length));
          written.length = restored.entries.length;
          for (const size of sizes) {
            const fresh = Array.from({ length: size }, (_, at) => {
              const index = written.length + at + 1;
              return entry(index, `entry ${index} of life ${life}`);
            });
            written.push(...texts(fresh));
            log.append(wal, batch(...fresh));
            acknowledged = written.length;
          }
          const last = entry(written.length + 1, 'never acknowledged');
          written.push(...texts([last]));
          wal.append([batch(last)], () => undefined);
          log.simDisk.crash();
        }
      }),
      { numRuns: 50 },
    );
  });
});
