import { describe, expect, it } from 'vitest';
import { type Finding, judge, matchingRules } from './recovery.ts';

const findings: Finding[] = [];
for (const reading of ['none', 'whole', 'bad'] as const)
  for (const place of ['first', 'appended'] as const)
    for (const segment of ['last', 'earlier'] as const)
      for (const proof of ['wasDurable', 'none'] as const) findings.push({ reading, place, segment, proof });

describe('the recovery table', () => {
  it('has exactly one row for every finding', () => {
    for (const finding of findings) {
      expect({ finding, rows: matchingRules(finding).length }).toEqual({ finding, rows: 1 });
    }
  });

  it('cuts nothing but an appended frame at the very end that was never known to be durable', () => {
    const cut = findings.filter((finding) => judge(finding) === 'cutTail');
    expect(cut).toEqual([{ reading: 'bad', place: 'appended', segment: 'last', proof: 'none' }]);
  });

  it('never goes on past a bad frame', () => {
    for (const finding of findings) {
      if (finding.reading === 'bad') expect(['cutTail', 'refuse']).toContain(judge(finding));
    }
  });
});
