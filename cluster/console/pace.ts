/** Limits how often something is done: at once after a pause, then once per period while asked for. */
import type { Stop } from '../base/scope.ts';

export interface Pace {
  /** Asks for `act`, now or at the end of the period that is running. */
  readonly request: () => void;
  readonly stop: Stop;
}

/** Calls `act` for requests, at most once per `periodMs`; the last request is never lost. */
export function createPace(periodMs: number, act: () => void): Pace {
  let timer: NodeJS.Timeout | null = null;
  let wanted = false;
  let stopped = false;

  function run(): void {
    wanted = false;
    timer = setTimeout(() => {
      timer = null;
      if (wanted) run();
    }, periodMs);
    act();
  }

  return {
    request() {
      if (stopped) return;
      if (timer === null) run();
      else wanted = true;
    },
    stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
