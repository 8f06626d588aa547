/**
 * What is still to come at each event of a history, worked out once: which states somebody has yet to see, who can
 * still bring them about, and until when an operation's effect is of use to anybody.
 */
import { anyState } from '../models/model.ts';
import { isReturn, operationOf, type Problem } from './problem.ts';

const never = -1;

export class Outlook {
  /** By required operation: its bit while it is open. Reused after its return. */
  readonly slotOf: readonly number[];
  readonly slots: number;
  readonly #usefulUntil: Float64Array;
  readonly #lastObserverCall = new Map<number, number>();
  readonly #lastSupplierCall = new Map<number, number>();
  readonly #problem: Problem;

  constructor(problem: Problem) {
    this.#problem = problem;
    const { slotOf, slots } = assignSlots(problem);
    this.slotOf = slotOf;
    this.slots = slots;
    this.#usefulUntil = usefulUntil(problem);
    this.#findObservers();
    this.#findSuppliers();
  }

  /** Whether anyone open at event `at` or called later could tell that the operation took effect. */
  isUseful(operation: number, at: number): boolean {
    return (this.#usefulUntil[operation] ?? never) >= at;
  }

  /** Whether a required operation called after event `at` needs exactly this state. */
  isNeededAfter(state: number, at: number): boolean {
    return (this.#lastObserverCall.get(state) ?? never) > at;
  }

  /** Whether an operation called after event `at` might bring this state about. For needed states only. */
  isSuppliedAfter(state: number, at: number): boolean {
    return (this.#lastSupplierCall.get(state) ?? never) > at;
  }

  #findObservers(): void {
    const { automaton, events, optional } = this.#problem;
    for (const [at, event] of events.entries()) {
      if (isReturn(event) || optional[event]) continue;
      const needs = automaton.traits[event]?.needs ?? anyState;
      if (needs !== anyState) this.#lastObserverCall.set(needs, at);
    }
  }

  #findSuppliers(): void {
    const { automaton, events } = this.#problem;
    for (const [at, event] of events.entries()) {
      if (isReturn(event)) continue;
      const traits = automaton.traits[event];
      if (traits === undefined || traits.reads) continue;
      if (traits.gives !== anyState) this.#lastSupplierCall.set(traits.gives, at);
      else this.#supplyWhatItMay(event, at);
    }
  }

  #supplyWhatItMay(operation: number, at: number): void {
    for (const state of this.#lastObserverCall.keys())
      if (this.#problem.automaton.mayGive(operation, state)) this.#lastSupplierCall.set(state, at);
  }
}

function assignSlots({ events, optional }: Problem): { slotOf: readonly number[]; slots: number } {
  const slotOf: number[] = [];
  const free: number[] = [];
  let slots = 0;
  for (const event of events) {
    const operation = operationOf(event);
    if (optional[operation]) continue;
    if (isReturn(event)) free.push(slotOf[operation] as number);
    else {
      slotOf[operation] = free.pop() ?? slots;
      slots = Math.max(slots, (slotOf[operation] as number) + 1);
    }
  }
  return { slotOf, slots };
}

/**
 * By operation, the last event at which its effect can matter. It matters to whoever needs the state it leads to, and
 * to whoever depends on states in a way the traits do not tell; an optional observer matters as long as itself.
 */
function usefulUntil({ automaton, events, optional }: Problem): Float64Array {
  const { traits } = automaton;
  const until = new Float64Array(traits.length).fill(never);
  const byState = new Map<number, number>();
  let byAny = never;
  const observe = (operation: number, at: number): void => {
    const { needs, blind } = traits[operation] as (typeof traits)[number];
    if (blind) return;
    if (needs === anyState) byAny = Math.max(byAny, at);
    else byState.set(needs, Math.max(byState.get(needs) ?? never, at));
  };
  for (const [at, event] of events.entries()) if (isReturn(event)) observe(operationOf(event), at);
  const optionals = traits.flatMap((trait, operation) =>
    optional[operation] && !trait.reads ? [operation] : [],
  );
  for (let changed = true; changed; ) {
    changed = false;
    for (const [operation, { gives }] of traits.entries()) {
      const found =
        gives === anyState ? Number.POSITIVE_INFINITY : Math.max(byAny, byState.get(gives) ?? never);
      if (found > (until[operation] as number)) {
        until[operation] = found;
        changed = true;
      }
    }
    if (changed) for (const operation of optionals) observe(operation, until[operation] as number);
  }
  return until;
}
