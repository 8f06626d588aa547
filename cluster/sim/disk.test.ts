import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts';
import type { Disk } from '../ports/disk.ts';
import { SimDisk } from './disk.ts';
import { createSeededRandom } from './random.ts';
import { Scheduler } from './scheduler.ts';

function create(seed: string): { scheduler: Scheduler; sim: SimDisk; disk: Disk } {
  const scheduler = new Scheduler();
  const sim = new SimDisk({ scheduler, random: createSeededRandom(seed) });
  return { scheduler, sim, disk: sim.open((callback) => callback()) };
}

function run(scheduler: Scheduler): void {
  const untilMs = scheduler.nowMs + 100;
  while (scheduler.runNext(untilMs));
}

function contentOf(disk: Disk, path: string): Uint8Array {
  return disk.read(path, { offset: 0, length: disk.sizeBytes(path) });
}

const synced = encodeUtf8('synced;');
const unsynced = new Uint8Array(1_000).fill(7);

/** What a crash leaves of a file whose second append was under way. */
function afterCrash(seed: string): Uint8Array {
  const { scheduler, sim, disk } = create(seed);
  const file = disk.openAppend('log');
  file.append([synced], () => undefined);
  run(scheduler);
  file.append([unsynced], () => undefined);
  sim.crash();
  return contentOf(
    sim.open((callback) => callback()),
    'log',
  );
}

describe('a simulated disk', () => {
  it('creates a file to append to, and puts one append behind the other', () => {
    const { scheduler, disk } = create('a');
    const file = disk.openAppend('log');
    const done: unknown[] = [];
    file.append([encodeUtf8('one '), encodeUtf8('two ')], (failure) => done.push(failure));
    expect(done).toEqual([]);
    run(scheduler);
    file.append([encodeUtf8('three')], (failure) => done.push(failure));
    run(scheduler);
    expect(done).toEqual([null, null]);
    expect(contentOf(disk, 'log')).toEqual(encodeUtf8('one two three'));
  });

  it('keeps what was synced through a crash, and never calls back for what was not', () => {
    const { scheduler, sim, disk } = create('a');
    const file = disk.openAppend('log');
    file.append([synced], () => undefined);
    run(scheduler);
    let told = 0;
    file.append([unsynced], () => {
      told += 1;
    });
    sim.crash();
    run(scheduler);
    expect(told).toBe(0);
    const kept = contentOf(
      sim.open((callback) => callback()),
      'log',
    );
    expect(kept.subarray(0, synced.length)).toEqual(synced);
    expect(kept.length).toBeLessThanOrEqual(synced.length + unsynced.length);
  });

  it('leaves of a record that was being overwritten the old one, the new one or a part of each', () => {
    const left = new Set<string>();
    for (let at = 0; at < 60; at += 1) {
      const { scheduler, sim, disk } = create(`record ${at}`);
      disk.replace('vote', encodeUtf8('aaaaa'));
      const record = disk.openRecord('vote');
      record.write(encodeUtf8('bbbbb'), () => undefined);
      run(scheduler);
      record.write(encodeUtf8('ccccc'), () => undefined);
      if (at % 2 === 0) sim.crash();
      else sim.processKilled();
      left.add(decodeUtf8(contentOf(disk, 'vote')));
    }
    expect([...left].sort()).toEqual(['bbbbb', 'cbbbb', 'ccbbb', 'cccbb', 'ccccb', 'ccccc']);
  });

  it('loses, cuts and tears what was not synced, as the seed decides', () => {
    const left = Array.from({ length: 60 }, (_, at) => afterCrash(`crash ${at}`));
    const lengths = new Set(left.map(({ length }) => length - synced.length));
    const torn = left.filter((bytes) => bytes.includes(0));
    expect(lengths.size).toBeGreaterThan(30);
    expect(torn.length).toBeGreaterThan(5);
    expect(torn.length).toBeLessThan(40);
    expect(left).toEqual(Array.from({ length: 60 }, (_, at) => afterCrash(`crash ${at}`)));
  });

  it('replaces a file as a whole, and cuts one for good', () => {
    const { scheduler, sim, disk } = create('a');
    disk.replace('meta', encodeUtf8('old and long'));
    disk.replace('meta', encodeUtf8('new'));
    disk.truncate('meta', 2);
    sim.crash();
    expect(contentOf(disk, 'meta')).toEqual(encodeUtf8('ne'));
    const file = disk.openAppend('meta');
    file.append([encodeUtf8('xt')], () => undefined);
    run(scheduler);
    expect(contentOf(disk, 'meta')).toEqual(encodeUtf8('next'));
  });

  it('lists a folder in order, and names what is absent', () => {
    const { disk } = create('a');
    for (const name of ['log/b', 'log/a', 'identity']) disk.replace(name, synced);
    expect(disk.list('log')).toEqual(['a', 'b']);
    expect(disk.list('')).toEqual(['identity', 'log']);
    disk.remove('log/a');
    expect(disk.exists('log/a')).toBe(false);
    expect(() => disk.sizeBytes('log/a')).toThrow(expect.objectContaining({ code: 'notFound' }));
  });
});
