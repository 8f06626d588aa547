import { describe, expect, it } from 'vitest';
import { logIndex } from '../base/ids.ts';
import { SameDigest } from './same-digest.ts';

const [one, two] = ['member 1', 'member 2'];

describe('the same digest', () => {
  it('accepts members that agree at equal indexes, in any order', () => {
    const checker = new SameDigest();
    checker.observe(one, { applied: logIndex(1), digest: 'a' });
    checker.observe(one, { applied: logIndex(2), digest: 'b' });
    checker.observe(two, { applied: logIndex(2), digest: 'b' });
    checker.observe(two, { applied: logIndex(1), digest: 'a' });
  });

  it('finds stores that differ at one index, on two members or on one', () => {
    for (const member of [one, two]) {
      const checker = new SameDigest();
      checker.observe(one, { applied: logIndex(3), digest: 'a' });
      const other = () => checker.observe(member, { applied: logIndex(3), digest: 'b' });
      expect(other).toThrow(expect.objectContaining({ promise: 'same digest' }));
    }
  });
});
