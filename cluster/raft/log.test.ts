import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logIndex, term } from '../base/ids.ts';
import { emptyMembership } from '../base/membership.ts';
import { RaftLog } from './log.ts';
import { Members } from './members.ts';
import { entriesOf, logBaseOf } from './testing/core.ts';
import { seatOf } from './testing/seats.ts';

function logOf(terms: readonly number[], base: readonly [index: number, term: number] = [0, 0]): RaftLog {
  const at = logBaseOf(base);
  const log = new RaftLog(at, new Members(seatOf(1), { ...at, membership: emptyMembership }));
  for (const entry of entriesOf(terms, base[0])) log.append(entry);
  log.takeWritten();
  return log;
}

const risingTerms = fc.array(fc.nat({ max: 2 }), { maxLength: 12 }).map((steps) => {
  let current = 1;
  return steps.map((step) => {
    current += step;
    return current;
  });
});

describe('a log', () => {
  it('knows the term before its first entry, and none outside', () => {
    const log = logOf([3, 4], [10, 2]);
    expect([9, 10, 11, 12, 13].map((index) => log.termAt(logIndex(index)))).toEqual([null, 2, 3, 4, null]);
    expect([log.first, log.last, log.lastTerm]).toEqual([11, 12, 4]);
  });

  it('is in the term of its base while it is empty', () => {
    expect(logOf([], [10, 2])).toMatchObject({ first: 11, last: 10, lastTerm: 2 });
  });

  it('slices what exists of a range', () => {
    const log = logOf([1, 1, 2, 2], [5, 1]);
    const indexes = (from: number, upTo: number) =>
      log.slice(logIndex(from), logIndex(upTo)).map((entry) => entry.index);
    expect(indexes(7, 8)).toEqual([7, 8]);
    expect(indexes(1, 6)).toEqual([6]);
    expect(indexes(9, 99)).toEqual([9]);
    expect(indexes(10, 12)).toEqual([]);
    expect(indexes(1, 3)).toEqual([]);
  });

  it('refuses gaps and falling terms', () => {
    const [entry] = entriesOf([1], 4);
    const [older] = entriesOf([1], 1);
    if (entry === undefined || older === undefined) throw new Error('no entries');
    expect(() => logOf([1]).append(entry)).toThrow('gap in the log');
    expect(() => logOf([2]).append(older)).toThrow('terms fall');
  });

  it('hands out each written entry once, and what replaced a removed one', () => {
    const log = logOf([1, 1, 1]);
    expect(log.takeWritten()).toEqual([]);
    log.truncateFrom(logIndex(2));
    for (const entry of entriesOf([2, 2], 1)) log.append(entry);
    expect(log.takeWritten()).toEqual(entriesOf([2, 2], 1));
    expect(log.takeWritten()).toEqual([]);
  });

  it('forgets what was written and removed in the same step', () => {
    const log = logOf([1]);
    for (const entry of entriesOf([1, 1], 1)) log.append(entry);
    log.truncateFrom(logIndex(2));
    for (const entry of entriesOf([3], 1)) log.append(entry);
    expect(log.takeWritten()).toEqual(entriesOf([3], 1));
  });
});

describe('a compacted log', () => {
  it('keeps what comes after, and the term before it', () => {
    const log = logOf([1, 2, 2, 3]);
    log.compactTo(logIndex(3));
    expect([log.base, log.first, log.last]).toEqual([{ index: 2, term: 2 }, 3, 4]);
    expect(log.slice(logIndex(1), logIndex(9))).toEqual(entriesOf([2, 3], 2));
    log.compactTo(logIndex(2));
    expect(log.first).toBe(3);
  });

  it('may be cut up to its end', () => {
    const log = logOf([1, 2]);
    log.compactTo(logIndex(3));
    expect([log.base, log.last, log.lastTerm]).toEqual([{ index: 2, term: 2 }, 2, 2]);
  });

  it('begins anew behind a snapshot, and forgets what waits to be written', () => {
    const log = logOf([1, 2]);
    for (const entry of entriesOf([3], 2)) log.append(entry);
    log.restartAfter({ ...logBaseOf([9, 4]), membership: emptyMembership });
    expect([log.first, log.last, log.lastTerm, log.takeWritten()]).toEqual([10, 9, 4, []]);
  });
});

describe('where two logs may agree', () => {
  it('is what a dumb search backwards finds', () => {
    fc.assert(
      fc.property(
        risingTerms,
        fc.nat({ max: 15 }),
        fc.integer({ min: 1, max: 12 }),
        (terms, index, asked) => {
          let expected = Math.min(index, terms.length);
          while (expected > 0 && (terms[expected - 1] ?? 0) > asked) expected -= 1;
          expect(logOf(terms).lastPossibleMatch({ index: logIndex(index), term: term(asked) })).toBe(
            expected,
          );
        },
      ),
    );
  });

  it('is unknown when it lies before the base', () => {
    const log = logOf([4, 5], [10, 3]);
    const matchOf = (index: number, asked: number) =>
      log.lastPossibleMatch({ index: logIndex(index), term: term(asked) });
    expect([matchOf(9, 3), matchOf(12, 2), matchOf(10, 3), matchOf(12, 4)]).toEqual([null, null, 10, 11]);
  });

  it('never skips the last entry they share, whichever side looks', () => {
    fc.assert(
      fc.property(risingTerms, risingTerms, risingTerms, (shared, left, right) => {
        const top = shared.at(-1) ?? 0;
        const ours = logOf([...shared, ...left.map((made) => top + made * 2)]);
        const theirs = logOf([...shared, ...right.map((made) => top + made * 2 + 1)]);
        const hint = theirs.lastPossibleMatch({ index: ours.last, term: ours.lastTerm });
        expect(hint).toBeGreaterThanOrEqual(shared.length);
        const hintTerm = hint === null ? null : theirs.termAt(hint);
        if (hint === null || hintTerm === null) throw new Error('a hint outside the log');
        expect(ours.lastPossibleMatch({ index: hint, term: hintTerm })).toBeGreaterThanOrEqual(shared.length);
      }),
    );
  });
});
