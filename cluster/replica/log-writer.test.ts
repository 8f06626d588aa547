import { describe, expect, it } from 'vitest';
import { memberId } from '../base/ids.ts';
import { DiskFailure } from '../ports/disk.ts';
import { SimClock, WallTime } from '../sim/clock.ts';
import { Scheduler } from '../sim/scheduler.ts';
import { batch, entry, TestDirectory } from '../wal/testing/directory.ts';
import { failingDisk, type Trouble } from '../wal/testing/failing-disk.ts';
import { LogWriter } from './log-writer.ts';

/** A writer over a directory whose disk can be told to fail; `told` is what its host was told, in order. */
function createWriter() {
  const trouble: Trouble = { code: null };
  const directory = TestDirectory.create();
  directory.through((disk) => failingDisk(disk, trouble));
  const { wal } = directory.opened();
  const scheduler = new Scheduler();
  const told: string[] = [];
  const writer = new LogWriter({
    wal,
    clock: new SimClock(scheduler, new WallTime(scheduler)),
    host: {
      written: (batches) => {
        for (const { send } of batches)
          for (const { message } of send) told.push(`sent ${message.join(' ')}`);
        const indexes = batches.flatMap(({ batch: one }) => (one?.entries ?? []).map(({ index }) => index));
        told.push(`written ${indexes.join(' ')}`);
      },
      persisted: () => undefined,
      diskFailed: ({ code }) => void told.push(code),
      diskRecovered: () => void told.push('recovered'),
    },
  });
  const push = (index: number): void => {
    writer.push({ batch: batch([entry(index, 'x')]), send: [] });
    writer.write();
  };
  const pass = (ms: number): void => {
    directory.settle();
    const untilMs = scheduler.nowMs + ms;
    while (scheduler.runNext(untilMs)) directory.settle();
    directory.settle();
  };
  const onDisk = (): readonly number[] => {
    trouble.code = null;
    return directory.opened().restored.entries.map(({ index }) => index);
  };
  return { writer, push, pass, told, trouble, onDisk };
}

describe('what is to be written', () => {
  it('is written in order, what was queued meanwhile as one', () => {
    const { push, pass, told, onDisk } = createWriter();
    for (const index of [1, 2, 3]) push(index);
    pass(10);
    expect(told).toEqual(['written 1', 'written 2 3']);
    expect(onDisk()).toEqual([1, 2, 3]);
  });

  it('is tried again when the disk refuses it, and nothing behind it comes first', () => {
    const { push, pass, told, trouble, onDisk } = createWriter();
    push(1);
    pass(10);
    trouble.code = 'noSpace';
    push(2);
    push(3);
    pass(600);
    expect(told).toEqual(['written 1', 'noSpace', 'noSpace', 'noSpace']);
    trouble.code = null;
    pass(300);
    expect(told.slice(4)).toEqual(['recovered', 'written 2', 'written 3']);
    expect(onDisk()).toEqual([1, 2, 3]);
  });

  it('keeps one of messages that are repeated while the disk refuses', () => {
    const { writer, push, pass, told, trouble } = createWriter();
    const say = (word: number) =>
      writer.push({ batch: null, send: [{ to: memberId(2), message: Uint8Array.of(word) }] });
    trouble.code = 'noSpace';
    push(1);
    pass(10);
    for (const word of [7, 7, 7, 8, 7]) say(word);
    trouble.code = null;
    pass(600);
    expect(told).toEqual(['noSpace', 'recovered', 'written 1', 'sent 7', 'sent 8', 'sent 7', 'written ']);
  });

  it('is nothing more after a stop', () => {
    const { writer, push, pass, told } = createWriter();
    push(1);
    push(2);
    writer.stop();
    pass(1_000);
    expect(told).toEqual([]);
  });
});

describe('an action that needs the log to itself', () => {
  it('runs in a turn of its own, when all that was queued is written', () => {
    const { writer, push, pass, told } = createWriter();
    push(1);
    push(2);
    writer.exclusively(() => void told.push('alone'));
    expect(told).toEqual([]);
    pass(10);
    expect(told).toEqual(['written 1', 'written 2', 'alone']);
  });

  it('is run again when the disk refuses it, before anything else is written', () => {
    const { writer, push, pass, told } = createWriter();
    let refusals = 2;
    writer.exclusively(() => {
      if (refusals === 0) told.push('alone');
      else {
        refusals -= 1;
        throw new DiskFailure('ioError', 'log', 'told to fail');
      }
    });
    pass(10);
    push(1);
    pass(600);
    expect(told).toEqual(['ioError', 'ioError', 'alone', 'recovered', 'written 1']);
  });
});
