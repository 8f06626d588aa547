/**
 * Majorities. While a change of voters is under way there are two lists, and only a majority of each
 * decides anything (joint consensus, thesis §4.3).
 */
import { assert } from '../base/assert.ts';
import type { LogIndex, MemberId } from '../base/ids.ts';

export interface Voters {
  readonly incoming: readonly MemberId[];
  /** Empty unless joint. */
  readonly outgoing: readonly MemberId[];
}

/** How many of `voters` make a majority. */
export function majorityOf(voters: readonly MemberId[]): number {
  return Math.floor(voters.length / 2) + 1;
}

/** Whether a majority satisfies `holds`; while joint, of both lists. Nobody is no majority. */
export function isQuorum({ incoming, outgoing }: Voters, holds: (voter: MemberId) => boolean): boolean {
  return isMajority(incoming, holds) && (outgoing.length === 0 || isMajority(outgoing, holds));
}

/** The highest index that a quorum has reached, given how far each voter got. */
export function quorumIndex(
  { incoming, outgoing }: Voters,
  reachedBy: (voter: MemberId) => LogIndex,
): LogIndex {
  const index = majorityIndex(incoming, reachedBy);
  if (outgoing.length === 0) return index;
  const before = majorityIndex(outgoing, reachedBy);
  return before < index ? before : index;
}

function isMajority(voters: readonly MemberId[], holds: (voter: MemberId) => boolean): boolean {
  let count = 0;
  for (const voter of voters) if (holds(voter)) count += 1;
  return count >= majorityOf(voters);
}

function majorityIndex(voters: readonly MemberId[], reachedBy: (voter: MemberId) => LogIndex): LogIndex {
  const reached = voters.map(reachedBy).sort((left, right) => right - left);
  const index = reached[majorityOf(voters) - 1];
  assert(index !== undefined, 'an ensemble without voters');
  return index;
}
