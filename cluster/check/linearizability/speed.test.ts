import { describe, expect, it } from 'vitest';
import { judgeHistory } from './judge.ts';
import { randomOf, simulateHistory } from './testing/simulated-history.ts';

describe('ten thousand operations by thirty clients on one object', () => {
  const size = { processes: 30, operations: 10_000, keys: 1 };
  // Measured between 0.7 and 4 s on two shared cores; the bound leaves room for a busier machine.
  const boundMs = 30_000;
  it.each([
    { model: 'register', values: 0, unknown: 0 },
    { model: 'register', values: 5, unknown: 0 },
    { model: 'register', values: 0, unknown: 0.05 },
    { model: 'register', values: 5, unknown: 0.05 },
    { model: 'kv', values: 5, unknown: 0.05 },
    { model: 'znode', values: 5, unknown: 0 },
  ] as const)(
    'are judged in seconds ($model, $values values, $unknown unknown)',
    (shape) => {
      const judged = judgeHistory(simulateHistory({ ...size, ...shape, random: randomOf(7) }), {
        model: shape.model,
        monotonicMs: () => performance.now(),
        budgetMs: boundMs,
      });
      expect(judged).toMatchObject({ ok: true, value: { verdict: 'ok' } });
    },
    60_000,
  );
});
