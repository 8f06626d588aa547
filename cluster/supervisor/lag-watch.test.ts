import { describe, expect, it } from 'vitest';
import { LagWatch } from './lag-watch.ts';

const looks = (watch: LagWatch, nowMs: number, behind: number, applied: number): readonly number[] => [
  ...watch.look([{ id: 2, behind, applied }], nowMs),
];

describe('a member that is behind', () => {
  it('is stuck when it does not move for two seconds, though it misses one entry only', () => {
    const watch = new LagWatch();
    expect(looks(watch, 0, 1, 5)).toEqual([]);
    expect(looks(watch, 1_999, 1, 5)).toEqual([]);
    expect(looks(watch, 2_000, 3, 5)).toEqual([2]);
  });

  it('is not stuck while it applies something', () => {
    const watch = new LagWatch();
    expect([0, 1_500, 3_000, 4_500].flatMap((nowMs, at) => looks(watch, nowMs, 9_000, 100 * at))).toEqual([]);
  });

  it('starts anew once it has caught up, however long nothing was written', () => {
    const watch = new LagWatch();
    looks(watch, 0, 1, 5);
    looks(watch, 1_000, 0, 6);
    expect(looks(watch, 60_000, 1, 6)).toEqual([]);
    expect(looks(watch, 61_000, 1, 6)).toEqual([]);
    expect(looks(watch, 62_000, 1, 6)).toEqual([2]);
  });
});
