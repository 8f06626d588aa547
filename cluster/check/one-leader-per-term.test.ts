import { describe, expect, it } from 'vitest';
import { memberId, term } from '../base/ids.ts';
import { OneLeaderPerTerm } from './one-leader-per-term.ts';

const [one, two] = [memberId(1), memberId(2)];

describe('one leader per term', () => {
  it('accepts one leader a term, seen again and again, and counts elections', () => {
    const checker = new OneLeaderPerTerm();
    for (let round = 0; round < 2; round += 1) {
      checker.observe(one, { role: 'leader', term: term(1) });
      checker.observe(two, { role: 'follower', term: term(1) });
      checker.observe(two, { role: 'leader', term: term(2) });
    }
    expect(checker.elections).toBe(2);
  });

  it('finds a second leader of a term, also long after', () => {
    const checker = new OneLeaderPerTerm();
    checker.observe(one, { role: 'leader', term: term(1) });
    checker.observe(one, { role: 'leader', term: term(2) });
    const second = () => checker.observe(two, { role: 'leader', term: term(1) });
    expect(second).toThrow(expect.objectContaining({ promise: 'one leader per term' }));
  });
});
