/** One line of a history, from whatever names its recorder gave the fields. */
import { fail, ok, type Result } from '../base/result.ts';
import { canonicalText, type EventType, type HistoryEvent, isObject, type Value } from './history.ts';

/** A record and where it stands. */
export interface PlacedRecord {
  readonly value: Value;
  readonly place: string;
}

/** An event, and its number in the history if it was given one. */
export interface NumberedEvent {
  readonly event: HistoryEvent;
  readonly index: number | null;
}

/** Names of the fields, ours first; a leading colon is ignored. */
const fieldNames = {
  process: ['process', 'client', 'thread'],
  type: ['type'],
  f: ['f', 'op', 'operation', 'function'],
  value: ['value', 'v'],
  timeMs: ['timeMs', 'time_ms'],
  timeNs: ['time'],
  key: ['key', 'k', 'path'],
  index: ['index'],
  error: ['error'],
} as const;

const nanosecondsPerMs = 1_000_000;

/** The event of a record; null for one that no client caused. */
export function eventOf({ value: record, place }: PlacedRecord): Result<NumberedEvent | null, string> {
  if (!isObject(record)) return fail(`${shown(record)} is not an event; expected an object`);
  const fields = withoutColons(record);
  const process = field(fields, 'process');
  if (process === undefined || process === null)
    return fail('an event without "process"; expected the number or name of the client');
  if (typeof process !== 'number' && typeof process !== 'string')
    return fail(`the process ${shown(process)}; expected a number or a name`);
  if (process === 'nemesis' || process === ':nemesis') return ok(null);
  const type = typeOf(field(fields, 'type'));
  if (!type.ok) return type;
  const f = field(fields, 'f');
  if (typeof f !== 'string') return fail('an event without "f"; expected the name of the operation');
  const key = field(fields, 'key') ?? null;
  const index = field(fields, 'index');
  const event: HistoryEvent = {
    process,
    type: type.value,
    f: withoutColon(f),
    key: key === null ? null : keyText(key),
    value: field(fields, 'value') ?? null,
    timeMs: timeOf(fields),
    place,
  };
  return ok({ event, index: typeof index === 'number' ? index : null });
}

/** The text by which a key is known, whatever it was. */
export function keyText(key: Value): string {
  return typeof key === 'string' ? key : canonicalText(key);
}

type Fields = ReadonlyMap<string, Value>;

function withoutColons(record: { readonly [name: string]: Value }): Fields {
  return new Map(Object.entries(record).map(([name, value]) => [withoutColon(name), value]));
}

const withoutColon = (text: string): string => (text.startsWith(':') ? text.slice(1) : text);

function field(fields: Fields, name: keyof typeof fieldNames): Value | undefined {
  for (const alias of fieldNames[name]) {
    const found = fields.get(alias);
    if (found !== undefined) return found;
  }
  return undefined;
}

function typeOf(value: Value | undefined): Result<EventType, string> {
  const type = typeof value === 'string' ? withoutColon(value).toLowerCase() : value;
  switch (type) {
    case 'invoke':
    case 'ok':
    case 'fail':
    case 'info':
      return ok(type);
    default:
      return fail(
        value === undefined
          ? 'an event without "type"; expected invoke, ok, fail or info'
          : `the type ${shown(value)}; expected invoke, ok, fail or info`,
      );
  }
}

/** Milliseconds; a bare `time` is in nanoseconds, as Jepsen's. */
function timeOf(fields: Fields): number | null {
  const ms = field(fields, 'timeMs');
  if (typeof ms === 'number') return ms;
  const ns = field(fields, 'timeNs');
  return typeof ns === 'number' ? ns / nanosecondsPerMs : null;
}

/** A value for an error message, cut when long. */
export function shown(value: Value): string {
  const text = canonicalText(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
