/** Narrows a failure down to few operations that are still one, so that a person can see why. */
import { anyState } from '../models/model.ts';
import type { Problem } from './problem.ts';
import { returnsBefore, type Stuck, search } from './search.ts';
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
}

/** The smallest window found that has no order; null when not even the whole could be followed again in time. */
export function shrink(whole: Problem, stuck: Stuck, isOver: () => boolean): SmallFailure | null {
  const tried = (window: Window | null): SmallFailure | null => {
    if (window === null || isOver()) return null;
    const finding = search(window.problem, { isOver, widthMax, partsToo: false });
    return finding.kind === 'stuck' ? { window, finding } : null;
  };
  let small: SmallFailure | null = null;
  for (const window of candidates(whole, stuck)) {
    small = tried(window);
    if (small !== null) break;
  }
  return small === null ? null : leaveOut(small, tried);
}

function* candidates(whole: Problem, { event: end, quiet, window }: Stuck): Iterable<Window | null> {
  for (const count of windowReturns) {
    const start = returnsBefore(whole.events, end, count);
    yield windowFromAnywhere(whole, { start, end });
  }
  for (const { event: start, states } of [...quiet].reverse())
    yield windowFromQuiet(whole, { start, end, states });
  yield window;
  yield prefixOf(whole, end);
}

/**
 * Leaves out operations as long as no order is found: half of those that may go at once, then a quarter, and so on.
 * Only reads and what nobody left could notice may go, since an order of all would be one without them.
 */
function leaveOut(found: SmallFailure, tried: (window: Window) => SmallFailure | null): SmallFailure {
  let small = found;
  let attempts = 0;
  for (let share = 2; attempts < attemptsMax; share *= 2) {
    const spare = spareOperations(small.window, small.finding.operation);
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

function spareOperations({ problem }: Window, culprit: number): readonly number[] {
  const { traits } = problem.automaton;
  const needed = new Set(traits.map(({ needs }) => needs));
  const anyMatters = traits.some(({ needs, blind }) => needs === anyState && !blind);
  return [...traits.keys()].filter((operation) => {
    const trait = traits[operation] as (typeof traits)[number];
    if (operation === culprit) return false;
    return trait.reads || (!anyMatters && trait.gives !== anyState && !needed.has(trait.gives));
  });
}
