import { expect, it } from 'vitest';
import { WriteClock } from './write-clock.ts';

it('finds the longest time without a write, at the end too, and the seconds with one', () => {
  let nowMs = 5_000;
  const clock = new WriteClock(() => nowMs);
  for (const atMs of [100, 900, 1_500, 4_200]) {
    nowMs = 5_000 + atMs;
    clock.acknowledged();
  }
  nowMs = 10_000;
  expect(clock.availability()).toEqual({
    longestGapMs: 2_700,
    longestGapAtMs: 1_500,
    servedSeconds: 3,
    seconds: 5,
  });
  nowMs = 15_000;
  expect(clock.availability()).toMatchObject({ longestGapMs: 5_800, longestGapAtMs: 4_200 });
});
