/** A cell that holds one value: what a register and a key of a key-value store have in common. */
import { unreachable } from '../../base/assert.ts';
import { canonicalText, type Value } from '../history.ts';
import { type Automaton, anyState, Interner, impossible, type Traits } from './model.ts';

export type CellAction =
  | { readonly kind: 'read'; readonly value: Value }
  | { readonly kind: 'write'; readonly value: Value }
  | { readonly kind: 'swap'; readonly from: Value; readonly to: Value }
  /** A compare-and-swap that compared, and found something else. */
  | { readonly kind: 'miss'; readonly from: Value }
  | { readonly kind: 'append'; readonly text: string };

/** An action with its values numbered. */
type Step =
  | { readonly kind: 'read' | 'write' | 'miss'; readonly value: number }
  | { readonly kind: 'swap'; readonly from: number; readonly to: number }
  | { readonly kind: 'append'; readonly text: string };

/**
 * Where something is appended, nothing and the empty text are one value: stores that append answer one for the
 * other.
 */
export function compileCell(actions: readonly CellAction[], initial: Value): Automaton {
  const appends = actions.some(({ kind }) => kind === 'append');
  const values = new Interner<Value>();
  const numberOf = (value: Value): number => {
    const kept = appends && value === null ? '' : value;
    return values.numberOf(canonicalText(kept), kept);
  };
  const initialState = numberOf(initial);
  const steps = actions.map((action) => numbered(action, numberOf));
  const sorts = new Interner<null>();
  const textOf = (state: number): string => {
    const value = values.items[state] ?? '';
    return typeof value === 'string' ? value : canonicalText(value);
  };
  return {
    initial: initialState,
    traits: steps.map((step) => ({ ...traitsOf(step), sort: sorts.numberOf(JSON.stringify(step), null) })),
    step(state, operation) {
      const step = steps[operation] as Step;
      switch (step.kind) {
        case 'read':
          return state === step.value ? state : impossible;
        case 'write':
          return step.value;
        case 'swap':
          return state === step.from ? step.to : impossible;
        case 'miss':
          return state === step.value ? impossible : state;
        case 'append':
          return step.text === '' ? state : numberOf(textOf(state) + step.text);
        default:
          return unreachable(step);
      }
    },
    mayGive(operation, state) {
      const step = steps[operation] as Step;
      if (step.kind === 'append') return textOf(state).endsWith(step.text);
      return traitsOf(step).gives === state;
    },
    distance(state, operation) {
      const { needs } = traitsOf(steps[operation] as Step);
      if (needs === anyState || needs === state) return 0;
      return appends ? distanceInText(textOf(state), textOf(needs)) : 1;
    },
    describeState: (state) => describeValue(values.items[state] ?? null),
    describe: (operation) => describeAction(actions[operation] as CellAction),
  };
}

/** A text that is no beginning of the other must be written anew. */
const anew = 16;

function distanceInText(text: string, other: string): number {
  return other.startsWith(text) ? Math.min(other.length - text.length, anew) : anew;
}

function numbered(action: CellAction, numberOf: (value: Value) => number): Step {
  switch (action.kind) {
    case 'read':
    case 'write':
      return { kind: action.kind, value: numberOf(action.value) };
    case 'miss':
      return { kind: 'miss', value: numberOf(action.from) };
    case 'swap':
      return { kind: 'swap', from: numberOf(action.from), to: numberOf(action.to) };
    case 'append':
      return action;
    default:
      return unreachable(action);
  }
}

function traitsOf(step: Step): Omit<Traits, 'sort'> {
  switch (step.kind) {
    case 'read':
      return { reads: true, blind: false, needs: step.value, gives: step.value };
    case 'write':
      return { reads: false, blind: true, needs: anyState, gives: step.value };
    case 'swap':
      return { reads: step.from === step.to, blind: false, needs: step.from, gives: step.to };
    case 'miss':
      return { reads: true, blind: false, needs: anyState, gives: anyState };
    case 'append':
      return { reads: false, blind: false, needs: anyState, gives: anyState };
    default:
      return unreachable(step);
  }
}

export function describeValue(value: Value): string {
  return value === null ? 'nothing' : canonicalText(value);
}

function describeAction(action: CellAction): string {
  switch (action.kind) {
    case 'read':
      return `read ${describeValue(action.value)}`;
    case 'write':
      return action.value === null ? 'delete' : `write ${describeValue(action.value)}`;
    case 'swap':
      return `cas ${describeValue(action.from)} → ${describeValue(action.to)}`;
    case 'miss':
      return `cas from ${describeValue(action.from)}, refused`;
    case 'append':
      return `append ${JSON.stringify(action.text)}`;
    default:
      return unreachable(action);
  }
}
