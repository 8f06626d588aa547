/** Histories of an object that is linearizable by construction: clients call, the object acts at one instant, they return. */
import type { EventType, HistoryEvent, Value } from '../../history.ts';
import type { ModelName } from '../../models/model.ts';

export interface SimulatedHistory {
  readonly model: ModelName;
  readonly processes: number;
  readonly operations: number;
  /** Distinct values written, chosen at random; 0: every write has its own. */
  readonly values: number;
  readonly keys: number;
  /** Share of operations whose outcome stays unknown. */
  readonly unknown: number;
  /** Operations to choose from; the model's own by default. */
  readonly only?: readonly string[];
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

interface Call {
  readonly process: number;
  readonly f: string;
  readonly key: string;
  readonly input: Value;
  output: Value;
  failed: boolean;
  applied: boolean;
}

/** A small generator of uniform numbers (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function simulateHistory(options: SimulatedHistory): HistoryEvent[] {
  const { random } = options;
  const below = (limit: number): number => Math.floor(random() * limit);
  const objects = new Map<string, Value>();
  const events: HistoryEvent[] = [];
  const threads: (Call | null)[] = Array.from({ length: options.processes }, () => null);
  const processOf = threads.map((_, thread) => thread);
  const zombies: Call[] = [];
  let called = 0;
  const record = (type: EventType, { process, f, key }: Call, value: Value): void => {
    events.push({ process, type, f, key, value, timeMs: events.length });
  };
  while (called < options.operations || threads.some((call) => call !== null)) {
    if (zombies.length > 0 && random() < 0.02)
      act(objects, zombies.splice(below(zombies.length), 1)[0] as Call);
    const thread = below(threads.length);
    const call = threads[thread] ?? null;
    if (call === null) {
      if (called >= options.operations) continue;
      called += 1;
      const begun = newCall(options, processOf[thread] as number, called);
      threads[thread] = begun;
      record('invoke', begun, begun.input);
    } else if (!call.applied && random() >= options.unknown / 2) {
      act(objects, call);
    } else if (!call.applied || random() < options.unknown / 2) {
      if (!call.applied) zombies.push(call);
      record('info', call, call.input);
      processOf[thread] = (processOf[thread] as number) + threads.length;
      threads[thread] = null;
    } else {
      record(call.failed ? 'fail' : 'ok', call, call.failed ? call.input : call.output);
      threads[thread] = null;
    }
  }
  return events;
}

const vocabulary: Readonly<Record<ModelName, readonly string[]>> = {
  register: ['read', 'read', 'write', 'cas'],
  kv: ['get', 'get', 'put', 'delete', 'cas'],
  znode: ['getData', 'getData', 'exists', 'create', 'setData', 'setData', 'delete'],
};

function newCall(options: SimulatedHistory, process: number, serial: number): Call {
  const { random, values } = options;
  const below = (limit: number): number => Math.floor(random() * limit);
  const names = options.only ?? vocabulary[options.model];
  const f = names[below(names.length)] as string;
  const key = `k${below(options.keys)}`;
  const value = (): number => (values === 0 ? serial : below(values));
  const version = random() < 0.5 ? -1 : below(3);
  return { process, f, key, input: inputOf(f, value, version), output: null, failed: false, applied: false };
}

function inputOf(f: string, value: () => number, version: number): Value {
  switch (f) {
    case 'write':
    case 'put':
      return value();
    case 'cas':
      return [value(), value()];
    case 'append':
      return ` ${value()}`;
    case 'create':
      return { data: value() };
    case 'setData':
      return { data: value(), version };
    case 'delete':
      return { version };
    default:
      return null;
  }
}

/** The object acts: at this instant, and on all it holds. */
function act(objects: Map<string, Value>, call: Call): void {
  call.applied = true;
  const { f, key, input } = call;
  const current = objects.get(key) ?? null;
  if (f === 'read' || f === 'get') call.output = current;
  else if (f === 'write' || f === 'put') objects.set(key, input);
  else if (f === 'delete' && typeof current !== 'object') objects.set(key, null);
  else if (f === 'append') objects.set(key, `${current ?? ''}${String(input)}`);
  else if (f === 'cas') {
    const [from, to] = input as [Value, Value];
    call.failed = current !== from;
    if (!call.failed) objects.set(key, to);
  } else actOnZnode(objects, call, current as { data: Value; version: number } | null);
}

function actOnZnode(
  objects: Map<string, Value>,
  call: Call,
  current: { readonly data: Value; readonly version: number } | null,
): void {
  const { f, key } = call;
  const input = (call.input ?? {}) as { readonly data?: Value; readonly version?: number };
  const expected = input.version ?? -1;
  if (f === 'create') {
    call.output = current === null ? {} : { error: 'nodeExists' };
    if (current === null) objects.set(key, { data: input.data ?? null, version: 0 });
  } else if (current === null) call.output = f === 'exists' ? null : { error: 'noNode' };
  else if (f === 'getData') call.output = { data: current.data, version: current.version };
  else if (f === 'exists') call.output = { version: current.version };
  else if (expected !== -1 && expected !== current.version) call.output = { error: 'badVersion' };
  else if (f === 'delete') {
    call.output = {};
    objects.set(key, null);
  } else {
    call.output = { version: current.version + 1 };
    objects.set(key, { data: input.data ?? null, version: current.version + 1 });
  }
}
