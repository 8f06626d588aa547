/** Real time. Missed periods are not made up for: a stopped process wakes up to one tick, not a thousand. */
import type { Clock } from '../ports/clock.ts';

export function createClock(): Clock {
  return {
    monotonicMs: () => performance.now(),
    wallMs: () => Date.now(),
    soon: (callback) => {
      setImmediate(callback);
    },
    after: (delayMs, callback) => {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
    every: (periodMs, callback) => {
      const timer = setInterval(callback, periodMs);
      return () => clearInterval(timer);
    },
  };
}
