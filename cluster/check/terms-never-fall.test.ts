import { describe, expect, it } from 'vitest';
import { incarnation, term } from '../base/ids.ts';
import { TermsNeverFall } from './terms-never-fall.ts';

const [one, two] = [incarnation(1), incarnation(2)];

describe('terms', () => {
  it('may rise, and may be lower in another directory', () => {
    const terms = new TermsNeverFall();
    terms.promised(one, term(5));
    terms.observe(one, term(5));
    terms.observe(one, term(6));
    terms.observe(two, term(1));
  });

  it('do not fall below what was promised', () => {
    const terms = new TermsNeverFall();
    terms.promised(one, term(5));
    terms.promised(one, term(3));
    expect(() => terms.observe(one, term(4))).toThrow(
      expect.objectContaining({ promise: 'terms never fall' }),
    );
  });
});
