/** Holds the state and tells who listens. */
import type { Stop } from '../../cluster/base/scope.ts';
import type { Action } from './action.ts';
import { type AppState, reduce } from './state.ts';

export interface Store {
  getState(): AppState;
  dispatch(action: Action): void;
  subscribe(listener: () => void): Stop;
}

export function createStore(initial: AppState): Store {
  const listeners = new Set<() => void>();
  let state = initial;
  return {
    getState: () => state,
    dispatch(action) {
      state = reduce(state, action);
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
