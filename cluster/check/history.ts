/**
 * What was observed of concurrent operations: a history. The order of its events is the order of real time;
 * HISTORY.md defines the format and what each outcome means.
 */

/** A value of JSON. Objects are compared by content, whatever the order of their names. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [name: string]: Value };

/**
 * `ok`: happened, with this answer. `fail`: certainly did not happen. `info`: unknown; it may have happened, or
 * may happen at any later time, or never.
 */
export type EventType = 'invoke' | 'ok' | 'fail' | 'info';

export interface HistoryEvent {
  /** A logical thread: at most one operation at a time. */
  readonly process: string | number;
  readonly type: EventType;
  /** Name of the operation in its model's vocabulary. */
  readonly f: string;
  /** The object operated on; each key is an object of its own. Null: the only one. */
  readonly key: string | null;
  readonly value: Value;
  /** For pictures only; any origin. */
  readonly timeMs: number | null;
  /** Where it was read, as `file:line`. */
  readonly place?: string;
}

/** What is wrong with a history, where, and what was expected. */
export interface HistoryProblem {
  readonly place: string;
  readonly message: string;
}

export function isObject(value: Value | undefined): value is { readonly [name: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** Levels of lists and objects inside each other; histories have a handful. */
export const depthMax = 200;

export function isDeeperThan(value: Value, levels: number): boolean {
  if (!isList(value) && !isObject(value)) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

/** One text for all equal values. */
export function canonicalText(value: Value): string {
  if (isList(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalText(value[name] ?? null)}`).join(',')}}`;
}
