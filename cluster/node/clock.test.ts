import { describe, expect, it } from 'vitest';
import { createClock } from './clock.ts';
import { createRandom } from './random.ts';

describe('the real clock', () => {
  it('moves forward, and its wall time is the world’s', async () => {
    const clock = createClock();
    const beforeMs = clock.monotonicMs();
    await new Promise<void>((resolve) => {
      clock.after(20, resolve);
    });
    expect(clock.monotonicMs() - beforeMs).toBeGreaterThan(15);
    expect(Math.abs(clock.wallMs() - Date.now())).toBeLessThan(1_000);
    expect(Number.isInteger(clock.wallMs())).toBe(true);
  });

  it('calls back soon: after this turn, in order', async () => {
    const clock = createClock();
    const calls: string[] = [];
    const done = new Promise<void>((resolve) => {
      clock.soon(() => calls.push('first'));
      clock.soon(() => {
        calls.push('second');
        resolve();
      });
    });
    calls.push('this turn');
    await done;
    expect(calls).toEqual(['this turn', 'first', 'second']);
  });

  it('calls back periodically until stopped, and stopping twice does no harm', async () => {
    const clock = createClock();
    let beats = 0;
    let early = 0;
    const stopEarly = clock.after(5, () => {
      early += 1;
    });
    stopEarly();
    await new Promise<void>((resolve) => {
      const stop = clock.every(2, () => {
        beats += 1;
        if (beats < 3) return;
        stop();
        stop();
        clock.after(20, resolve);
      });
    });
    expect({ beats, early }).toEqual({ beats: 3, early: 0 });
  });
});

describe('the real randomness', () => {
  it('draws below a limit and reaches every value', () => {
    const random = createRandom();
    const drawn = new Set(Array.from({ length: 500 }, () => random.below(5)));
    expect([...drawn].sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it('gives as many bytes as asked for, never the same again', () => {
    const random = createRandom();
    expect(random.bytes(16)).toHaveLength(16);
    expect(random.fork('x').bytes(16)).not.toEqual(random.fork('x').bytes(16));
  });
});
