import { describe, expect, it } from 'vitest';
import { incarnation, memberId, term } from '../base/ids.ts';
import { VotesOnce } from './votes-once.ts';

const directory = incarnation(7);
const vote = (at: number, candidate: number) => ({ term: term(at), candidate: memberId(candidate) });

describe('votes', () => {
  it('may be repeated, and given anew in another term or by another directory', () => {
    const votes = new VotesOnce();
    votes.voted(directory, vote(1, 2));
    votes.voted(directory, vote(1, 2));
    votes.voted(directory, vote(2, 3));
    votes.voted(incarnation(8), vote(1, 3));
  });

  it('are given once a term', () => {
    const votes = new VotesOnce();
    votes.voted(directory, vote(1, 2));
    expect(() => votes.voted(directory, vote(1, 3))).toThrow(
      expect.objectContaining({ promise: 'one vote a term' }),
    );
  });
});
