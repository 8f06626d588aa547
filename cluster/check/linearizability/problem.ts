/** One key's history, made ready for the search: operations by number, calls and returns in order. */
import type { Operation } from '../history-operations.ts';
import type { Automaton } from '../models/model.ts';

export interface Problem {
  readonly automaton: Automaton;
  /** By operation: its outcome is unknown, so it may be left out, and is never too late. */
  readonly optional: readonly boolean[];
  /** In the order of time: `n` is the call of operation n, `~n` its return. Optional ones do not return. */
  readonly events: readonly number[];
  /** The states the object may be in before the first event. */
  readonly initials: readonly number[];
}

export const isReturn = (event: number): boolean => event < 0;
export const operationOf = (event: number): number => (event < 0 ? ~event : event);

/** The problem of operations in the order of their calls, compiled to `automaton`. */
export function problemOf(
  operations: readonly Operation[],
  automaton: Automaton,
  initials: readonly number[] = [automaton.initial],
): Problem {
  const timed: { readonly at: number; readonly event: number }[] = [];
  for (const [number, operation] of operations.entries()) {
    timed.push({ at: operation.calledAt, event: number });
    if (operation.outcome === 'ok') timed.push({ at: operation.returnedAt, event: ~number });
  }
  timed.sort((a, b) => a.at - b.at);
  return {
    automaton,
    optional: operations.map(({ outcome }) => outcome === 'unknown'),
    events: timed.map(({ event }) => event),
    initials,
  };
}

/** The index of the event `count` returns before `at`, or 0. */
export function returnsBefore(events: readonly number[], at: number, count: number): number {
  let start = at;
  for (let left = count; start > 0 && left > 0; start -= 1)
    if (isReturn(events[start - 1] as number)) left -= 1;
  return start;
}

/** The index of the event `count` returns after `at`, or the last. */
export function returnsAfter(events: readonly number[], at: number, count: number): number {
  let end = at;
  for (let left = count; end < events.length - 1 && left > 0; end += 1)
    if (isReturn(events[end + 1] as number)) left -= 1;
  return end;
}
