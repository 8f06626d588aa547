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
    longestGapWithMajorityMs: 2_700,
    servedSeconds: 3,
    seconds: 5,
  });
  nowMs = 15_000;
  expect(clock.availability()).toMatchObject({ longestGapMs: 5_800, longestGapAtMs: 4_200 });
});

it('does not count against an ensemble what it waits while its majority is struck', () => {
  let nowMs = 0;
  const clock = new WriteClock(() => nowMs);
  const at = (ms: number, act: () => void) => {
    nowMs = ms;
    act();
  };
  at(1_000, () => clock.acknowledged());
  at(1_200, () => clock.majority('disturbed'));
  at(6_000, () => clock.majority('undisturbed'));
  at(6_300, () => clock.acknowledged());
  at(6_700, () => clock.majority('undisturbed'));
  at(7_000, () => clock.acknowledged());
  expect(clock.availability()).toMatchObject({ longestGapMs: 5_300, longestGapWithMajorityMs: 1_000 });
  at(8_500, () => clock.acknowledged());
  expect(clock.availability()).toMatchObject({ longestGapMs: 5_300, longestGapWithMajorityMs: 1_500 });
});
