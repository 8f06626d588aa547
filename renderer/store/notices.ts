/** What the operator asked for and what became of it. */
import type { Action } from './action.ts';
import type { Failure } from './failure.ts';
import type { Operation } from './operation.ts';

export type Outcome =
  | { readonly kind: 'pending'; readonly progress: { readonly done: number; readonly total: number } | null }
  | { readonly kind: 'done'; readonly atMs: number }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface Notice {
  readonly id: number;
  readonly operation: Operation;
  readonly startedAtMs: number;
  readonly outcome: Outcome;
}

/** How long a success stays on the screen. A failure stays until it is dismissed. */
const doneShownMs = 4_000;
const noticesMax = 8;

export function reduceNotices(state: readonly Notice[], action: Action): readonly Notice[] {
  switch (action.kind) {
    case 'operation.started': {
      const { id, operation, atMs: startedAtMs } = action;
      const notice: Notice = { id, operation, startedAtMs, outcome: { kind: 'pending', progress: null } };
      return [...state, notice].slice(-noticesMax);
    }
    case 'operation.progressed': {
      const { done, total } = action;
      return settle(state, action.id, { kind: 'pending', progress: { done, total } });
    }
    case 'operation.finished':
      return settle(state, action.id, { kind: 'done', atMs: action.atMs });
    case 'operation.failed':
      return settle(state, action.id, { kind: 'failed', failure: action.failure });
    case 'notice.dismissed':
      return state.filter(({ id }) => id !== action.id);
    case 'clock.ticked': {
      const kept = state.filter(({ outcome }) => !isOver(outcome, action.nowMs));
      return kept.length === state.length ? state : kept;
    }
    default:
      return state;
  }
}

function settle(state: readonly Notice[], id: number, outcome: Outcome): readonly Notice[] {
  return state.map((notice) => (notice.id === id ? { ...notice, outcome } : notice));
}

function isOver(outcome: Outcome, nowMs: number): boolean {
  return outcome.kind === 'done' && nowMs - outcome.atMs > doneShownMs;
}
