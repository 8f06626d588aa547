/**
 * All configurations a history may be in, event by event. An operation takes effect just in time: when somebody's
 * return cannot be explained otherwise (Lowe, "Testing for linearizability", 2017), so configurations stay few.
 */

import { anyState, impossible, type Traits } from '../models/model.ts';
import { Antichain } from './antichain.ts';
import { type Configuration, countUsed, hasBit, withoutSorts } from './configuration.ts';
import { type Move, Moves } from './moves.ts';
import { OpenOperations, type OpenState } from './open-operations.ts';
import type { Outlook } from './outlook.ts';
import type { Problem } from './problem.ts';

export interface FrontierLimits {
  /** Configurations kept after an event. */
  readonly widthMax: number;
  /** Configurations looked at for one event. */
  readonly lookedAtMax: number;
}

/** An optional operation is as dear as so many others: whatever is left of them may be needed later. */
const optionalCost = 2;

/** Operations in front of one that is to take effect soon, and ways looked at. */
const shortcutStepsMax = 12;
const shortcutsMax = 24;

/** Where a read counts as far as it gets from being served. */
const unseenMax = 4;

/** With so many of the configurations that may be kept found already, costly ones are not looked for. */
const enoughShare = 0.35;

export interface FrontierOptions {
  readonly outlook: Outlook;
  readonly limits: FrontierLimits;
  /** Whether configurations may be dropped for what they cannot do later. */
  readonly lookAhead: boolean;
}

/** A moment to go back to. */
export interface Moment {
  readonly configurations: readonly Configuration[];
  readonly open: OpenState;
}

/** What became of the configurations at a return. */
export interface Advance {
  /** Looked at in search of a way to let the operation take effect. */
  readonly lookedAt: number;
  /** Whether some were given up because there were too many. */
  readonly truncated: boolean;
  /** The one that got furthest without the operation. */
  readonly furthest: Configuration | null;
}

interface Waiting {
  readonly from: Configuration;
  readonly unnoticed: boolean;
  /** What the operations on the way to it cost. */
  readonly spent: number;
}

/** Where to start from, and where what is found is added. */
interface Reached {
  readonly starts: readonly Waiting[];
  readonly done: Configuration[];
}

export class Frontier {
  readonly #problem: Problem;
  readonly #outlook: Outlook;
  readonly #moves: Moves;
  readonly #open: OpenOperations;
  #configurations: readonly Configuration[];
  #calledSince: number[] = [];
  limits: FrontierLimits;

