/** Runs operations and tells the store when each began and how it ended. */
import type { Result } from '../../cluster/base/result.ts';
import type { Failure } from '../store/failure.ts';
import type { Operation } from '../store/operation.ts';
import type { Store } from '../store/store.ts';

export interface Tracker {
  /** Runs with a notice on the screen; answers what `run` answered. */
  track<Value>(
    operation: Operation,
    run: (progress: (done: number, total: number) => void) => Promise<Result<Value, Failure>>,
  ): Promise<Result<Value, Failure>>;
}

export function createTracker(store: Store, now: () => number): Tracker {
  let nextId = 1;
  return {
    async track(operation, run) {
      const id = nextId;
      nextId += 1;
      store.dispatch({ kind: 'operation.started', id, operation, atMs: now() });
      const outcome = await run((done, total) =>
        store.dispatch({ kind: 'operation.progressed', id, done, total }),
      );
      store.dispatch(
        outcome.ok
          ? { kind: 'operation.finished', id, atMs: now() }
          : { kind: 'operation.failed', id, failure: outcome.error, atMs: now() },
      );
      return outcome;
    },
  };
}
