/**
 * Decides one problem: narrow first, since a history that is in order rarely needs many configurations, then wider
 * from where the first one was given up, until the answer is certain or a bound is reached.
 */
import type { Configuration } from './configuration.ts';
import { Frontier } from './frontier.ts';
import { Outlook } from './outlook.ts';
import { isReturn, operationOf, type Problem, returnsAfter, returnsBefore } from './problem.ts';
import { Retreat } from './retreat.ts';
import { windowFromAnywhere } from './window.ts';

/** Configurations kept by the widest search (some hundred megabytes), and looked at for each that is kept. */
const widthMost = 131_072;
const lookedAtPerWidth = 8;

/** Configurations looked at between two looks at the clock: some milliseconds. */
const costPerLook = 2_048;

export interface SearchBounds {
  /** True when the time is up. */
  readonly isOver: () => boolean;
  readonly widthMax?: number;
  /** Whether a failure may be proved from a part of the history, when the whole has too many configurations. */
  readonly partsToo?: boolean;
  /** False: gets stuck only where the history so far has no order, not where its future makes that certain. */
  readonly lookAhead?: boolean;
}

/** A moment with nothing required open: the states the object may then be in. */
export interface QuietPoint {
  /** Index of the first event after it. */
  readonly event: number;
  readonly states: readonly number[];
}

export type Finding =
  | { readonly kind: 'linearizable'; readonly cost: number }
  | {
      readonly kind: 'stuck';
      /** Where it shows, as an index of events: when not looking ahead, the return that nothing explains. */
      readonly event: number;
      /** Every way the history may have gone until then. */
      readonly before: readonly Configuration[];
      readonly furthest: Configuration | null;
      readonly quiet: readonly QuietPoint[];
      readonly cost: number;
    }
  | { readonly kind: 'undecided'; readonly reason: 'time' | 'memory'; readonly cost: number };

export type Stuck = Finding & { readonly kind: 'stuck' };

/** The first part that is tried as a proof: so many returns, followed so widely; each attempt's is larger. */
const partReturns = 12;
const partWidthMax = 768;

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
  readonly #retreat: Retreat;
  #cost = 0;
  #sinceLook = 0;
  #quiet: QuietPoint[] = [];

  constructor(problem: Problem, bounds: SearchBounds) {
    this.#problem = problem;
    this.#bounds = bounds;
    this.#retreat = new Retreat(bounds.widthMax ?? widthMost);
    this.#frontier = new Frontier(problem, {
      outlook: new Outlook(problem),
      limits: limitsOf(this.#retreat.width),
      lookAhead: bounds.lookAhead ?? true,
    });
  }

  run(): Finding {
    const { events } = this.#problem;
    this.#retreat.passed({ event: 0, moment: this.#frontier.moment() });
    for (let at = 0; at < events.length; at += 1) {
      const event = events[at] as number;
      if (!isReturn(event)) {
        this.#frontier.called(event, at);
        continue;
      }
      const before = this.#frontier.configurations;
      this.#frontier.limits = limitsOf(this.#retreat.width);
      const { lookedAt, truncated, furthest } = this.#frontier.returned(operationOf(event), at);
      if (this.#isOver(lookedAt + before.length))
        return { kind: 'undecided', reason: 'time', cost: this.#cost };
      if (truncated) this.#retreat.gaveUpSome();
      if (this.#frontier.configurations.length > 0) {
        this.#retreat.passed({ event: at + 1, moment: this.#frontier.moment() });
        if (this.#frontier.isQuiet) this.#rememberQuiet(at + 1);
        continue;
      }
      if (this.#retreat.isCertain) return this.#stuck(at, before, furthest);
      if (this.#isProvedNearby(at)) return this.#stuck(at, before, furthest);
      const back = this.#retreat.from(at);
      if (back === null) return { kind: 'undecided', reason: 'memory', cost: this.#cost };
      this.#frontier.restore(back.moment);
      at = back.event - 1;
    }
    return { kind: 'linearizable', cost: this.#cost };
  }

  #isOver(cost: number): boolean {
    this.#cost += cost;
    this.#sinceLook += cost;
    if (this.#sinceLook < costPerLook) return false;
    this.#sinceLook = 0;
    return this.#bounds.isOver();
  }

  #rememberQuiet(event: number): void {
    if (!this.#retreat.isCertain) return;
    const states = [...new Set(this.#frontier.configurations.map(({ state }) => state))];
    if (states.length > quietStatesMax) return;
    if (this.#quiet.at(-1)?.event === event) return;
    this.#quiet.push({ event, states });
    if (this.#quiet.length > quietPointsKept) this.#quiet.shift();
  }

  /** A part of the history around here that has no order whatever came before it. */
  #isProvedNearby(at: number): boolean {
    if (this.#bounds.partsToo === false) return false;
    const { events } = this.#problem;
    const count = partReturns * 4 ** this.#retreat.attempt;
    const window = windowFromAnywhere(this.#problem, {
      start: returnsBefore(events, at, count),
      end: returnsAfter(events, at, count),
    });
    if (window === null) return false;
    const finding = search(window.problem, {
      isOver: this.#bounds.isOver,
      widthMax: partWidthMax * 4 ** this.#retreat.attempt,
      partsToo: false,
    });
    this.#cost += finding.cost;
    return finding.kind === 'stuck';
  }

  #stuck(at: number, before: readonly Configuration[], furthest: Configuration | null): Stuck {
    return {
      kind: 'stuck',
      event: at,
      before,
      furthest: furthest ?? before[0] ?? null,
      quiet: this.#quiet,
      cost: this.#cost,
    };
  }
}

const limitsOf = (width: number) => ({ widthMax: width, lookedAtMax: width * lookedAtPerWidth });
