/** How long the event loop kept others waiting: the pauses that clients would feel. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolutionMs = 10;
const nanosecondsPerMs = 1e6;

export interface LoopLag {
  /** The longest delay since the last call, in milliseconds. */
  takeMaxMs(): number;
}

export function watchLoopLag(): LoopLag {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  return {
    takeMaxMs: () => {
      // The histogram holds the time between two samples, their period included.
      const maxMs = histogram.max / nanosecondsPerMs - resolutionMs;
      histogram.reset();
      return Math.max(0, maxMs);
    },
  };
}
