import fc from 'fast-check';
import { expect, it } from 'vitest';
import { logIndex, type MemberId, memberId } from '../base/ids.ts';
import { isQuorum, quorumIndex, quorumSize } from './quorum.ts';

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
      const voters = votersOf(indexes.length);
      expect(quorumIndex(voters, (voter) => logIndex(indexes[voter - 1] ?? 0))).toBe(
        dumbQuorumIndex(indexes),
      );
    }),
  );
});

it('two majorities always share a voter', () => {
  for (let count = 1; count <= 9; count += 1) expect(quorumSize(votersOf(count)) * 2).toBeGreaterThan(count);
});

it('a majority is more than half', () => {
  const voters = votersOf(4);
  expect(isQuorum(voters, (voter) => voter <= 2)).toBe(false);
  expect(isQuorum(voters, (voter) => voter <= 3)).toBe(true);
});
