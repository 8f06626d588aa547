import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryEvent, Value } from '../history.ts';
import { pairOperations } from '../history-operations.ts';
import type { ModelName } from '../models/model.ts';
import { modelsByName } from '../models/named.ts';
import { isReturn, type Problem, problemOf } from './problem.ts';
import { search } from './search.ts';
import { shrink } from './shrink.ts';
import { isLinearizableByDefinition } from './testing/every-order.ts';
import { randomOf, type SimulatedHistory, simulateHistory } from './testing/simulated-history.ts';
import { windowFromAnywhere } from './window.ts';
import { zone } from './zones.ts';

const never = { isOver: () => false };

function problem(model: ModelName, events: readonly HistoryEvent[]): Problem {
  const paired = pairOperations(events);
  if (!paired.ok) throw new Error(paired.error.message);
  const { accepts, compile } = modelsByName[model];
  const said = paired.value.operations.filter((operation) => {
    const accepted = accepts(operation);
    if (!accepted.ok) throw new Error(accepted.error);
    return accepted.value;
  });
  return problemOf(said, compile(said, null));
}

function simulated(
  options: Partial<SimulatedHistory> & { readonly model: ModelName; readonly seed: number },
) {
  return simulateHistory({
    processes: 3,
    operations: 7,
    values: 2,
    keys: 1,
    unknown: 0.2,
    random: randomOf(options.seed),
    ...options,
  });
}

/** Another answer in the place of one. */
function mutated(events: readonly HistoryEvent[], random: () => number): readonly HistoryEvent[] {
  const answers = events.flatMap(({ type }, at) => (type === 'ok' ? [at] : []));
  const chosen = answers[Math.floor(random() * answers.length)];
  const other = Math.floor(random() * 3);
  return events.map((event, at) =>
    at === chosen ? { ...event, value: changed(event.value, other) } : event,
  );
}

function changed(value: Value, other: number): Value {
  if (typeof value === 'object' && value !== null && 'version' in value)
    return { ...value, version: Number(value['version']) + other - 1 };
  return typeof value === 'string' ? value.slice(other) : other;
}

const vocabularies: readonly (readonly [ModelName, readonly string[] | undefined])[] = [
  ['register', undefined],
  ['register', ['read', 'write']],
  ['register', ['read', 'cas', 'write', 'cas']],
  ['kv', undefined],
  ['kv', ['get', 'append', 'put']],
  ['kv', ['get', 'append', 'cas', 'delete']],
  ['znode', undefined],
];

describe.each(vocabularies)('the search on small histories of a %s (%s)', (model, only) => {
  const draws = fc.record({
    seed: fc.integer(),
    values: fc.constantFrom(0, 1, 2, 3),
    processes: fc.integer({ min: 2, max: 5 }),
    operations: fc.integer({ min: 2, max: 8 }),
    unknown: fc.constantFrom(0, 0.2, 0.6),
    mutations: fc.integer({ min: 0, max: 3 }),
  });
  it('agrees with the definition', () => {
    const verdicts = { linearizable: 0, stuck: 0, undecided: 0 };
    fc.assert(
      fc.property(draws, ({ mutations, ...drawn }) => {
        const random = randomOf(drawn.seed + 1);
        let events: readonly HistoryEvent[] = simulated({ model, ...drawn, ...(only && { only }) });
        for (let time = 0; time < mutations; time += 1) events = mutated(events, random);
        const posed = problem(model, events);
        const found = search(posed, never);
        verdicts[found.kind] += 1;
        expect(found.kind === 'linearizable').toBe(isLinearizableByDefinition(posed));
      }),
      { numRuns: 400 },
    );
    expect(Math.min(verdicts.linearizable, verdicts.stuck)).toBeGreaterThan(20);
  });
});

describe('histories of an object that is linearizable by construction', () => {
  it.each(vocabularies)(
    'are never called illegal, and seldom undecided when narrow (%s, %s)',
    (model, only) => {
      const kinds: string[] = [];
      const draws = fc.record({
        seed: fc.integer(),
        values: fc.constantFrom(0, 2, 5),
        processes: fc.integer({ min: 2, max: 12 }),
        operations: fc.integer({ min: 20, max: 120 }),
        unknown: fc.constantFrom(0, 0.05, 0.2),
      });
      fc.assert(
        fc.property(draws, (drawn) => {
          const posed = problem(model, simulated({ model, ...drawn, ...(only && { only }) }));
          const { kind } = search(posed, { ...never, widthMax: 96 });
          kinds.push(kind);
          expect(kind).not.toBe('stuck');
        }),
        { numRuns: 40 },
      );
      expect(kinds.filter((kind) => kind === 'linearizable').length).toBeGreaterThan(20);
    },
  );
});

