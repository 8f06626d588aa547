import { describe, expect, it } from 'vitest';
import { logIndex, memberId, term } from '../base/ids.ts';
import { LeaderLog } from './leader-log.ts';

const one = memberId(1);
const leads = (last: number, written: number | null, of = 3) => ({
  term: term(of),
  last: logIndex(last),
  written: written === null ? null : logIndex(written),
});

describe("a leader's log", () => {
  it('accepts what grows, and says when a leader is new', () => {
    const checker = new LeaderLog();
    expect(checker.led(one, leads(5, 5))).toBe('elected');
    expect(checker.led(one, leads(7, 6))).toBe('goesOn');
    expect(checker.led(one, leads(4, 4, 4))).toBe('elected');
    checker.gone(one);
    expect(checker.led(one, leads(3, null, 4))).toBe('elected');
  });

  it.each([
    ['an entry that is replaced', leads(6, 5)],
    ['a log that gets shorter', leads(4, null)],
  ])('finds %s', (_what, step) => {
    const checker = new LeaderLog();
    checker.led(one, leads(5, null));
    expect(() => checker.led(one, step)).toThrow(expect.objectContaining({ promise: 'leader append-only' }));
  });

  it('accepts a leader that holds what is committed, or has compacted it', () => {
    const committed = { index: logIndex(4), term: term(2) };
    const leader = { term: term(3), last: logIndex(5) };
    new LeaderLog().elected(one, leader, { ...committed, held: term(2) });
    new LeaderLog().elected(one, leader, { ...committed, held: null });
  });

  it.each([
    ['lacks a committed entry', 3, null],
    ['holds another one in its place', 5, term(1)],
  ])('finds a leader that %s', (_what, last, held) => {
    const elected = () =>
      new LeaderLog().elected(
        one,
        { term: term(3), last: logIndex(last) },
        { index: logIndex(4), term: term(2), held },
      );
    expect(elected).toThrow(expect.objectContaining({ promise: 'leader completeness' }));
  });
});
