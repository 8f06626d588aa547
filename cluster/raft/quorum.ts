/** Majorities of a fixed list of voters. Joint consensus will replace this file, not its callers. */
import { assert } from '../base/assert.ts';
import type { LogIndex, MemberId } from '../base/ids.ts';

export type Voters = readonly MemberId[];

/** How many voters make a majority. */
export function quorumSize(voters: Voters): number {
  return Math.floor(voters.length / 2) + 1;
}

/** Whether a majority satisfies `holds`. */
export function isQuorum(voters: Voters, holds: (voter: MemberId) => boolean): boolean {
  let count = 0;
  for (const voter of voters) if (holds(voter)) count += 1;
  return count >= quorumSize(voters);
}

/** The highest index that a majority has reached, given how far each voter got. */
export function quorumIndex(voters: Voters, reachedBy: (voter: MemberId) => LogIndex): LogIndex {
  const reached = voters.map(reachedBy).sort((left, right) => right - left);
  const index = reached[quorumSize(voters) - 1];
  assert(index !== undefined, 'an ensemble without voters');
  return index;
}
