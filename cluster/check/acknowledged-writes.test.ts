import { describe, expect, it } from 'vitest';
import { AcknowledgedWrites } from './acknowledged-writes.ts';

/** One write of each fate: `a` acknowledged, `r` refused, `t` without an answer. */
function writes(): AcknowledgedWrites {
  const made = new AcknowledgedWrites();
  for (const serial of ['a', 'r', 't']) made.tried(serial);
  made.acknowledged('a');
  made.refused('r');
  return made;
}

describe('acknowledged writes', () => {
  it('accepts a write without an answer either way', () => {
    writes().verify('member 1', ['a']);
    writes().verify('member 1', ['t', 'a']);
    expect(writes().counts).toEqual({ tried: 3, acknowledged: 1 });
  });

  it.each([
    ['an acknowledged write that is missing', ['t'], 'no acknowledged write is lost'],
    ['a write that is there twice', ['a', 't', 't'], 'exactly once'],
    ['a write that nobody tried', ['a', 'x'], 'no phantom'],
    ['a write that was refused', ['a', 'r'], 'no phantom'],
  ])('finds %s', (_what, found, promise) => {
    expect(() => writes().verify('member 1', found)).toThrow(expect.objectContaining({ promise }));
  });

  it('misses nothing that a forced recovery may have lost', () => {
    const made = writes();
    made.mayBeLost('a');
    made.mayBeLost('r');
    made.verify('member 1', []);
    expect(() => made.verify('member 1', ['r'])).toThrow(expect.objectContaining({ promise: 'no phantom' }));
  });

  it('wants serials that are unique', () => {
    expect(() => writes().tried('a')).toThrow('unique serials');
  });
});
