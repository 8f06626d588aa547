/** Who gets a vote or a pre-vote: a table, one row per combination. Rows are read from the top; none overlap. */
import { assert } from '../base/assert.ts';

/** A question for a vote, as the voter sees it. */
export interface Ballot {
  readonly request: 'preVote' | 'vote';
  /** Held: the voter leads, or heard from a leader within the minimum election timeout. */
  readonly lease: 'held' | 'ended';
  /** The term asked for, against the voter's. */
  readonly term: 'older' | 'same' | 'newer';
  /** Given: the voter voted for somebody else in its current term. */
  readonly vote: 'available' | 'given';
  /** The candidate's log, against the voter's (§5.4.1). */
  readonly log: 'behind' | 'upToDate';
}

/** `ignore`: no answer, and the candidate's term is not adopted. */
export type Verdict = 'grant' | 'refuse' | 'ignore';

const any = 'any';
type Any = typeof any;

export type VoteRule = readonly [
  request: Ballot['request'] | Any,
  lease: Ballot['lease'] | Any,
  term: Ballot['term'] | Any,
  vote: Ballot['vote'] | Any,
  log: Ballot['log'] | Any,
  verdict: Verdict,
];

export const voteRules: readonly VoteRule[] = [
  [any, any, 'older', any, any, 'refuse'], // §5.1
  [any, 'held', 'same', any, any, 'refuse'], // This term has its leader.
  ['preVote', 'held', 'newer', any, any, 'refuse'], // Thesis §9.6: the leader is alive.
  ['vote', 'held', 'newer', any, any, 'ignore'], // Thesis §4.2.3: nobody may disrupt a leader that is heard.
  [any, 'ended', 'same', 'given', any, 'refuse'], // §5.2: one vote per term.
  [any, 'ended', 'same', 'available', 'behind', 'refuse'], // §5.4.1
  [any, 'ended', 'same', 'available', 'upToDate', 'grant'],
  [any, 'ended', 'newer', any, 'behind', 'refuse'], // A vote adopts the term and is still refused.
  [any, 'ended', 'newer', any, 'upToDate', 'grant'],
];

export function matchesRule(rule: VoteRule, ballot: Ballot): boolean {
  const [request, lease, term, vote, log] = rule;
  return (
    (request === any || request === ballot.request) &&
    (lease === any || lease === ballot.lease) &&
    (term === any || term === ballot.term) &&
    (vote === any || vote === ballot.vote) &&
    (log === any || log === ballot.log)
  );
}

/** The verdict of the row that matches. */
export function judge(ballot: Ballot): Verdict {
  const rule = voteRules.find((candidate) => matchesRule(candidate, ballot));
  assert(rule !== undefined, 'no vote rule', { ...ballot });
  return rule[5];
}
