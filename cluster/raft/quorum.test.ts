import fc from 'fast-check';
import { expect, it } from 'vitest';
import { logIndex, type MemberId, memberId } from '../base/ids.ts';
import { isQuorum, majorityOf, quorumIndex } from './quorum.ts';

const reachedByAll = fc.array(fc.nat({ max: 20 }), { minLength: 7, maxLength: 7 });
const reached = fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 9 });

function votersOf(count: number): readonly MemberId[] {
  return Array.from({ length: count }, (_, at) => memberId(at + 1));
}

/** Counts for every index how many voters reached it. */
function dumbQuorumIndex(indexes: readonly number[]): number {
  let best = 0;
  for (let index = 0; index <= Math.max(...indexes); index += 1) {
    if (indexes.filter((other) => other >= index).length * 2 > indexes.length) best = index;
  }
  return best;
}

it('finds the index a dumb count finds', () => {
  fc.assert(
    fc.property(reached, (indexes) => {
      const voters = { incoming: votersOf(indexes.length), outgoing: [] };
      expect(quorumIndex(voters, (voter) => logIndex(indexes[voter - 1] ?? 0))).toBe(
        dumbQuorumIndex(indexes),
      );
    }),
  );
});

it('two majorities always share a voter', () => {
  for (let count = 1; count <= 9; count += 1) expect(majorityOf(votersOf(count)) * 2).toBeGreaterThan(count);
});

it('a majority is more than half', () => {
  const voters = { incoming: votersOf(4), outgoing: [] };
  expect(isQuorum(voters, (voter) => voter <= 2)).toBe(false);
  expect(isQuorum(voters, (voter) => voter <= 3)).toBe(true);
});

it('nobody is no majority', () => {
  expect(isQuorum({ incoming: [], outgoing: [] }, () => true)).toBe(false);
});

it('a joint quorum is a majority of the old voters and of the new ones', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
  fc.assert(
    fc.property(ids, ids, reachedByAll, (incoming, outgoing, indexes) => {
      const voters = { incoming: incoming.map(memberId), outgoing: outgoing.map(memberId) };
      const reachedBy = (voter: MemberId) => logIndex(indexes[voter - 1] ?? 0);
      const expected = Math.min(
        ...[incoming, outgoing].map((list) => dumbQuorumIndex(list.map((id) => indexes[id - 1] ?? 0))),
      );
      expect(quorumIndex(voters, reachedBy)).toBe(expected);
      expect(isQuorum(voters, (voter) => reachedBy(voter) >= expected)).toBe(true);
      expect(isQuorum(voters, (voter) => reachedBy(voter) > expected)).toBe(false);
    }),
  );
});
