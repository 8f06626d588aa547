/**
 * Reads a history from text: JSON lines, a JSON list, EDN maps in lines or in a list, or the lines of Jepsen's own
 * log. Which of them it is, the text tells.
 */
import { fail, ok, type Result } from '../base/result.ts';
import {
  depthMax,
  type HistoryEvent,
  type HistoryProblem,
  isDeeperThan,
  isList,
  type Value,
} from './history.ts';
import { EdnReader, MalformedEdn } from './history-edn.ts';
import { logRecord } from './history-log.ts';
import { eventOf, keyText, type NumberedEvent, type PlacedRecord, shown } from './history-record.ts';

export interface ReadHistory {
  readonly events: readonly HistoryEvent[];
  /** Events that no client caused, such as a nemesis's, left out. */
  readonly skipped: number;
}

/** The events of a history in the order of real time. `name` is what places are told from. */
export function readHistory(text: string, name: string): Result<ReadHistory, HistoryProblem> {
  const records = readRecords(text.replace(/^\uFEFF/, ''), name);
  if (!records.ok) return records;
  const numbered: NumberedEvent[] = [];
  for (const record of records.value) {
    if (isDeeperThan(record.value, depthMax))
      return fail({ place: record.place, message: `more than ${depthMax} levels of lists and objects.` });
    const event = eventOf(record);
    if (!event.ok) return fail({ place: record.place, message: `${event.error}.` });
    if (event.value !== null) numbered.push(event.value);
  }
  const skipped = records.value.length - numbered.length;
  return ok({ events: withKeys(inOrder(numbered)), skipped });
}

type Records = Result<readonly PlacedRecord[], HistoryProblem>;

function readRecords(text: string, name: string): Records {
  const start = text.search(/[^\s]/);
  if (start === -1)
    return fail({ place: name, message: 'nothing in it; expected a history, one event a line.' });
  const opening = text.slice(start, start + 200);
  if (/^\{\s*("|\})/.test(opening)) return jsonLines(text, name);
  if (/^\[\s*(\{\s*"|\])/.test(opening)) return jsonList(text, name);
  if (/^[[({#;]/.test(opening)) return ednForms(text, name);
  return logLines(text, name);
}

function jsonLines(text: string, name: string): Records {
  const records: PlacedRecord[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const place = `${name}:${at + 1}`;
    const parsed = parseJson(line);
    if (parsed === undefined)
      return fail({ place, message: `${cut(line)} is not JSON; expected one object a line.` });
    records.push({ value: parsed, place });
  }
  return ok(records);
}

function jsonList(text: string, name: string): Records {
  const parsed = parseJson(text);
  if (!isList(parsed))
    return fail({ place: name, message: 'it begins as a JSON list and is none; expected [{…}, {…}].' });
  return ok(parsed.map((value, at) => ({ value, place: `${name}, event ${at + 1}` })));
}

function parseJson(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

function ednForms(text: string, name: string): Records {
  const records: PlacedRecord[] = [];
  try {
    for (const { value, line } of new EdnReader(text).elements())
      records.push({ value, place: `${name}:${line}` });
  } catch (failure) {
    if (!(failure instanceof MalformedEdn)) throw failure;
    return fail({ place: `${name}:${failure.line}`, message: `not EDN: ${failure.message}.` });
  }
  return ok(records);
}

function logLines(text: string, name: string): Records {
  const records: PlacedRecord[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    const value = logRecord(line);
    if (value !== null) records.push({ value, place: `${name}:${at + 1}` });
  }
  if (records.length > 0) return ok(records);
  const first = text.trim().split('\n')[0] ?? '';
  return fail({
    place: `${name}:1`,
    message: `${cut(first)} is no event; expected JSON lines such as {"process":0,"type":"invoke","f":"read","value":null}, EDN, or Jepsen's log.`,
  });
}

const cut = (text: string): string => shown(text);

/** Lines are in the order of time; events that are all numbered may be shuffled, as when keys were written apart. */
function inOrder(numbered: readonly NumberedEvent[]): readonly HistoryEvent[] {
  const indices = new Set(numbered.map(({ index }) => index));
  const isNumbered = !indices.has(null) && indices.size === numbered.length;
  const sorted = isNumbered
    ? [...numbered].sort((a, b) => (a.index as number) - (b.index as number))
    : numbered;
  return sorted.map(({ event }) => event);
}

/**
 * Jepsen's independent keys: every value is a pair of key and value. A single pair proves nothing, since a cas takes
 * one as well; so all calls must have it.
 */
function withKeys(events: readonly HistoryEvent[]): readonly HistoryEvent[] {
  const calls = events.filter(({ type }) => type === 'invoke');
  const isPair = (value: Value): value is readonly [Value, Value] => isList(value) && value.length === 2;
  const isKeyed = ({ f, key, value }: HistoryEvent): boolean =>
    key === null && isPair(value) && (f.toLowerCase() !== 'cas' || isPair(value[1]));
  const others = calls.some(({ f }) => f.toLowerCase() !== 'cas');
  if (calls.length === 0 || !calls.every(isKeyed)) return events;
  if (!others && !calls.every(({ value }) => isPair(value) && isPair(value[1]))) return events;
  return events.map((event) =>
    isPair(event.value) ? { ...event, key: keyText(event.value[0]), value: event.value[1] } : event,
  );
}
