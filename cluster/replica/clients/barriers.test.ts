import { describe, expect, it } from 'vitest';
import { logIndex } from '../../base/ids.ts';
import { SimClock, WallTime } from '../../sim/clock.ts';
import { Scheduler } from '../../sim/scheduler.ts';
import { Barriers } from './barriers.ts';

function create() {
  const scheduler = new Scheduler();
  const requested: number[] = [];
  const done: string[] = [];
  const barriers = new Barriers({
    clock: new SimClock(scheduler, new WallTime(scheduler)),
    request: (id) => void requested.push(id),
  });
  return {
    barriers,
    requested,
    done,
    wait: (name: string) => barriers.wait(() => void done.push(name)),
    run: (durationMs: number) => {
      const untilMs = scheduler.nowMs + durationMs;
      while (scheduler.runNext(untilMs));
    },
  };
}

describe('read barriers', () => {
  it('share one round per turn, and are done in the order they were asked for', () => {
    const { barriers, requested, done, wait, run } = create();
    wait('a');
    wait('b');
    run(0);
    wait('c');
    run(0);
    expect(requested).toEqual([1, 2]);
    barriers.answered({ kind: 'ready', id: 1, index: logIndex(0) });
    barriers.answered({ kind: 'ready', id: 2, index: logIndex(0) });
    expect(done).toEqual(['a', 'b', 'c']);
  });

  it('wait until the store has applied what the leader had committed', () => {
    const { barriers, done, wait, run } = create();
    barriers.applied(logIndex(4));
    wait('a');
    run(0);
    barriers.answered({ kind: 'ready', id: 1, index: logIndex(6) });
    barriers.applied(logIndex(5));
    expect(done).toEqual([]);
    barriers.applied(logIndex(7));
    expect(done).toEqual(['a']);
  });

  it('are asked for again after a failed round, until one succeeds', () => {
    const { barriers, requested, done, wait, run } = create();
    wait('a');
    run(0);
    barriers.answered({ kind: 'failed', id: 1 });
    run(100);
    barriers.answered({ kind: 'failed', id: 2 });
    expect(done).toEqual([]);
    run(100);
    barriers.answered({ kind: 'ready', id: 3, index: logIndex(0) });
    expect({ requested, done }).toEqual({ requested: [1, 2, 3], done: ['a'] });
  });

  it('are done once, whatever the engine repeats', () => {
    const { barriers, done, wait, run } = create();
    wait('a');
    run(0);
    for (let round = 0; round < 2; round += 1)
      barriers.answered({ kind: 'ready', id: 1, index: logIndex(0) });
    barriers.answered({ kind: 'ready', id: 99, index: logIndex(0) });
    expect(done).toEqual(['a']);
  });

  it('are not held up when the end of an earlier slice is told after a later one', () => {
    const { barriers, done, wait, run } = create();
    barriers.applied(logIndex(9));
    barriers.applied(logIndex(5));
    wait('a');
    run(0);
    barriers.answered({ kind: 'ready', id: 1, index: logIndex(8) });
    expect(done).toEqual(['a']);
  });
});
