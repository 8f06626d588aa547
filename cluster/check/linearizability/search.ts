/**
 * Decides one problem: narrow first, since a history that is in order rarely needs many configurations, then wider
 * from where the first one was given up, until the answer is certain or a bound is reached.
 */
import type { Configuration } from './configuration.ts';
import { Frontier, type Moment } from './frontier.ts';
import { Outlook } from './outlook.ts';
import { isReturn, operationOf, type Problem } from './problem.ts';

/** Configurations kept and looked at by the narrowest search, and by the widest (some hundred megabytes). */
const widthFirst = 32;
const widthMost = 131_072;
const widening = 8;
const lookedAtPerWidth = 8;

/** Events between two looks at the clock, and configurations looked at. */
const eventsPerLook = 64;
const lookedAtPerLook = 4_096;

export interface SearchBounds {
  /** True when the time is up. */
  readonly isOver: () => boolean;
  readonly widthMax?: number;
}

/** A moment with nothing required open: the states the object may then be in. */
export interface QuietPoint {
  /** Index of the first event after it. */
  readonly event: number;
  readonly states: readonly number[];
}

export type Finding =
  | { readonly kind: 'linearizable'; readonly configuration: Configuration; readonly cost: number }
  | {
      readonly kind: 'stuck';
      /** The return that nothing explains, as an index of events, and its operation. */
      readonly event: number;
      readonly operation: number;
      /** Every way the history may have gone until then. */
      readonly before: readonly Configuration[];
      readonly furthest: Configuration;
      readonly quiet: readonly QuietPoint[];
      readonly cost: number;
    }
  | { readonly kind: 'undecided'; readonly reason: 'time' | 'memory'; readonly cost: number };

/** Quiet points remembered for narrowing a failure down, the newest, each with at most so many states. */
const quietPointsKept = 64;
const quietStatesMax = 64;

export function search(problem: Problem, bounds: SearchBounds): Finding {
  return new Search(problem, bounds).run();
}

class Search {
  readonly #problem: Problem;
  readonly #bounds: SearchBounds;
  readonly #frontier: Frontier;
  #width = widthFirst;
  #cost = 0;
  /** Before the first return at which configurations were given up; null while none was. */
  #lastCertain: { readonly event: number; readonly moment: Moment } | null = null;
  #quiet: QuietPoint[] = [];

  constructor(problem: Problem, bounds: SearchBounds) {
    this.#problem = problem;
    this.#bounds = bounds;
    this.#frontier = new Frontier(problem, new Outlook(problem), limitsOf(this.#width));
  }

  run(): Finding {
    const { events } = this.#problem;
    let moment = { event: 0, moment: this.#frontier.moment() };
    let sinceLook = 0;
    for (let at = 0; at < events.length; at += 1) {
      const event = events[at] as number;
      if (!isReturn(event)) {
        this.#frontier.called(event, at);
        continue;
      }
      const before = this.#frontier.configurations;
      const { lookedAt, truncated, furthest } = this.#frontier.returned(operationOf(event), at);
      this.#cost += lookedAt + before.length;
      sinceLook += 1 + (eventsPerLook * lookedAt) / lookedAtPerLook;
      if (sinceLook > eventsPerLook) {
        if (this.#bounds.isOver()) return { kind: 'undecided', reason: 'time', cost: this.#cost };
        sinceLook = 0;
      }
      if (truncated) this.#lastCertain ??= moment;
      if (this.#frontier.configurations.length === 0) {
        if (this.#lastCertain === null) return this.#stuck(at, before, furthest);
        if (!this.#widen()) return { kind: 'undecided', reason: 'memory', cost: this.#cost };
        at = this.#lastCertain.event - 1;
        moment = this.#lastCertain;
        this.#lastCertain = null;
        continue;
      }
      moment = { event: at + 1, moment: this.#frontier.moment() };
      if (this.#frontier.isQuiet) this.#rememberQuiet(at + 1);
    }
    const configuration = this.#frontier.configurations[0] as Configuration;
    return { kind: 'linearizable', configuration, cost: this.#cost };
  }

  #widen(): boolean {
    const widthMax = this.#bounds.widthMax ?? widthMost;
    if (this.#width >= widthMax || this.#lastCertain === null) return false;
    this.#width = Math.min(this.#width * widening, widthMax);
    this.#frontier.limits = limitsOf(this.#width);
    this.#frontier.restore(this.#lastCertain.moment);
    return true;
  }

  #rememberQuiet(event: number): void {
    if (this.#lastCertain !== null) return;
    const states = [...new Set(this.#frontier.configurations.map(({ state }) => state))];
    if (states.length > quietStatesMax) return;
    if (this.#quiet.at(-1)?.event === event) return;
    this.#quiet.push({ event, states });
    if (this.#quiet.length > quietPointsKept) this.#quiet.shift();
  }

  #stuck(at: number, before: readonly Configuration[], furthest: Configuration | null): Finding {
    const operation = operationOf(this.#problem.events[at] as number);
    return {
      kind: 'stuck',
      event: at,
      operation,
      before,
      furthest: furthest ?? (before[0] as Configuration),
      quiet: this.#quiet,
      cost: this.#cost,
    };
  }
}

const limitsOf = (width: number) => ({ widthMax: width, lookedAtMax: width * lookedAtPerWidth });
