import { describe, expect, it } from 'vitest';
import { SimClock, WallTime } from './clock.ts';
import { Scheduler } from './scheduler.ts';

function runTo(scheduler: Scheduler, untilMs: number): void {
  while (scheduler.runNext(untilMs));
}

describe('virtual time', () => {
  it('runs callbacks by their time, and in the order they were scheduled at one time', () => {
    const scheduler = new Scheduler();
    const ran: string[] = [];
    const note = (name: string) => () => void ran.push(`${scheduler.nowMs} ${name}`);
    scheduler.after(20, note('late'));
    scheduler.after(10, note('first'));
    scheduler.after(10, () => {
      note('second')();
      scheduler.after(0, note('fourth'));
    });
    scheduler.after(10, note('third'));
    runTo(scheduler, 100);
    expect(ran).toEqual(['10 first', '10 second', '10 third', '10 fourth', '20 late']);
    expect(scheduler.nowMs).toBe(100);
  });

  it('runs nothing past its bound, and moves there', () => {
    const scheduler = new Scheduler();
    let ran = 0;
    scheduler.after(10, () => {
      ran += 1;
    });
    runTo(scheduler, 9.5);
    expect({ ran, nowMs: scheduler.nowMs }).toEqual({ ran: 0, nowMs: 9.5 });
    runTo(scheduler, 10);
    expect({ ran, nowMs: scheduler.nowMs }).toEqual({ ran: 1, nowMs: 10 });
  });

  it('does not run what was called off', () => {
    const scheduler = new Scheduler();
    let ran = 0;
    const stop = scheduler.after(10, () => {
      ran += 1;
    });
    stop();
    stop();
    runTo(scheduler, 20);
    expect(ran).toBe(0);
  });

  it('has no past', () => {
    expect(() => new Scheduler().after(-1, () => undefined)).toThrow('cannot schedule in the past');
  });
});

describe('a simulated clock', () => {
  function create() {
    const scheduler = new Scheduler();
    const clock = new SimClock(scheduler, new WallTime(scheduler));
    const ran: string[] = [];
    return { scheduler, clock, ran, note: (name: string) => () => void ran.push(name) };
  }

  it('holds what falls due while it is paused, and runs it in order on resuming', () => {
    const { scheduler, clock, ran, note } = create();
    clock.after(5, note('timer'));
    clock.pause();
    clock.run(note('delivery'));
    runTo(scheduler, 10);
    expect(ran).toEqual([]);
    clock.resume();
    runTo(scheduler, 10);
    expect(ran).toEqual(['delivery', 'timer']);
  });

  it('does not make up for periods it was paused', () => {
    const { scheduler, clock, ran, note } = create();
    const stop = clock.every(10, note('beat'));
    runTo(scheduler, 25);
    clock.pause();
    runTo(scheduler, 85);
    clock.resume();
    runTo(scheduler, 85);
    expect(ran).toHaveLength(3);
    runTo(scheduler, 105);
    expect(ran).toHaveLength(5);
    stop();
    runTo(scheduler, 200);
    expect(ran).toHaveLength(5);
  });

  it('is silent once it is dead, also when it was paused', () => {
    const { scheduler, clock, ran, note } = create();
    clock.every(10, note('beat'));
    clock.after(5, note('timer'));
    clock.pause();
    clock.run(note('delivery'));
    clock.kill();
    clock.resume();
    clock.run(note('later'));
    runTo(scheduler, 100);
    expect(ran).toEqual([]);
  });
});
