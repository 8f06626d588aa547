import { describe, expect, it } from 'vitest';
import { type Finding, judge, judgeLoss, type Loss, matchingLossRules, matchingRules } from './recovery.ts';

const findings: Finding[] = [];
for (const reading of ['none', 'whole', 'bad'] as const)
  for (const place of ['first', 'appended'] as const)
    for (const segment of ['last', 'earlier'] as const)
      for (const proof of ['wasDurable', 'none'] as const) findings.push({ reading, place, segment, proof });

const losses: Loss[] = [];
for (const log of ['whole', 'covered', 'cut'] as const)
  for (const hardStateCopy of ['whole', 'damaged'] as const)
    for (const promised of ['known', 'unknown'] as const) losses.push({ log, hardStateCopy, promised });

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
      if (finding.reading === 'bad') expect(['cutTail', 'lost']).toContain(judge(finding));
    }
  });
});

describe('the table of losses', () => {
  it('has exactly one row for every loss', () => {
    for (const loss of losses) {
      expect({ loss, rows: matchingLossRules(loss).length }).toEqual({ loss, rows: 1 });
    }
  });

  it('never uses or repairs a log that may have held a vote nobody remembers', () => {
    for (const loss of losses) {
      if (loss.log !== 'whole' && loss.hardStateCopy === 'damaged') expect(judgeLoss(loss)).toBe('refuse');
    }
  });

  it('allows votes up to a point only when it is certain what was promised', () => {
    const bounded = losses.filter((loss) => judgeLoss(loss) === 'repairToPoint');
    expect(bounded).toEqual([{ log: 'cut', hardStateCopy: 'whole', promised: 'known' }]);
  });
});
