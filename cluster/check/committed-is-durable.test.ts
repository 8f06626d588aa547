import { describe, expect, it } from 'vitest';
import { logIndex, type MemberId, memberId } from '../base/ids.ts';
import { CommittedIsDurable } from './committed-is-durable.ts';

const ids = (...values: readonly number[]) => values.map(memberId);

/** Commits an entry that these members hold. */
function commit(
  holders: readonly MemberId[],
  voters: readonly MemberId[],
  outgoing: readonly MemberId[] = [],
): () => void {
  const holds = (voter: MemberId) => holders.includes(voter);
  return () => new CommittedIsDurable().committed(memberId(1), logIndex(5), { voters, outgoing, holds });
}

const broken = expect.objectContaining({ promise: 'committed is durable' });

describe('what is committed', () => {
  it('is held by a majority, of both memberships where there are two', () => {
    commit(ids(1, 2), ids(1, 2, 3))();
    commit(ids(1, 2, 4), ids(2, 4, 5), ids(1, 2, 3))();
  });

  it('is never held by half the voters or fewer', () => {
    expect(commit(ids(1), ids(1, 2, 3))).toThrow(broken);
    expect(commit(ids(1, 2), ids(1, 2, 3, 4))).toThrow(broken);
  });

  it('is never held by the majority of one membership alone while two decide', () => {
    expect(commit(ids(1, 2, 3), ids(3, 4, 5), ids(1, 2, 3))).toThrow(broken);
    expect(commit(ids(3, 4, 5), ids(3, 4, 5), ids(1, 2, 3))).toThrow(broken);
  });
});
