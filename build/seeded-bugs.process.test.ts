// The checkers bite: each seeded bug is caught by the checker it belongs to, and sound code by none.
import { beforeAll, describe, expect, it } from 'vitest';
import { seededBugs } from './seeded-bugs/bugs.js';
import { controls, huntAll, type Outcome } from './seeded-bugs.js';

const huntTimeoutMs = 900_000;

describe('the simulator', () => {
  const outcomes = new Map<string, Outcome>();

  beforeAll(async () => {
    for (const outcome of await huntAll(seededBugs)) outcomes.set(outcome.bug.name, outcome);
  }, huntTimeoutMs);

  it.each(seededBugs)('catches $name', ({ name }) => {
    expect(outcomes.get(name)?.wrong).toBeNull();
  });

  it(
    'finds nothing in the same seeds without a bug',
    async () => {
      const complaints = await controls([...outcomes.values()]);
      expect(complaints.filter(({ complaint }) => complaint !== null)).toEqual([]);
    },
    huntTimeoutMs,
  );
});
