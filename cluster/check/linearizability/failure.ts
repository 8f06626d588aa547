/** What a history that is not linearizable shows, for a person: few operations, and how far an order of them got. */
import type { Operation } from '../history-operations.ts';
import type { Automaton } from '../models/model.ts';
import type { Problem } from './problem.ts';
import type { Stuck } from './search.ts';
import { culpritOf, type SmallFailure, shrink } from './shrink.ts';
import { orderOf } from './trail.ts';
import { prefixOf } from './window.ts';

export interface Failure {
  readonly key: string | null;
  readonly summary: string;
  /** Operations that suffice to see it, in the order of their calls. */
  readonly window: readonly ShownOperation[];
  /** The longest order of them that explains every answer, as indices of `window`. */
  readonly order: readonly number[];
  /** The states the object may have had where the window begins, and where no order goes on. */
  readonly statesBefore: readonly string[];
  readonly statesAtFailure: readonly string[];
}

export interface ShownOperation {
  readonly process: string;
  readonly text: string;
  readonly place: string;
  /** Positions in the history; null: never returned, or after the failure. */
  readonly calledAt: number;
  readonly returnedAt: number | null;
  readonly calledMs: number | null;
  readonly returnedMs: number | null;
  /** By its return no order explains all that returned. */
  readonly isCulprit: boolean;
}

/** States listed; a person reads no more. */
const statesListed = 24;
const statesNamed = 6;

interface Failed {
  readonly key: string | null;
  readonly operations: readonly Operation[];
  readonly problem: Problem;
  readonly finding: Stuck;
  readonly isOver: () => boolean;
}

export function describeFailure({ key, operations, problem, finding, isOver }: Failed): Failure {
  const small = shrink(problem, finding, isOver) ?? asItIs(problem, finding);
  const { automaton, initials } = small.window.problem;
  const byCall = [...small.window.operations.keys()].sort(
    (a, b) => calledAt(operations, small, a) - calledAt(operations, small, b),
  );
  const positionOf = new Map(byCall.map((operation, at) => [operation, at]));
  const order = orderOf(small.finding.furthest?.trail ?? null, (at) => automaton.traits[at]?.blind ?? false);
  const statesAtFailure = statesOf(
    automaton,
    small.finding.before.map(({ state }) => state),
  );
  const window = byCall.map((at) => shownOf(operations, small, at));
  const culprit = window.find(({ isCulprit }) => isCulprit);
  return {
    key,
    summary: `no order explains ${culprit?.text} by process ${culprit?.process} (${culprit?.place})${key === null ? '' : ` on ${key}`}: before its return the only possible states are ${namesOf(statesAtFailure)}.`,
    window,
    order: order.flatMap((at) => positionOf.get(at) ?? []),
    statesBefore: statesOf(automaton, initials),
    statesAtFailure,
  };
}

/** The failure as it was found, when nothing smaller could be had in time. */
function asItIs(problem: Problem, finding: Stuck): SmallFailure {
  const window = prefixOf(problem, problem.events.length - 1);
  return { window, finding: { ...finding, before: [], furthest: null }, culprit: culpritOf(window) };
}

const originalOf = (operations: readonly Operation[], { window }: SmallFailure, at: number): Operation =>
  operations[window.operations[at] as number] as Operation;

const calledAt = (operations: readonly Operation[], small: SmallFailure, at: number): number =>
  originalOf(operations, small, at).calledAt;

function shownOf(operations: readonly Operation[], small: SmallFailure, at: number): ShownOperation {
  const original = originalOf(operations, small, at);
  const isOpen = small.window.problem.optional[at] ?? false;
  return {
    process: original.process,
    text: small.window.problem.automaton.describe(at),
    place: original.place,
    calledAt: original.calledAt,
    returnedAt: isOpen ? null : original.returnedAt,
    calledMs: original.calledMs,
    returnedMs: isOpen ? null : original.returnedMs,
    isCulprit: at === small.culprit,
  };
}

function statesOf(automaton: Automaton, states: readonly number[]): readonly string[] {
  return [...new Set(states)].slice(0, statesListed).map((state) => automaton.describeState(state));
}

function namesOf(states: readonly string[]): string {
  const more = states.length > statesNamed ? ` and ${states.length - statesNamed} more` : '';
  return `${states.slice(0, statesNamed).join(', ')}${more}`;
}
