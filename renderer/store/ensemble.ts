/** The ensemble as last seen, when that was, and what was seen to change. */
import type { EnsembleView } from '../../cluster/api/ensemble.ts';
import type { Action } from './action.ts';

export interface EnsembleState {
  /** Null before the first view of this run. */
  readonly view: EnsembleView | null;
  readonly seenAtMs: number;
  /** When the leader, as shown, was seen to change; null while it is the first one seen. */
  readonly leaderChangedAtMs: number | null;
  /** The leader before that change, to show where leadership came from. */
  readonly previousLeader: number | null;
}

export const initialEnsemble: EnsembleState = {
  view: null,
  seenAtMs: 0,
  leaderChangedAtMs: null,
  previousLeader: null,
};

export function reduceEnsemble(state: EnsembleState, action: Action): EnsembleState {
  if (action.kind !== 'ensemble.seen') return state;
  const { ensemble, atMs } = action;
  const before = state.view;
  const changed = before !== null && (before.leader !== ensemble.leader || before.term !== ensemble.term);
  return {
    view: ensemble,
    seenAtMs: atMs,
    leaderChangedAtMs: changed ? atMs : state.leaderChangedAtMs,
    previousLeader: changed ? before.leader : state.previousLeader,
  };
}
