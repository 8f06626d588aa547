/** What one znode may answer, as states and steps. */
import { unreachable } from '../../base/assert.ts';
import { type Automaton, anyState, Interner, impossible, type Traits } from './model.ts';

/** Versions count from 0; a conditional operation with this one takes any (`ZooDefs`, org.apache.zookeeper). */
export const anyVersion = -1;

export type Refusal = 'noNode' | 'nodeExists' | 'badVersion';
type ZnodeState = { readonly data: string; readonly version: number } | null;

/** `data` is a canonical text. `version` on an answer: what it said, or null when it did not. */
export type ZnodeAction =
  | { readonly kind: 'create'; readonly data: string }
  | { readonly kind: 'delete'; readonly expected: number }
  | {
      readonly kind: 'setData';
      readonly data: string;
      readonly expected: number;
      readonly version: number | null;
    }
  | { readonly kind: 'getData'; readonly data: string; readonly version: number | null }
  | { readonly kind: 'exists'; readonly version: number | null }
  | { readonly kind: 'refused'; readonly by: string; readonly refusal: Refusal; readonly expected: number };

/** Steps remembered, since each costs making a text. */
const stepsKeptMax = 1_000_000;

/** `initial`: the data of a znode that was there before, at version 0; null: there was none. */
export function compileZnode(actions: readonly ZnodeAction[], initial: string | null): Automaton {
  const states = new Interner<ZnodeState>();
  const numberOf = (state: ZnodeState): number =>
    states.numberOf(state === null ? 'absent' : `${state.version} ${state.data}`, state);
  const sorts = new Interner<null>();
  const steps = new Map<number, number>();
  const stateAt = (state: number): ZnodeState => states.items[state] ?? null;
  return {
    initial: numberOf(initial === null ? null : { data: initial, version: 0 }),
    traits: actions.map((action) => ({
      ...traitsOf(action, numberOf),
      sort: sorts.numberOf(JSON.stringify(action), null),
    })),
    step(state, operation) {
      const taken = state * actions.length + operation;
      const known = steps.get(taken);
      if (known !== undefined) return known;
      const before = stateAt(state);
      const after = stepZnode(before, actions[operation] as ZnodeAction);
      const next = after === 'impossible' ? impossible : after === before ? state : numberOf(after);
      if (steps.size >= stepsKeptMax) steps.clear();
      steps.set(taken, next);
      return next;
    },
    mayGive: (operation, state) => mayGive(actions[operation] as ZnodeAction, stateAt(state)),
    distance: (state, operation) => distance(stateAt(state), actions[operation] as ZnodeAction),
    describeState: (state) => describeState(stateAt(state)),
    describe: (operation) => describeAction(actions[operation] as ZnodeAction),
  };
}

const matches = (expected: number, version: number): boolean =>
  expected === anyVersion || expected === version;

function stepZnode(state: ZnodeState, action: ZnodeAction): ZnodeState | 'impossible' {
  switch (action.kind) {
    case 'create':
      return state === null ? { data: action.data, version: 0 } : 'impossible';
    case 'delete':
      return state !== null && matches(action.expected, state.version) ? null : 'impossible';
    case 'setData': {
      if (state === null || !matches(action.expected, state.version)) return 'impossible';
      const version = nextVersion(state.version);
      return action.version === null || action.version === version
        ? { data: action.data, version }
        : 'impossible';
    }
    case 'getData':
      return state !== null &&
        state.data === action.data &&
        (action.version === null || action.version === state.version)
        ? state
        : 'impossible';
    case 'exists':
      return state !== null && (action.version === null || action.version === state.version)
        ? state
        : 'impossible';
    case 'refused':
      return refuses(state, action) ? state : 'impossible';
    default:
      return unreachable(action);
  }
}

/** A version that would overflow skips the one that means "any" (cluster/README.md). */
function nextVersion(version: number): number {
  const next = (version + 1) | 0;
  return next === anyVersion ? 0 : next;
}

function refuses(state: ZnodeState, { refusal, expected }: ZnodeAction & { kind: 'refused' }): boolean {
  switch (refusal) {
    case 'noNode':
      return state === null;
    case 'nodeExists':
      return state !== null;
    case 'badVersion':
      return state !== null && !matches(expected, state.version);
    default:
      return unreachable(refusal);
  }
}

function traitsOf(action: ZnodeAction, numberOf: (state: ZnodeState) => number): Omit<Traits, 'sort'> {
  const base = { reads: false, blind: false, needs: anyState, gives: anyState };
  switch (action.kind) {
    case 'create':
      return { ...base, needs: numberOf(null), gives: numberOf({ data: action.data, version: 0 }) };
    case 'delete':
      return { ...base, gives: numberOf(null) };
    case 'setData':
      if (action.version === null) return base;
      return { ...base, gives: numberOf({ data: action.data, version: action.version }) };
    case 'getData': {
      if (action.version === null) return { ...base, reads: true };
      const state = numberOf({ data: action.data, version: action.version });
      return { ...base, reads: true, needs: state, gives: state };
    }
    case 'exists':
      return { ...base, reads: true };
    case 'refused': {
      if (action.refusal !== 'noNode') return { ...base, reads: true };
      return { ...base, reads: true, needs: numberOf(null), gives: numberOf(null) };
    }
    default:
      return unreachable(action);
  }
}

function mayGive(action: ZnodeAction, state: ZnodeState): boolean {
  if (action.kind === 'delete') return state === null;
  if (state === null) return false;
  if (action.kind === 'create') return state.version === 0 && action.data === state.data;
  if (action.kind !== 'setData' || action.data !== state.data) return false;
  return action.version === null || action.version === state.version;
}

/** Taking a znode back to an earlier version: delete and create. */
const anew = 2;

/** How many updates the state is away, at least, from one in which the action is possible. */
function distance(state: ZnodeState, action: ZnodeAction): number {
  switch (action.kind) {
    case 'create':
      return state === null ? 0 : 1;
    case 'delete':
      return distanceToVersion(state, action.expected === anyVersion ? null : action.expected);
    case 'setData': {
      const expected = action.expected === anyVersion ? null : action.expected;
      return distanceToVersion(state, action.version === null ? expected : action.version - 1);
    }
    case 'getData': {
      const away = distanceToVersion(state, action.version);
      if (away > 0 || state?.data === action.data) return away;
      return action.version === null ? 1 : anew + action.version;
    }
    case 'exists':
      return distanceToVersion(state, action.version);
    case 'refused':
      return refuses(state, action) ? 0 : 1;
    default:
      return unreachable(action);
  }
}

function distanceToVersion(state: ZnodeState, version: number | null): number {
  if (state === null) return 1 + (version ?? 0);
  if (version === null) return 0;
  return version >= state.version ? version - state.version : anew + version;
}

const describeState = (state: ZnodeState): string =>
  state === null ? 'absent' : `${state.data} at version ${state.version}`;

function describeAction(action: ZnodeAction): string {
  const of = (expected: number): string => (expected === anyVersion ? '' : ` if version ${expected}`);
  const as = (version: number | null): string => (version === null ? '' : ` at version ${version}`);
  switch (action.kind) {
    case 'create':
      return `create ${action.data}`;
    case 'delete':
      return `delete${of(action.expected)}`;
    case 'setData':
      return `setData ${action.data}${of(action.expected)}${action.version === null ? '' : `, now version ${action.version}`}`;
    case 'getData':
      return `getData ${action.data}${as(action.version)}`;
    case 'exists':
      return `exists${as(action.version)}`;
    case 'refused':
      return `${action.by}${of(action.expected)}: ${action.refusal}`;
    default:
      return unreachable(action);
  }
}
