import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryEvent, Value } from '../history.ts';
import { pairOperations } from '../history-operations.ts';
import type { ModelName } from '../models/model.ts';
import { modelsByName } from '../models/named.ts';
import { type Problem, problemOf } from './problem.ts';
import { search } from './search.ts';
import { isLinearizableByDefinition } from './testing/every-order.ts';
import { randomOf, type SimulatedHistory, simulateHistory } from './testing/simulated-history.ts';

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
      { numRuns: Number(process.env['RUNS'] ?? 400) },
    );
    if (process.env['RUNS']) console.log(model, only, verdicts);
  });
});
