import { describe, expect, it } from 'vitest';
import { WholeMultis } from './whole-multis.ts';

describe('a multi', () => {
  const multis = new WholeMultis();
  multis.tried(['a', 'b']);

  it('is there whole, or not at all', () => {
    multis.verify('the log', new Set(['a', 'b', 'x']));
    multis.verify('the log', new Set(['x']));
  });

  it('is never there in part', () => {
    expect(() => multis.verify('the log', new Set(['b']))).toThrow(
      expect.objectContaining({ promise: 'multi is atomic' }),
    );
  });
});
