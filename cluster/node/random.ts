/** The operating system's randomness. Its forks are itself: nothing here needs to repeat. */
import { randomBytes, randomInt } from 'node:crypto';
import type { Random } from '../ports/random.ts';

export function createRandom(): Random {
  const random: Random = {
    fork: () => random,
    below: (limit) => randomInt(limit),
    bytes: (length) => new Uint8Array(randomBytes(length)),
  };
  return random;
}
