import { expect, it } from 'vitest';
import { type Ballot, matchesRule, voteRules } from './vote-rules.ts';

function everyBallot(): readonly Ballot[] {
  const ballots: Ballot[] = [];
  for (const request of ['preVote', 'vote'] as const)
    for (const lease of ['held', 'ended'] as const)
      for (const term of ['older', 'same', 'newer'] as const)
        for (const vote of ['available', 'given'] as const)
          for (const log of ['behind', 'upToDate'] as const)
            ballots.push({ request, lease, term, vote, log });
  return ballots;
}

it('each combination matches exactly one row', () => {
  for (const ballot of everyBallot()) {
    const rows = voteRules.filter((rule) => matchesRule(rule, ballot));
    expect(rows, JSON.stringify(ballot)).toHaveLength(1);
  }
});

it('each row decides some combination', () => {
  const idle = voteRules.filter((rule) => !everyBallot().some((ballot) => matchesRule(rule, ballot)));
  expect(idle).toEqual([]);
});
