import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ApiError } from '../api/errors.ts';
import { ok, type Result } from '../base/result.ts';
import { apiFailure } from './failures.ts';
import { createPace } from './pace.ts';
import { watchValue } from './watch-loop.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a pace', () => {
  it('acts at once, then once per period, and never loses the last request', () => {
    let acted = 0;
    const pace = createPace(100, () => {
      acted += 1;
    });
    pace.request();
    expect(acted).toBe(1);
    for (let request = 0; request < 10; request += 1) pace.request();
    expect(acted).toBe(1);
    vi.advanceTimersByTime(100);
    expect(acted).toBe(2);
    vi.advanceTimersByTime(1_000);
    expect(acted).toBe(2);
    pace.request();
    pace.stop();
    pace.request();
    vi.advanceTimersByTime(1_000);
    expect(acted).toBe(3);
  });
});

describe('a watched value', () => {
  it('is read again after each change, and no oftener than its period', async () => {
    let value = 0;
    let changed: () => void = () => undefined;
    const told: Result<number, ApiError>[] = [];
    const read = async (watch: () => void): Promise<Result<number, ApiError>> => {
      changed = watch;
      return ok(value);
    };
    const stop = watchValue(read, { listener: (seen) => told.push(seen), periodMs: 100 });
    await vi.advanceTimersByTimeAsync(0);
    for (value = 1; value < 5; value += 1) changed();
    await vi.advanceTimersByTimeAsync(100);
    expect(told).toEqual([ok(0), ok(5)]);
    stop();
    changed();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told).toHaveLength(2);
  });

  it('that cannot be read is tried again after a pause', async () => {
    const outcomes: Result<number, ApiError>[] = [
      { ok: false, error: apiFailure('noQuorum', 'none') },
      ok(1),
    ];
    const told: boolean[] = [];
    const read = async (): Promise<Result<number, ApiError>> => outcomes.shift() ?? ok(2);
    const stop = watchValue(read, { listener: (seen) => told.push(seen.ok), periodMs: 100 });
    await vi.advanceTimersByTimeAsync(900);
    expect(told).toEqual([false]);
    await vi.advanceTimersByTimeAsync(200);
    expect(told).toEqual([false, true]);
    stop();
  });
});
