/**
 * One znode of ZooKeeper: `create`, `delete`, `setData`, `getData`, `exists`. Its parent is taken to exist and
 * itself to be persistent. Answers with an error code are observations like any other.
 */
import { unreachable } from '../../base/assert.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { canonicalText, isObject, type Value } from '../history.ts';
import type { Operation } from '../history-operations.ts';
import { describeValue } from './cell.ts';
import { type Automaton, anyState, Interner, impossible, modelOf, type Traits } from './model.ts';

/** Versions count from 0; a conditional operation with this one takes any (`ZooDefs`, org.apache.zookeeper). */
const anyVersion = -1;

type Refusal = 'noNode' | 'nodeExists' | 'badVersion';
type ZnodeState = { readonly data: Value; readonly version: number } | null;

/** `version` on an answer: what it said, or null when it did not. */
type ZnodeAction =
  | { readonly kind: 'create'; readonly data: Value }
  | { readonly kind: 'delete'; readonly expected: number }
  | {
      readonly kind: 'setData';
      readonly data: Value;
      readonly expected: number;
      readonly version: number | null;
    }
  | { readonly kind: 'getData'; readonly data: Value; readonly version: number | null }
  | { readonly kind: 'exists'; readonly version: number | null }
  | { readonly kind: 'refused'; readonly by: string; readonly refusal: Refusal; readonly expected: number };

export const znodeModel = modelOf({ name: 'znode', understand, compile: compileZnode });

function understand(operation: Operation): Result<ZnodeAction | null, string> {
  const { f, input, output, outcome } = operation;
  const known = outcome === 'ok';
  const expected = numberIn(input, 'version') ?? anyVersion;
  const refusal = known ? refusalIn(output) : null;
  if (refusal !== null) {
    const possible = refusalsOf[f] ?? [];
    if (!possible.includes(refusal as Refusal))
      return fail(`${f} answered "${refusal}"; expected ${possible.join(', ') || 'no error'}`);
    return ok({ kind: 'refused', by: f, refusal: refusal as Refusal, expected });
  }
  const answered = isObject(output) ? output : {};
  switch (f) {
    case 'create':
      return ok({ kind: 'create', data: dataOf(input) });
    case 'delete':
      return ok({ kind: 'delete', expected });
    case 'setData':
      return ok({ kind: 'setData', data: dataOf(input), expected, version: numberIn(answered, 'version') });
    case 'getData':
      return ok(
        known ? { kind: 'getData', data: dataOf(output), version: numberIn(answered, 'version') } : null,
      );
    case 'exists':
      if (!known) return ok(null);
      if (output === null || output === false)
        return ok({ kind: 'refused', by: f, refusal: 'noNode', expected: anyVersion });
      return ok({ kind: 'exists', version: numberIn(answered, 'version') });
    default:
      return fail(
        `the model znode has no operation "${f}"; expected create, delete, setData, getData or exists`,
      );
  }
}

const refusalsOf: Readonly<Record<string, readonly Refusal[]>> = {
  create: ['nodeExists'],
  delete: ['noNode', 'badVersion'],
  setData: ['noNode', 'badVersion'],
  getData: ['noNode'],
  exists: ['noNode'],
};

/** The data alone, or an object that holds it. */
const dataOf = (value: Value): Value => (isObject(value) ? (value['data'] ?? null) : value);

function numberIn(value: Value, name: string): number | null {
  const found = isObject(value) ? value[name] : undefined;
  return typeof found === 'number' ? found : null;
}

function refusalIn(value: Value): string | null {
  const found = isObject(value) ? value['error'] : undefined;
  return typeof found === 'string' ? found : null;
}

function compileZnode(actions: readonly ZnodeAction[], initial: Value): Automaton {
  const states = new Interner<ZnodeState>();
  const numberOf = (state: ZnodeState): number =>
    states.numberOf(state === null ? 'absent' : `${state.version} ${canonicalText(state.data)}`, state);
  const sorts = new Interner<null>();
  const stateAt = (state: number): ZnodeState => states.items[state] ?? null;
  return {
    initial: numberOf(initial === null ? null : { data: dataOf(initial), version: 0 }),
    traits: actions.map((action) => ({
      ...traitsOf(action, numberOf),
      sort: sorts.numberOf(canonicalText(action), null),
    })),
    step(state, operation) {
      const before = stateAt(state);
      const after = stepZnode(before, actions[operation] as ZnodeAction);
      if (after === 'impossible') return impossible;
      return after === before ? state : numberOf(after);
    },
    mayGive: (operation, state) => mayGive(actions[operation] as ZnodeAction, stateAt(state)),
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
        canonicalText(state.data) === canonicalText(action.data) &&
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
  if (action.kind === 'create') return state.version === 0 && sameData(action.data, state.data);
  if (action.kind !== 'setData' || !sameData(action.data, state.data)) return false;
  return action.version === null || action.version === state.version;
}

const sameData = (a: Value, b: Value): boolean => canonicalText(a) === canonicalText(b);

const describeState = (state: ZnodeState): string =>
  state === null ? 'absent' : `${describeValue(state.data)} at version ${state.version}`;

function describeAction(action: ZnodeAction): string {
  const of = (expected: number): string => (expected === anyVersion ? '' : ` if version ${expected}`);
  const as = (version: number | null): string => (version === null ? '' : ` at version ${version}`);
  switch (action.kind) {
    case 'create':
      return `create ${describeValue(action.data)}`;
    case 'delete':
      return `delete${of(action.expected)}`;
    case 'setData':
      return `setData ${describeValue(action.data)}${of(action.expected)}${action.version === null ? '' : `, now version ${action.version}`}`;
    case 'getData':
      return `getData ${describeValue(action.data)}${as(action.version)}`;
    case 'exists':
      return `exists${as(action.version)}`;
    case 'refused':
      return `${action.by}${of(action.expected)}: ${action.refusal}`;
    default:
      return unreachable(action);
  }
}
