import { describe, expect, it } from 'vitest';
import { SequenceRises } from './sequence-rises.ts';

describe('sequential znodes', () => {
  it('may skip numbers, and count for each parent alone', () => {
    const sequence = new SequenceRises();
    sequence.created('/a', '/a/x-0000000001');
    sequence.created('/a', '/a/y-0000000007');
    sequence.created('/b', '/b/x-0000000001');
  });

  it.each(['0000000007', '0000000003'])('never get a number again, or a lower one: %s', (number) => {
    const sequence = new SequenceRises();
    sequence.created('/a', '/a/x-0000000007');
    expect(() => sequence.created('/a', `/a/z-${number}`)).toThrow(
      expect.objectContaining({ promise: 'sequence rises' }),
    );
  });
});
