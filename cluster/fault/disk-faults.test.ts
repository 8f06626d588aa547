import { describe, expect, it } from 'vitest';
import { type Disk, DiskFailure } from '../ports/disk.ts';
import { SimClock, WallTime } from '../sim/clock.ts';
import { SimDisk } from '../sim/disk.ts';
import { createSeededRandom } from '../sim/random.ts';
import { Scheduler } from '../sim/scheduler.ts';
import { type DiskFaults, noDiskFaults, wrapDisk } from './disk-faults.ts';

const file = 'log/1';

/** A wrapped disk, what really is on the one below, and appends that tell how they ended. */
function wrapped() {
  const scheduler = new Scheduler();
  const clock = new SimClock(scheduler, new WallTime(scheduler));
  const below = new SimDisk({ scheduler, random: createSeededRandom('disk') });
  const { disk, setFaults } = wrapDisk(
    below.open((act) => act()),
    clock,
  );
  const log = disk.openAppend(file);
  const append = (text: string): string[] => {
    const ends: string[] = [];
    log.append([new TextEncoder().encode(text)], (failure) => void ends.push(failure?.code ?? 'durable'));
    return ends;
  };
  const run = (forMs: number): void => {
    const untilMs = scheduler.nowMs + forMs;
    while (scheduler.runNext(untilMs));
  };
  const appended = (text: string): string => {
    const ends = append(text);
    run(10);
    return ends.join();
  };
  const set = (faults: Partial<DiskFaults>): void => setFaults({ ...noDiskFaults, ...faults });
  const reallyThere = (): string => textOf(below.files().get(file) ?? new Uint8Array(0));
  return { disk, set, append, appended, run, reallyThere, clock };
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function readAll(disk: Disk): string {
  return textOf(disk.read(file, { offset: 0, length: disk.sizeBytes(file) }));
}

function codeOf(act: () => void): string {
  try {
    act();
    return 'done';
  } catch (failure) {
    return failure instanceof DiskFailure ? failure.code : 'thrown';
  }
}

/** Every call that changes something, by the code it fails with. */
function changes(disk: Disk): readonly string[] {
  return [
    () => disk.replace('small', new Uint8Array(4)),
    () => disk.openAppend(`new ${disk.list('').length}`),
    () => disk.makeFolder('folder'),
    () => disk.openNote('note').write(new Uint8Array(4)),
    () => disk.rename('small', 'renamed'),
    () => disk.truncate(file, 0),
    () => disk.remove('renamed'),
  ].map(codeOf);
}

describe('a disk without faults', () => {
  it('does what the disk below does', () => {
    const { disk, appended, reallyThere } = wrapped();
    expect(appended('one')).toBe('durable');
    expect(reallyThere()).toBe('one');
    expect(readAll(disk)).toBe('one');
    expect(new Set(changes(disk))).toEqual(new Set(['done']));
    expect(reallyThere()).toBe('');
  });
});

describe('a full disk', () => {
  it('takes what there is room for, writes the part that fits of the next, and fails it', () => {
    const { set, appended, reallyThere } = wrapped();
    set({ freeBytes: 5 });
    expect(appended('abcd')).toBe('durable');
    expect(appended('efgh')).toBe('noSpace');
    expect(reallyThere()).toBe('abcde');
  });

  it('has room again for as much as was removed', () => {
    const { disk, set, appended } = wrapped();
    expect(appended('abcdef')).toBe('durable');
    set({ freeBytes: 0 });
    expect(codeOf(() => disk.replace('small', new Uint8Array(2)))).toBe('noSpace');
    disk.truncate(file, 3);
    expect(codeOf(() => disk.replace('small', new Uint8Array(2)))).toBe('done');
    expect(appended('gh')).toBe('noSpace');
    disk.remove('small');
    expect(appended('gh')).toBe('durable');
  });

  it('replaces a file only when the old and the new one fit together', () => {
    const { disk, set } = wrapped();
    disk.replace('small', new Uint8Array(4));
    set({ freeBytes: 3 });
    expect(codeOf(() => disk.replace('small', new Uint8Array(4)))).toBe('noSpace');
    expect(codeOf(() => disk.replace('small', new Uint8Array(3)))).toBe('done');
  });

  it('has all its room back when the fault is undone', () => {
    const { set, appended } = wrapped();
    set({ freeBytes: 0 });
    expect(appended('a')).toBe('noSpace');
    set({});
    expect(appended('b')).toBe('durable');
  });
});

describe('a failing disk', () => {
  it('fails every change, appends half-way, and still reads', () => {
    const { disk, set, appended, reallyThere } = wrapped();
    expect(appended('whole')).toBe('durable');
    set({ writes: 'failing' });
    expect(appended('half')).toBe('ioError');
    expect(reallyThere()).toBe('wholeha');
    expect(readAll(disk)).toBe('wholeha');
    expect(new Set(changes(disk))).toEqual(new Set(['ioError']));
    set({});
    expect(new Set(changes(disk))).toEqual(new Set(['done']));
  });
});

describe('a record on a disk with faults', () => {
  it('is spoilt by a failing disk, late on a slow one, and has room on a full one', () => {
    const { disk, set, run } = wrapped();
    disk.replace('vote', new TextEncoder().encode('abcd'));
    const record = disk.openRecord('vote');
    const write = (text: string, waitMs = 10): string => {
      let end = 'under way';
      record.write(new TextEncoder().encode(text), (failure) => {
        end = failure?.code ?? 'durable';
      });
      run(waitMs);
      return `${end} ${textOf(disk.read('vote', { offset: 0, length: 4 }))}`;
    };
    set({ writes: 'failing' });
    expect(write('efgh')).toBe('ioError efcd');
    set({ freeBytes: 0 });
    expect(write('efgh')).toBe('durable efgh');
    set({ syncDelayMs: 500 });
    expect(write('ijkl', 499)).toBe('under way ijkl');
    run(10);
    set({});
    expect(write('mnop')).toBe('durable mnop');
  });
});

describe('a slow disk', () => {
  it('is late with every append by what was set', () => {
    const { set, append, run } = wrapped();
    set({ syncDelayMs: 500 });
    const ends = append('a');
    run(499);
    expect(ends).toEqual([]);
    run(10);
    expect(ends).toEqual(['durable']);
  });

  it('finishes what it has under way as soon as the fault is undone', () => {
    const { set, append, run } = wrapped();
    set({ syncDelayMs: 60_000 });
    const ends = append('a');
    run(100);
    set({});
    run(0);
    expect(ends).toEqual(['durable']);
    run(60_000);
    expect(ends).toEqual(['durable']);
  });
});

describe('a slow disk of a process that stands still', () => {
  it('finishes once what fell due meanwhile, although the fault was undone meanwhile too', () => {
    const { set, append, run, clock } = wrapped();
    set({ syncDelayMs: 500 });
    const ends = append('a');
    run(100);
    clock.pause();
    run(1_000);
    set({});
    clock.resume();
    run(1_000);
    expect(ends).toEqual(['durable']);
  });
});

describe('a lying disk', () => {
  it('acknowledges what is nowhere, and reads it back meanwhile', () => {
    const { disk, set, appended, reallyThere } = wrapped();
    appended('true ');
    set({ sync: 'lying' });
    expect(appended('lie')).toBe('durable');
    expect(reallyThere()).toBe('true ');
    expect(readAll(disk)).toBe('true lie');
    expect(textOf(disk.read(file, { offset: 6, length: 9 }))).toBe('ie');
  });

  it('writes what it held back, and then what comes next, when it is honest again', () => {
    const { disk, set, append, run, reallyThere } = wrapped();
    set({ sync: 'lying' });
    append('held ');
    run(10);
    set({});
    const ends = append('next');
    expect(ends).toEqual([]);
    run(10);
    expect(ends).toEqual(['durable']);
    expect(reallyThere()).toBe('held next');
    expect(readAll(disk)).toBe('held next');
  });

  it('writes the oldest once it holds a megabyte', () => {
    const { set, appended, reallyThere } = wrapped();
    set({ sync: 'lying' });
    appended('x'.repeat(600_000));
    expect(reallyThere()).toHaveLength(0);
    appended('x'.repeat(600_000));
    expect(reallyThere()).toHaveLength(1_200_000);
  });

  it('holds a file back under its new name too', () => {
    const { disk, set, appended, run, reallyThere } = wrapped();
    set({ sync: 'lying' });
    appended('held');
    disk.rename(file, 'log/2');
    expect(disk.sizeBytes('log/2')).toBe(4);
    set({});
    run(10);
    expect(textOf(disk.read('log/2', { offset: 0, length: 4 }))).toBe('held');
    expect(reallyThere()).toBe('');
  });

  it('cuts what it holds, and what it wrote', () => {
    const { disk, set, appended, reallyThere } = wrapped();
    appended('real');
    set({ sync: 'lying' });
    appended('held');
    disk.truncate(file, 6);
    expect(readAll(disk)).toBe('realhe');
    disk.truncate(file, 2);
    expect([readAll(disk), reallyThere()]).toEqual(['re', 're']);
    appended('more');
    expect(readAll(disk)).toBe('remore');
  });
});
