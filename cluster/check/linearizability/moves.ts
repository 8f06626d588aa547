/** Lets one open operation take effect, and drops what can come to no good end. */
import { anyState, impossible } from '../models/model.ts';
import {
  type Configuration,
  countSort,
  hasBit,
  intersection,
  withoutBit,
  withSort,
} from './configuration.ts';
import type { OpenState } from './open-operations.ts';
import type { Outlook } from './outlook.ts';
import type { Problem } from './problem.ts';
import { extendTrail } from './trail.ts';

export interface Move {
  readonly to: Configuration;
  /** A blind operation that nobody open noticed: another blind one right after it would only have covered it. */
  readonly unnoticed: boolean;
}

export class Moves {
  readonly #problem: Problem;
  readonly #outlook: Outlook;
  readonly #lookAhead: boolean;

  constructor(problem: Problem, options: { readonly outlook: Outlook; readonly lookAhead: boolean }) {
    this.#problem = problem;
    this.#outlook = options.outlook;
    this.#lookAhead = options.lookAhead;
  }

  /** The configuration after `operation`, or null when it is impossible or leaves somebody behind for good. */
  take(from: Configuration, operation: number, open: OpenState, at: number): Move | null {
    const { automaton, optional } = this.#problem;
    const traits = automaton.traits[operation] as (typeof automaton.traits)[number];
    const state = automaton.step(from.state, operation);
    if (state === impossible) return null;
    const pending = optional[operation]
      ? from.pending
      : withoutBit(from.pending, this.#outlook.slotOf[operation] as number);
    const used = optional[operation] ? withSort(from.used, traits.sort) : from.used;
    const covered = intersection(pending, traits.blind ? open.blind : from.covered);
    const trail = extendTrail(from.trail, { operation, at, covered: false });
    const moved = { state, pending, covered, used, trail };
    if (state === from.state) return { to: moved, unnoticed: traits.blind };
    if (this.#isLost(from.state, moved, open, at)) return null;
    const to = this.serveReads(moved, open, at);
    return { to, unnoticed: traits.blind && to === moved };
  }

  /** Decides that a covered operation had taken effect when it could; null when someone still needs its effect. */
  settleCovered(from: Configuration, operation: number, open: OpenState, at: number): Configuration | null {
    const slot = this.#outlook.slotOf[operation] as number;
    const to: Configuration = {
      ...from,
      pending: withoutBit(from.pending, slot),
      covered: withoutBit(from.covered, slot),
      trail: extendTrail(from.trail, { operation, at, covered: true }),
    };
    const gives = this.#problem.automaton.traits[operation]?.gives ?? anyState;
    return gives !== anyState && gives !== to.state && this.#isLost(gives, to, open, at) ? null : to;
  }

  /** Reads that are open and see what they should: at once, since waiting gains nothing. */
  serveReads(from: Configuration, open: OpenState, at: number): Configuration {
    let { pending, trail } = from;
    for (let word = 0; word < pending.length; word += 1) {
      let waiting = (from.pending[word] as number) & (open.reads[word] as number);
      for (; waiting !== 0; waiting &= waiting - 1) {
        const slot = word * 32 + lowestBit(waiting);
        const operation = open.operationAt.get(slot) as number;
        if (this.#problem.automaton.step(from.state, operation) === impossible) continue;
        pending = withoutBit(pending, slot);
        trail = extendTrail(trail, { operation, at, covered: false });
      }
    }
    return pending === from.pending ? from : { ...from, pending, trail };
  }

  /** The earliest called of the optional operations of a sort that is left, if any. */
  leftOf(sort: number, { used }: Configuration, open: OpenState): number | null {
    return open.optional.get(sort)?.[countSort(used, sort)] ?? null;
  }

  /** Whether somebody still needs `state`, which is gone, while nobody can bring it back. */
  #isLost(state: number, after: Configuration, open: OpenState, at: number): boolean {
    if (!this.#lookAhead || this.#outlook.isSuppliedAfter(state, at)) return false;
    if (!this.#isNeeded(state, after, open, at)) return false;
    const { automaton } = this.#problem;
    for (const [slot, operation] of open.operationAt) {
      if (!hasBit(after.pending, slot) || automaton.traits[operation]?.reads) continue;
      if (automaton.mayGive(operation, state)) return false;
    }
    for (const sort of open.optional.keys()) {
      const operation = this.leftOf(sort, after, open);
      if (operation !== null && automaton.mayGive(operation, state)) return false;
    }
    return true;
  }

  #isNeeded(state: number, after: Configuration, open: OpenState, at: number): boolean {
    if (this.#outlook.isNeededAfter(state, at)) return true;
    for (const [slot, operation] of open.operationAt)
      if (hasBit(after.pending, slot) && this.#problem.automaton.traits[operation]?.needs === state)
        return true;
    return false;
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
