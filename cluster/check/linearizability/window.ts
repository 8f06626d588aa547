/**
 * A part of a history from which it can be told that the whole is not linearizable: what came before is forgotten in
 * favour of every possibility, so the part allows all that the whole does, and more.
 */
import { type Automaton, anyState, impossible } from '../models/model.ts';
import { isReturn, operationOf, type Problem } from './problem.ts';

/** A state that no operation of a window needs to the letter: any of them may stand for it. */
const elsewhere = 2 ** 30;

export interface Window {
  /** By operation of the window's problem: its number in the whole. */
  readonly operations: readonly number[];
  readonly problem: Problem;
}

/** The whole up to and with the event `end`; operations still open then may or may not take effect. */
export function prefixOf(whole: Problem, end: number): Window {
  return cut(whole, { start: 0, end, initials: whole.initials });
}

/** From a moment at which nothing was open and the object was in one of `states`. */
export function windowFromQuiet(
  whole: Problem,
  span: { readonly start: number; readonly end: number; readonly states: readonly number[] },
): Window {
  return cut(whole, { start: span.start, end: span.end, initials: span.states });
}

/** From any moment: null when an operation in it leads from unknown states to unknown ones. */
export function windowFromAnywhere(
  whole: Problem,
  span: { readonly start: number; readonly end: number },
): Window | null {
  const { traits } = whole.automaton;
  const { operations, problem } = cut(whole, { ...span, initials: [] });
  const chosen = operations.map((operation) => traits[operation] as (typeof traits)[number]);
  if (chosen.some(({ reads, gives }) => !reads && gives === anyState)) return null;
  const needed = chosen.map(({ needs }) => needs).filter((state) => state !== anyState);
  const initials = [...new Set(needed), elsewhere];
  return { operations, problem: { ...problem, automaton: withElsewhere(problem.automaton), initials } };
}

/** Fewer of its operations. */
export function reduced({ operations, problem }: Window, keep: (operation: number) => boolean): Window {
  const kept = [...operations.keys()].filter(keep);
  const numberIn = new Map(kept.map((operation, at) => [operation, at]));
  const events = problem.events.flatMap((event) => {
    const at = numberIn.get(operationOf(event));
    return at === undefined ? [] : [isReturn(event) ? ~at : at];
  });
  return {
    operations: kept.map((operation) => operations[operation] as number),
    problem: {
      automaton: restricted(problem.automaton, kept),
      optional: kept.map((operation) => problem.optional[operation] ?? false),
      events,
      initials: problem.initials,
    },
  };
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly initials: readonly number[];
}

function cut(whole: Problem, { start, end, initials }: Span): Window {
  const { automaton, events } = whole;
  const before = new Set<number>();
  const called = new Set<number>();
  const inside: number[] = [];
  const returned = new Set<number>();
  for (const [at, event] of events.entries()) {
    if (at > end) break;
    const operation = operationOf(event);
    if (at < start) {
      if (isReturn(event)) before.delete(operation);
      else before.add(operation);
      continue;
    }
    if (isReturn(event) && before.has(operation)) continue;
    inside.push(event);
    if (isReturn(event)) returned.add(operation);
    else called.add(operation);
  }
  const mayAct = (operation: number): boolean => automaton.traits[operation]?.reads === false;
  const chosen = [
    ...[...before].filter(mayAct),
    ...[...called].filter((operation) => returned.has(operation) || mayAct(operation)),
  ];
  const numberIn = new Map(chosen.map((operation, at) => [operation, at]));
  const numbered = inside.flatMap((event) => {
    const at = numberIn.get(operationOf(event));
    return at === undefined ? [] : [isReturn(event) ? ~at : at];
  });
  const earlier = chosen.flatMap((operation, at) => (before.has(operation) ? [at] : []));
  return {
    operations: chosen,
    problem: {
      automaton: restricted(automaton, chosen),
      optional: chosen.map((operation) => !returned.has(operation)),
      events: [...earlier, ...numbered],
      initials,
    },
  };
}

function restricted(automaton: Automaton, operations: readonly number[]): Automaton {
  const original = (at: number): number => operations[at] as number;
  return {
    ...automaton,
    traits: operations.map((operation) => automaton.traits[operation] as Automaton['traits'][number]),
    step: (state, at) => automaton.step(state, original(at)),
    mayGive: (at, state) => automaton.mayGive(original(at), state),
    distance: (state, at) => automaton.distance(state, original(at)),
    describe: (at) => automaton.describe(original(at)),
  };
}

function withElsewhere(automaton: Automaton): Automaton {
  return {
    ...automaton,
    step(state, operation) {
      if (state !== elsewhere) return automaton.step(state, operation);
      const { needs, gives, reads } = automaton.traits[operation] as Automaton['traits'][number];
      if (needs !== anyState) return impossible;
      return reads ? elsewhere : gives;
    },
    distance: (state, operation) => (state === elsewhere ? 1 : automaton.distance(state, operation)),
    describeState: (state) => (state === elsewhere ? 'anything else' : automaton.describeState(state)),
  };
}
