import { describe, expect, it } from 'vitest';
import { type Finding, judge, recoveryRules } from './recovery.ts';

const findings: readonly Finding[] = (['none', 'whole', 'incomplete', 'damaged'] as const).flatMap(
  (reading) =>
    (['last', 'earlier'] as const).flatMap((segment) =>
      (['frame', 'nothing'] as const).map((after) => ({ reading, segment, after })),
    ),
);

describe('the recovery table', () => {
  it.each(findings)('has exactly one row for $reading, $segment, $after', (finding) => {
    const rows = recoveryRules.filter(
      ([reading, segment, after]) =>
        reading === finding.reading &&
        (segment === 'any' || segment === finding.segment) &&
        (after === 'any' || after === finding.after),
    );
    expect(rows).toHaveLength(1);
    expect(judge(finding)).toBe(rows[0]?.[3]);
  });

  it('cuts only what nothing follows, at the very end of the log', () => {
    const cut = findings.filter((finding) => judge(finding) === 'cutTail');
    expect(cut.every(({ segment, after }) => segment === 'last' && after === 'nothing')).toBe(true);
    expect(cut).toHaveLength(2);
  });
});
