/** A directory gives one vote a term, and keeps to it whatever happens to its process (§5.2, §5.4). */
import type { Incarnation, MemberId, Term } from '../base/ids.ts';
import { Violation } from './violation.ts';

export class VotesOnce {
  readonly #votes = new Map<string, MemberId>();

  /** This directory's vote was sent: to a candidate, or by campaigning itself. */
  voted(voter: Incarnation, vote: { readonly term: Term; readonly candidate: MemberId }): void {
    const name = `${voter}/${vote.term}`;
    const before = this.#votes.get(name);
    if (before !== undefined && before !== vote.candidate) {
      throw new Violation(
        'one vote a term',
        `directory ${voter.toString(16)} voted for ${before} and for ${vote.candidate} in term ${vote.term}`,
      );
    }
    this.#votes.set(name, vote.candidate);
  }
}