describe('a shortened proof', () => {
  const draws = fc.record({
    seed: fc.integer(),
    values: fc.constantFrom(0, 2, 3),
    unknown: fc.constantFrom(0, 0.3),
    start: fc.nat({ max: 10 }),
    end: fc.nat({ max: 10 }),
  });
  it.each(vocabularies)('from a part is one of the whole (%s, %s)', (model, only) => {
    fc.assert(
      fc.property(draws, ({ start, end, ...drawn }) => {
        const events = mutated(simulated({ model, ...drawn, ...(only && { only }) }), randomOf(drawn.seed));
        const posed = problem(model, events);
        const last = Math.max(start, posed.events.length - 1 - end);
        const window = windowFromAnywhere(posed, { start, end: last });
        if (window === null || search(window.problem, never).kind !== 'stuck') return;
        expect(isLinearizableByDefinition(posed)).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  it.each(vocabularies)('that leaves operations out is one of the whole (%s, %s)', (model, only) => {
    fc.assert(
      fc.property(draws, (drawn) => {
        const events = mutated(simulated({ model, ...drawn, ...(only && { only }) }), randomOf(drawn.seed));
        const posed = problem(model, events);
        const finding = search(posed, never);
        if (finding.kind !== 'stuck') return;
        const small = shrink(posed, finding, never.isOver);
        expect(small && isLinearizableByDefinition(small.window.problem)).toBe(false);
        expect(small && isLinearizableByDefinition(withoutLastReturn(small.window.problem))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

/** The culprit is the last to return: without its return there is an order. */
function withoutLastReturn(posed: Problem): Problem {
  const last = posed.events.findLast(isReturn) ?? 0;
  return {
    ...posed,
    events: posed.events.filter((event) => event !== last),
    optional: posed.optional.map((isOptional, operation) => isOptional || operation === ~last),
  };
}

describe('zones', () => {
  it('agree with the definition, and with the search on long histories, where no value is written twice', () => {
    const draws = fc.record({
      seed: fc.integer(),
      operations: fc.constantFrom(6, 8, 60, 200),
      processes: fc.integer({ min: 2, max: 8 }),
      unknown: fc.constantFrom(0, 0.2),
      mutations: fc.integer({ min: 0, max: 2 }),
    });
    const kinds = new Set<string>();
    fc.assert(
      fc.property(draws, ({ mutations, ...drawn }) => {
        const random = randomOf(drawn.seed + 1);
        const only = ['read', 'write'];
        let events: readonly HistoryEvent[] = simulated({ model: 'register', values: 0, only, ...drawn });
        for (let time = 0; time < mutations; time += 1) events = staler(events, random);
        const posed = problem('register', events);
        const zoning = zone(posed);
        kinds.add(zoning.kind);
        const isSmall = drawn.operations <= 8;
        const expected = isSmall
          ? isLinearizableByDefinition(posed)
          : search(posed, never).kind === 'linearizable';
        expect(zoning.kind === 'linearizable').toBe(expected);
      }),
      { numRuns: 600 },
    );
    expect([...kinds].sort()).toEqual(['contradiction', 'linearizable']);
  });

  it('leave alone what is written twice, and anything but reads and writes', () => {
    const event = (type: HistoryEvent['type'], f: string, value: Value): HistoryEvent => {
      return { process: 0, type, f, key: null, value, timeMs: null };
    };
    const kindOf = (...events: readonly HistoryEvent[]) => zone(problem('register', events)).kind;
    const written = [event('invoke', 'write', 1), event('ok', 'write', 1)];
    expect(kindOf(...written)).toBe('linearizable');
    expect(kindOf(...written, ...written)).toBe('inapplicable');
    expect(kindOf(...written, event('invoke', 'cas', [1, 2]))).toBe('inapplicable');
  });
});

/** A read that saw what another one saw. */
function staler(events: readonly HistoryEvent[], random: () => number): readonly HistoryEvent[] {
  const reads = events.flatMap(({ type, f }, at) => (type === 'ok' && f === 'read' ? [at] : []));
  const pick = (): number => reads[Math.floor(random() * reads.length)] ?? -1;
  const [one, other] = [pick(), pick()];
  const value = events[other]?.value ?? null;
  return events.map((event, at) => (at === one ? { ...event, value } : event));
}
