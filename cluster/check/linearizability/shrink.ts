/** Narrows a failure down to few operations that are still one, so that a person can see why. */
import { anyState } from '../models/model.ts';
import { isReturn, operationOf, type Problem, returnsAfter, returnsBefore } from './problem.ts';
import { type Stuck, search } from './search.ts';
import { prefixOf, reduced, type Window, windowFromAnywhere, windowFromQuiet } from './window.ts';

/** Every attempt is small; what is too wide for this is not called smaller. */
const widthMax = 2_048;
/** Returns in the windows that are tried, the smallest first. */
const windowReturns = [1, 2, 4, 8, 16, 32, 64, 128, 256] as const;
/** Attempts at leaving operations out. */
const attemptsMax = 400;

export interface SmallFailure {
  readonly window: Window;
  readonly finding: Stuck;
  /** By its return, the last of the window, no order explains all that returned. */
  readonly culprit: number;
}

/** The smallest window found that has no order; null when not even the whole could be followed again in time. */
export function shrink(whole: Problem, stuck: Stuck, isOver: () => boolean): SmallFailure | null {
  const tried = (window: Window | null): SmallFailure | null => {
    if (window === null || isOver()) return null;
    const finding = search(window.problem, { isOver, widthMax, partsToo: false });
    return finding.kind === 'stuck' ? { window, finding, culprit: culpritOf(window) } : null;
  };
  for (const { cut, start, end } of candidates(whole, stuck)) {
    if (tried(cut(start, end)) === null) continue;
    const earliestEnd = firstThat(stuck.event, end, (at) => tried(cut(start, at)) !== null);
    const latestStart = -firstThat(-earliestEnd, -start, (at) => tried(cut(-at, earliestEnd)) !== null);
    const small = tried(cut(latestStart, earliestEnd)) ?? tried(cut(start, end));
    return small === null ? null : withReason(endEarlier(leaveOut(small, tried), tried), isOver);
  }
  return null;
}

interface Candidate {
  readonly cut: (start: number, end: number) => Window | null;
  readonly start: number;
  readonly end: number;
}

/** The search looks ahead, so what it gets stuck at may only show later: windows reach to both sides of it. */
function* candidates(whole: Problem, { event, quiet }: Stuck): Iterable<Candidate> {
  const anywhere = (start: number, end: number): Window | null => windowFromAnywhere(whole, { start, end });
  for (const count of windowReturns) {
    const start = returnsBefore(whole.events, event, count);
    yield { cut: anywhere, start, end: returnsAfter(whole.events, event, count) };
  }
  const last = whole.events.length - 1;
  for (const { event: quietEvent, states } of [...quiet].reverse()) {
    const cut = (start: number, end: number): Window | null =>
      start === quietEvent ? windowFromQuiet(whole, { start, end, states }) : null;
    yield { cut, start: quietEvent, end: returnsAfter(whole.events, event, windowReturns.at(-1) ?? 0) };
  }
  yield { cut: (start, end) => (start === 0 ? prefixOf(whole, end) : null), start: 0, end: last };
}

/** The smallest number from `low` to `high` that will do, when all above one that does do as well, and `high` does. */
function firstThat(low: number, high: number, does: (at: number) => boolean): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (does(middle)) to = middle;
    else from = middle + 1;
  }
  return to;
}

/** The same failure followed without looking ahead, to show every state it could have been in. */
function withReason(small: SmallFailure, isOver: () => boolean): SmallFailure {
  const finding = search(small.window.problem, { isOver, widthMax, partsToo: false, lookAhead: false });
  return finding.kind === 'stuck' ? { ...small, finding } : small;
}

/** The operation of the last return. */
export function culpritOf({ problem }: Window): number {
  return operationOf(problem.events.findLast(isReturn) ?? 0);
}

/**
 * Leaves out operations as long as no order is found: half of those that may go at once, then a quarter, and so on.
 * Only reads and what nobody left could notice may go, since an order of all would be one without them.
 */
function leaveOut(found: SmallFailure, tried: (window: Window) => SmallFailure | null): SmallFailure {
  let small = found;
  let attempts = 0;
  for (let share = 2; attempts < attemptsMax; share *= 2) {
    const spare = spareOperations(small.window);
    const size = Math.ceil(spare.length / share);
    if (spare.length === 0) break;
    for (let from = 0; from < spare.length && attempts < attemptsMax; from += size) {
      attempts += 1;
      const out = new Set(spare.slice(from, from + size));
      const smaller = tried(reduced(small.window, (operation) => !out.has(operation)));
      if (smaller === null) continue;
      small = smaller;
      share = 1;
      break;
    }
    if (size === 1 && share !== 1) break;
  }
  return small;
}

/** With fewer operations the contradiction may show at an earlier return: the first at which it does is the culprit. */
function endEarlier(found: SmallFailure, tried: (window: Window) => SmallFailure | null): SmallFailure {
  const { operations, problem } = found.window;
  const returns = [...problem.events.keys()].filter((at) => isReturn(problem.events[at] as number));
  const upTo = (nth: number): SmallFailure | null => {
    const shorter = prefixOf(problem, returns[nth] as number);
    const inWhole = shorter.operations.map((operation) => operations[operation] as number);
    return tried({ operations: inWhole, problem: shorter.problem });
  };
  return upTo(firstThat(0, returns.length - 1, (nth) => upTo(nth) !== null)) ?? found;
}

function spareOperations(window: Window): readonly number[] {
  const { problem } = window;
  const culprit = culpritOf(window);
  const { traits } = problem.automaton;
  const needed = new Set(traits.map(({ needs }) => needs));
  const anyMatters = traits.some(({ needs, blind }) => needs === anyState && !blind);
  return [...traits.keys()].filter((operation) => {
    const trait = traits[operation] as (typeof traits)[number];
    if (operation === culprit) return false;
    return trait.reads || (!anyMatters && trait.gives !== anyState && !needed.has(trait.gives));
  });
}
