import { describe, expect, it } from 'vitest';
import type { Entry } from '../base/entry.ts';
import { logIndex, memberId, term } from '../base/ids.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import { LogMatching } from './log-matching.ts';

const [one, two] = [memberId(1), memberId(2)];

function entry(index: number, at: number, text: string): Entry {
  return { index: logIndex(index), term: term(at), kind: 'command', payload: encodeUtf8(text) };
}

/** One member wrote `a` at 1 and `b` at 2, both of term 1. */
function checker(): LogMatching {
  const matching = new LogMatching();
  matching.wrote(one, { entries: [entry(1, 1, 'a'), entry(2, 1, 'b')], termBefore: term(0) });
  return matching;
}

describe('log matching', () => {
  it('accepts the same entries elsewhere, and others of other terms', () => {
    const matching = checker();
    matching.wrote(two, { entries: [entry(1, 1, 'a')], termBefore: term(0) });
    matching.wrote(two, { entries: [entry(2, 2, 'x')], termBefore: term(1) });
    matching.wrote(two, { entries: [entry(2, 1, 'b')], termBefore: term(1) });
  });

  it.each([
    ['two contents of one index and term', [entry(2, 1, 'x')], 1],
    ['different terms before it', [entry(2, 1, 'b')], 0],
  ])('finds %s', (_what, entries, before) => {
    const wrote = () => checker().wrote(two, { entries, termBefore: term(before) });
    expect(wrote).toThrow(expect.objectContaining({ promise: 'log matching' }));
  });
});
