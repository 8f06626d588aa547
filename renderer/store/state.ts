/** The whole state of the console and the one function that changes it. */
import type { Action } from './action.ts';
import { type ConnectionState, initialConnection, instanceOf, reduceConnection } from './connection.ts';
import { type EnsembleState, initialEnsemble, reduceEnsemble } from './ensemble.ts';
import { initialLog, type LogState, reduceLog } from './log.ts';
import { type Notice, reduceNotices } from './notices.ts';
import { type PreferencesState, reducePreferences } from './preferences.ts';
import { overviewRoute, type Route } from './route.ts';
import { initialSelection, pathOf, reduceSelection, type SelectionState } from './selection.ts';
import { initialTimeline, reduceTimeline, type TimelineState } from './timeline.ts';
import { initialTree, reduceTree, type TreeState } from './tree.ts';
import { type Drafts, reduceDrafts } from './znode-edit.ts';

export interface AppState {
  /** Wall milliseconds on the server's clock, once a second: what ages are measured against. */
  readonly nowMs: number;
  readonly connection: ConnectionState;
  readonly route: Route;
  readonly preferences: PreferencesState;
  readonly shortcutsOpen: boolean;
  readonly ensemble: EnsembleState;
  readonly timeline: TimelineState;
  readonly notices: readonly Notice[];
  readonly tree: TreeState;
  readonly selection: SelectionState;
  readonly drafts: Drafts;
  readonly log: LogState;
}

export function initialState(preferences: PreferencesState, nowMs: number): AppState {
  return {
    nowMs,
    connection: initialConnection,
    route: overviewRoute,
    preferences,
    shortcutsOpen: false,
    ensemble: initialEnsemble,
    timeline: initialTimeline,
    notices: [],
    tree: initialTree,
    selection: initialSelection,
    drafts: new Map(),
    log: initialLog,
  };
}

export function reduce(state: AppState, action: Action): AppState {
  const current = isAnotherRun(state, action) ? forgetRun(state) : state;
  return {
    nowMs: action.kind === 'clock.ticked' ? action.nowMs : current.nowMs,
    connection: reduceConnection(current.connection, action),
    route: action.kind === 'route.changed' ? action.route : current.route,
    preferences: reducePreferences(current.preferences, action),
    shortcutsOpen: action.kind === 'shortcuts.toggled' ? action.open : current.shortcutsOpen,
    ensemble: reduceEnsemble(current.ensemble, action),
    timeline: reduceTimeline(current.timeline, action),
    notices: reduceNotices(current.notices, action),
    tree: reduceTree(current.tree, action),
    selection: reduceSelection(current.selection, action),
    drafts: reduceDrafts(current.drafts, action),
    log: reduceLog(current.log, action),
  };
}

function isAnotherRun(state: AppState, action: Action): boolean {
  const known = instanceOf(state.connection);
  return action.kind === 'connection.opened' && known !== null && known !== action.instance;
}

/** What was learnt from one run says nothing about the next; drafts and choices are the operator's. */
function forgetRun(state: AppState): AppState {
  const path = pathOf(state.selection.znode);
  return {
    ...state,
    ensemble: initialEnsemble,
    timeline: { ...initialTimeline, filter: state.timeline.filter },
    tree: { ...initialTree, expanded: state.tree.expanded },
    selection: { ...initialSelection, znode: path === null ? { kind: 'none' } : { kind: 'loading', path } },
    log: { ...initialLog, following: state.log.following },
  };
}