  constructor(problem: Problem, { outlook, limits, lookAhead }: FrontierOptions) {
    this.#problem = problem;
    this.#outlook = outlook;
    this.limits = limits;
    this.#moves = new Moves(problem, { outlook, lookAhead });
    this.#open = new OpenOperations(problem, outlook);
    const none = this.#open.state.reads;
    this.#configurations = [...new Set(problem.initials)].map((state) => {
      return { state, pending: none, covered: none, used: [], trail: null };
    });
  }

  get configurations(): readonly Configuration[] {
    return this.#configurations;
  }

  /** Whether no required operation is open. */
  get isQuiet(): boolean {
    return this.#open.state.operationAt.size === 0;
  }

  /** Right before an event, with no call taken since the last return. */
  moment(): Moment {
    return { configurations: this.#configurations, open: this.#open.state };
  }

  restore({ configurations, open }: Moment): void {
    this.#configurations = configurations;
    this.#open.restore(open);
    this.#calledSince = [];
  }

  called(operation: number, at: number): void {
    this.#open.called(operation, at);
    if (!this.#problem.optional[operation]) this.#calledSince.push(operation);
  }

  returned(operation: number, at: number): Advance {
    const open = this.#open.state;
    const slot = this.#outlook.slotOf[operation] as number;
    const started = this.#withCalls(open, at);
    this.#configurations = started;
    const done: Configuration[] = [];
    const waiting: Waiting[] = [];
    for (const one of started) {
      if (!hasBit(one.pending, slot)) {
        done.push(one);
        continue;
      }
      const isCovered = hasBit(one.covered, slot);
      const settled = isCovered ? this.#moves.settleCovered(one, operation, open, at) : null;
      if (settled !== null) done.push(settled);
      if (!isCovered || this.#outlook.isUseful(operation, at))
        waiting.push({ from: one, unnoticed: false, spent: 0 });
    }
    const explored = this.#explore({ starts: waiting, done }, operation, at);
    this.#open.returned(operation);
    const width = this.#settle(done, at);
    return { ...explored, truncated: explored.truncated || width.truncated };
  }

  /** Lets the operations called since the last return be pending. */
  #withCalls(open: OpenState, at: number): readonly Configuration[] {
    const called = this.#calledSince;
    if (called.length === 0) return this.#configurations;
    this.#calledSince = [];
    const slots = called.map((operation) => this.#outlook.slotOf[operation] as number);
    return this.#configurations.map((one) => {
      const pending = one.pending.slice();
      for (const slot of slots) pending[slot >> 5] = (pending[slot >> 5] as number) | (1 << (slot & 31));
      return this.#moves.serveReads({ ...one, pending }, open, at);
    });
  }

  /** The ways to let `operation` take effect, with nothing after it; the cheapest first, and all if they are few. */
  #explore({ starts, done }: Reached, wanted: number, at: number): Advance {
    const { automaton } = this.#problem;
    const slot = this.#outlook.slotOf[wanted] as number;
    const { lookedAtMax, widthMax } = this.limits;
    for (const start of starts) this.#takeShortcuts(start.from, wanted, at, done);
    const furthest = furthestOf(starts);
    if (starts.length > 0 && done.length >= widthMax * enoughShare)
      return { lookedAt: starts.length, truncated: true, furthest };
    const seen = new Antichain(this.#open.state);
    const seenUnnoticed = new Antichain(this.#open.state);
    const byCost: Waiting[][] = [[...starts]];
    let lookedAt = 0;
    for (let cost = 0; cost < byCost.length; cost += 1) {
      for (const one of byCost[cost] ?? []) {
        if (lookedAt >= lookedAtMax || done.length >= widthMax)
          return { lookedAt, truncated: true, furthest };
        lookedAt += 1;
        for (const { to, unnoticed } of this.#movesFrom(one, wanted, at)) {
          if (!hasBit(to.pending, slot)) done.push(to);
          else if ((unnoticed ? seenUnnoticed : seen).add(to)) {
            const spent = one.spent + (to.used === one.from.used ? 1 : optionalCost);
            const next = Math.max(cost, spent + automaton.distance(to.state, wanted));
            for (let level = byCost.length; level <= next; level += 1) byCost.push([]);
            byCost[next]?.push({ from: to, unnoticed, spent });
          }
        }
      }
    }
    return { lookedAt, truncated: false, furthest };
  }

  /** The operation at once, or behind the fewest others that bring about a state in which it is possible. */
  #takeShortcuts(from: Configuration, wanted: number, at: number, done: Configuration[]): void {
    const { automaton } = this.#problem;
    const slot = this.#outlook.slotOf[wanted] as number;
    let reached: readonly Configuration[] = [from];
    for (let steps = 0; steps <= shortcutStepsMax && reached.length > 0; steps += 1) {
      const next: Configuration[] = [];
      for (const one of reached) {
        if (!hasBit(one.pending, slot)) done.push(one);
        else if (automaton.step(one.state, wanted) !== impossible) {
          const move = this.#moves.take(one, wanted, this.#open.state, at);
          if (move !== null) done.push(move.to);
        } else {
          const closer = automaton.distance(one.state, wanted);
          for (const { to } of this.#movesFrom({ from: one, unnoticed: false, spent: 0 }, wanted, at, closer))
            next.push(to);
        }
      }
      reached = this.#best(next, shortcutsMax, at);
    }
  }

  /** The most promising: much seen, little used up, and a state that somebody is yet to see. */
  #best(all: Configuration[], count: number, at: number): Configuration[] {
    if (all.length <= count) return all;
    const debts = new Map<Configuration, number>();
    for (const one of all) {
      const isAwaited = this.#outlook.isNeededAfter(one.state, at);
      debts.set(one, 4 * countUsed(one.used) + 2 * this.#unseen(one) - (isAwaited ? 1 : 0));
    }
    const debt = (one: Configuration): number => debts.get(one) ?? 0;
    return all.sort((a, b) => debt(a) - debt(b)).slice(0, count);
  }

  /** The moves that may help `wanted`: those that come closer to it than `distance`. */
  *#movesFrom(
    { from, unnoticed }: Waiting,
    wanted: number,
    at: number,
    distance: number = Number.POSITIVE_INFINITY,
  ): Iterable<Move> {
    const open = this.#open.state;
    const { automaton } = this.#problem;
    const { traits } = automaton;
    const isSenseless = ({ needs, blind }: Traits, operation: number): boolean => {
      if ((needs !== anyState && needs !== from.state) || (unnoticed && blind)) return true;
      if (distance === Number.POSITIVE_INFINITY) return false;
      const next = automaton.step(from.state, operation);
      return next === impossible || automaton.distance(next, wanted) >= distance;
    };
    for (const [slot, operation] of open.operationAt) {
      const trait = traits[operation];
      if (trait === undefined || trait.reads || !hasBit(from.pending, slot) || isSenseless(trait, operation))
        continue;
      if (trait.blind && operation !== wanted && !this.#outlook.isUseful(operation, at)) continue;
      const move = this.#moves.take(from, operation, open, at);
      if (move !== null) yield move;
    }
    for (const [sort, operations] of open.optional) {
      const trait = traits[operations[0] as number];
      if (trait === undefined || trait.gives === from.state) continue;
      if (isSenseless(trait, operations[0] as number)) continue;
      const operation = this.#moves.leftOf(sort, from, open);
      const move = operation === null ? null : this.#moves.take(from, operation, open, at);
      if (move !== null && move.to.state !== from.state) yield move;
    }
  }

  /** How far it is from what open reads are to see; as the distance is a guess, no read counts for much. */
  #unseen({ state, pending }: Configuration): number {
    const { reads, operationAt } = this.#open.state;
    const { automaton } = this.#problem;
    let sum = 0;
    for (const [slot, operation] of operationAt)
      if (hasBit(reads, slot) && hasBit(pending, slot))
        sum += Math.min(automaton.distance(state, operation), unseenMax);
    return sum;
  }

  /** Keeps the best of what is left, without what other configurations make superfluous. */
  #settle(done: readonly Configuration[], at: number): { readonly truncated: boolean } {
    const retired = this.#open.retire(at);
    const chain = new Antichain(this.#open.state);
    for (const one of done) chain.add(retired.length === 0 ? one : without(one, retired));
    const kept = [...chain];
    this.#configurations = this.#best(kept, this.limits.widthMax, at);
    return { truncated: this.#configurations.length < kept.length };
  }
}

function furthestOf(starts: readonly Waiting[]): Configuration | null {
  let furthest: Configuration | null = null;
  for (const { from } of starts)
    if ((from.trail?.depth ?? 0) >= (furthest?.trail?.depth ?? 0)) furthest = from;
  return furthest;
}

function without(one: Configuration, sorts: readonly number[]): Configuration {
  const used = withoutSorts(one.used, sorts);
  return used === one.used ? one : { ...one, used };
}
