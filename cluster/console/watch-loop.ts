/**
 * Turns ZooKeeper's one-shot watches into a live value: reads with a watch, tells the value, reads
 * again when the watch fires. A storm of changes costs one read per period, a failing ensemble one
 * attempt per pause.
 */
import type { ApiError } from '../api/errors.ts';
import type { Result } from '../base/result.ts';
import type { Stop } from '../base/scope.ts';
import { createPace } from './pace.ts';
import type { WatchListener } from './ports.ts';

const retryPauseMs = 1_000;

/** Reads the value and leaves a watch that calls `changed` once. */
export type WatchedRead<Value> = (changed: () => void) => Promise<Result<Value, ApiError>>;

/** Tells `listener` the value now and after each change, at most once per `periodMs`. */
export function watchValue<Value>(
  read: WatchedRead<Value>,
  { listener, periodMs }: { readonly listener: WatchListener<Value>; readonly periodMs: number },
): Stop {
  let reading = false;
  let again = false;
  let stopped = false;
  let retry: NodeJS.Timeout | null = null;

  async function readOnce(): Promise<void> {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    again = false;
    const value = await read(pace.request);
    reading = false;
    if (stopped) return;
    listener(value);
    if (!value.ok) retry = setTimeout(pace.request, retryPauseMs);
    else if (again) pace.request();
  }

  const pace = createPace(periodMs, () => void readOnce());
  pace.request();
  return () => {
    stopped = true;
    pace.stop();
    if (retry !== null) clearTimeout(retry);
  };
}
