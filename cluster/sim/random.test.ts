import { describe, expect, it } from 'vitest';
import { createSeededRandom, type SeededRandom } from './random.ts';

function draws(random: SeededRandom, count = 20): readonly number[] {
  return Array.from({ length: count }, () => random.below(1_000_000));
}

describe('seeded randomness', () => {
  it('is a function of its seed', () => {
    expect(draws(createSeededRandom('a'))).toEqual(draws(createSeededRandom('a')));
    expect(draws(createSeededRandom('a'))).not.toEqual(draws(createSeededRandom('b')));
  });

  it('forks alike whatever was drawn before, and without disturbing what is drawn after', () => {
    const fresh = createSeededRandom('seed');
    const used = createSeededRandom('seed');
    const before = draws(used);
    const forked = draws(used.fork('network'));
    expect(forked).toEqual(draws(fresh.fork('network')));
    expect([...before, ...draws(used)]).toEqual(draws(createSeededRandom('seed'), 40));
  });

  it('gives every label a stream of its own', () => {
    const random = createSeededRandom('seed');
    const streams = ['a', 'b', 'ab', 'member 1', 'member 2'].map((label) => draws(random.fork(label)).join());
    expect(new Set([...streams, draws(random).join()]).size).toBe(6);
  });

  it('draws within its bounds and reaches all of them', () => {
    const random = createSeededRandom('bounds');
    const many = Array.from({ length: 1_000 });
    expect(new Set(many.map(() => random.below(4)))).toEqual(new Set([0, 1, 2, 3]));
    expect(new Set(many.map(() => random.between({ min: 5, max: 7 })))).toEqual(new Set([5, 6, 7]));
    expect(new Set(many.map(() => random.pick(['x', 'y'])))).toEqual(new Set(['x', 'y']));
    expect(new Set(random.bytes(5_000)).size).toBe(256);
  });

  it('meets a probability about as often as it says, 0 never and 1 always', () => {
    const random = createSeededRandom('chance');
    const times = (probability: number) =>
      Array.from({ length: 10_000 }, () => random.chance(probability)).filter(Boolean).length;
    expect(times(0)).toBe(0);
    expect(times(1)).toBe(10_000);
    expect(Math.abs(times(0.2) - 2_000)).toBeLessThan(200);
  });
});
