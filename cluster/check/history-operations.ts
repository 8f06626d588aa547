/** Pairs the invocations of a history with their completions, and drops what certainly did not happen. */
import { fail, ok, type Result } from '../base/result.ts';
import { canonicalText, type HistoryEvent, type HistoryProblem, type Value } from './history.ts';

/** One operation: from its call to its return, in positions of the history. */
export interface Operation {
  readonly process: string;
  readonly f: string;
  readonly key: string | null;
  readonly input: Value;
  /** The answer; null as well when the outcome is unknown. */
  readonly output: Value;
  readonly outcome: 'ok' | 'unknown';
  readonly calledAt: number;
  /** Infinity for an unknown outcome: it stays open to the end of time. */
  readonly returnedAt: number;
  readonly calledMs: number | null;
  readonly returnedMs: number | null;
  readonly place: string;
}

export interface Operations {
  readonly operations: readonly Operation[];
  /** Operations that certainly did not happen. */
  readonly failed: number;
}

/** The operations of a history in the order of their calls. */
export function pairOperations(events: readonly HistoryEvent[]): Result<Operations, HistoryProblem> {
  const open = new Map<string, { readonly call: HistoryEvent; readonly calledAt: number }>();
  const operations: Operation[] = [];
  let failed = 0;
  for (const [at, event] of events.entries()) {
    const process = String(event.process);
    const called = open.get(process);
    if (event.type === 'invoke') {
      if (called !== undefined) return fail(invokedTwice(event, at, called));
      open.set(process, { call: event, calledAt: at });
      continue;
    }
    if (called === undefined) {
      // A process that crashed may still report trouble; that says nothing about any operation.
      if (event.type === 'info') continue;
      return fail(completedUncalled(event, at));
    }
    if (event.f !== called.call.f) return fail(completedOther(event, at, called));
    if (event.key !== null && called.call.key !== null && event.key !== called.call.key)
      return fail(completedOther(event, at, called));
    open.delete(process);
    if (event.type === 'fail') failed += 1;
    else operations.push(completed(event, at, called));
  }
  for (const called of open.values()) operations.push(neverCompleted(called));
  operations.sort((a, b) => a.calledAt - b.calledAt);
  return ok({ operations, failed });
}

interface Called {
  readonly call: HistoryEvent;
  readonly calledAt: number;
}

function completed(event: HistoryEvent, at: number, called: Called): Operation {
  if (event.type !== 'ok') return { ...neverCompleted(called), returnedMs: event.timeMs };
  return {
    ...neverCompleted(called),
    // Some clients say only with the answer what they have written.
    input: called.call.value ?? event.value,
    key: called.call.key ?? event.key,
    output: event.value,
    outcome: 'ok',
    returnedAt: at,
    returnedMs: event.timeMs,
  };
}

function neverCompleted({ call, calledAt }: Called): Operation {
  return {
    process: String(call.process),
    f: call.f,
    key: call.key,
    input: call.value,
    output: null,
    outcome: 'unknown',
    calledAt,
    returnedAt: Number.POSITIVE_INFINITY,
    calledMs: call.timeMs,
    returnedMs: null,
    place: placeOf(call, calledAt),
  };
}

const placeOf = (event: HistoryEvent, at: number): string => event.place ?? `event ${at + 1}`;
const nameOf = ({ f, value }: HistoryEvent): string => `${f} ${canonicalText(value)}`;

function invokedTwice(event: HistoryEvent, at: number, { call, calledAt }: Called): HistoryProblem {
  return {
    place: placeOf(event, at),
    message: `process ${event.process} invokes ${nameOf(event)} while its ${nameOf(call)} (${placeOf(call, calledAt)}) is open; expected that operation's ok, fail or info first.`,
  };
}

function completedUncalled(event: HistoryEvent, at: number): HistoryProblem {
  return {
    place: placeOf(event, at),
    message: `${event.type} of ${nameOf(event)} by process ${event.process}, which has no operation open; expected an invoke before it (an operation that ended with info is over).`,
  };
}

function completedOther(event: HistoryEvent, at: number, { call, calledAt }: Called): HistoryProblem {
  const key = call.key === null ? '' : ` on key ${call.key}`;
  return {
    place: placeOf(event, at),
    message: `process ${event.process} completes ${nameOf(event)}, but what it has open is ${nameOf(call)}${key} (${placeOf(call, calledAt)}); expected the completion of that.`,
  };
}
