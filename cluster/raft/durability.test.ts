import fc from 'fast-check';
import { expect, it } from 'vitest';
import { logIndex, term } from '../base/ids.ts';
import { Durability } from './durability.ts';

function batchOf(from: number, last: number, made: number) {
  return { from: logIndex(from), last: logIndex(last), term: term(made) };
}

function confirm(durability: Durability, upTo: number, made: number): number {
  durability.confirm({ upTo: logIndex(upTo), term: term(made) });
  return durability.persisted;
}

it('a confirmation covers its batch and all before', () => {
  const durability = new Durability(logIndex(0));
  durability.stage(batchOf(1, 2, 1));
  durability.stage(batchOf(3, 5, 1));
  durability.stage(batchOf(6, 6, 1));
  expect(durability.persisted).toBe(0);
  expect(confirm(durability, 5, 1)).toBe(5);
  expect(confirm(durability, 6, 1)).toBe(6);
});

it('entries that are to be replaced are no longer durable', () => {
  const durability = new Durability(logIndex(7));
  durability.stage(batchOf(5, 5, 2));
  expect(durability.persisted).toBe(4);
  expect(confirm(durability, 5, 2)).toBe(5);
});

it('a late confirmation of replaced entries does not count for them', () => {
  const durability = new Durability(logIndex(4));
  durability.stage(batchOf(5, 7, 1));
  durability.stage(batchOf(5, 5, 2));
  expect(confirm(durability, 7, 1)).toBe(4);
  expect(confirm(durability, 5, 2)).toBe(5);
});

it('nor when the same entries were written again meanwhile', () => {
  const durability = new Durability(logIndex(4));
  durability.stage(batchOf(5, 7, 1));
  durability.stage(batchOf(5, 5, 2));
  durability.stage(batchOf(5, 7, 1));
  expect(confirm(durability, 7, 1)).toBe(4);
  expect(confirm(durability, 5, 2)).toBe(4);
  expect(confirm(durability, 7, 1)).toBe(7);
});

it('a confirmation that names no batch changes nothing', () => {
  const durability = new Durability(logIndex(3));
  durability.stage(batchOf(4, 5, 2));
  expect(confirm(durability, 3, 1)).toBe(3);
  expect(confirm(durability, 5, 1)).toBe(3);
});

it('says what a disk that replays the batches one by one would hold for good', () => {
  const draws = fc.array(fc.record({ back: fc.nat({ max: 3 }), count: fc.integer({ min: 1, max: 4 }) }), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(draws, fc.nat({ max: 8 }), (steps, confirmed) => {
      const durability = new Durability(logIndex(0));
      let last = 0;
      const batches = steps.map(({ back, count }, at) => {
        const from = Math.max(1, last + 1 - back);
        last = from + count - 1;
        return batchOf(from, last, at + 1);
      });
      for (const batch of batches) durability.stage(batch);
      const done = Math.min(confirmed, batches.length);
      for (const batch of batches.slice(0, done)) durability.confirm({ upTo: batch.last, term: batch.term });
      const onDisk = batches[done - 1]?.last ?? 0;
      const kept = batches.slice(done).map((batch) => batch.from - 1);
      expect(durability.persisted).toBe(Math.min(onDisk, ...kept));
    }),
  );
});
