import { describe, expect, it } from 'vitest';
import type { Entry } from '../base/entry.ts';
import { logIndex, memberId, term } from '../base/ids.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import { SameLog } from './same-log.ts';

const [one, two] = [memberId(1), memberId(2)];

/** A log from its entries' terms and payloads, such as `1a`. */
function logOf(...entries: readonly string[]): {
  readonly term: Entry['term'];
  readonly first: Entry['index'];
  readonly commit: Entry['index'];
  readonly entries: (from: number, count: number) => readonly Entry[];
} {
  const all = entries.map(
    (text, at): Entry => ({
      index: logIndex(at + 1),
      term: term(Number(text[0])),
      kind: 'command',
      payload: encodeUtf8(text.slice(1)),
    }),
  );
  return {
    term: term(9),
    first: logIndex(1),
    commit: logIndex(all.length),
    entries: (from, count) => all.slice(from - 1, from - 1 + count),
  };
}

const broken = expect.objectContaining({ promise: 'same log' });

describe('the same log', () => {
  it('accepts members that commit the same, one behind the other', () => {
    const checker = new SameLog();
    checker.observe(one, logOf('1a', '1b'));
    checker.observe(two, logOf('1a'));
    checker.observe(one, logOf('1a', '1b', '2c'));
    checker.observe(two, logOf('1a', '1b', '2c'));
    expect(checker.length).toBe(3);
  });

  it('finds another payload, and another term, at an index', () => {
    for (const other of ['1x', '2b']) {
      const checker = new SameLog();
      checker.observe(one, logOf('1a', '1b'));
      expect(() => checker.observe(two, logOf('1a', other))).toThrow(broken);
    }
  });

  it('finds a member that came back with another history', () => {
    const checker = new SameLog();
    checker.observe(one, logOf('1a', '1b'));
    expect(() => checker.observe(one, logOf('1x'))).toThrow(broken);
  });

  it('finds an entry that is committed before what precedes it', () => {
    const checker = new SameLog();
    const log = logOf('1a', '1b');
    const holed = { ...log, entries: () => log.entries(2, 1) };
    expect(() => checker.observe(one, holed)).toThrow(broken);
  });

  it('knows what was committed before a term, also entries that are older than that', () => {
    const checker = new SameLog();
    checker.observe(one, { ...logOf('1a', '1b'), term: term(3) });
    checker.observe(one, { ...logOf('1a', '1b', '3c'), term: term(4) });
    const before = [3, 4, 5].map((at) => checker.committedBefore(term(at)));
    expect(before).toEqual([null, { index: 2, term: 1 }, { index: 3, term: 3 }]);
  });

  it('forgets what a forced recovery gave up, and goes on from there', () => {
    const checker = new SameLog();
    checker.observe(one, logOf('1a', '1b'));
    expect(checker.keep(logIndex(1)).map(({ index }) => index)).toEqual([1]);
    checker.observe(two, logOf('1a', '2x'));
    expect(checker.length).toBe(2);
  });
});
