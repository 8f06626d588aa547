import { describe, expect, it } from 'vitest';
import type { MemberReport, MemberView } from '../api/ensemble.ts';
import type { Standing } from '../api/membership.ts';
import { judgeHealth } from './health.ts';
import { LagWatch } from './lag-watch.ts';
import { sampleReport } from './testing/sample-report.ts';

const nowMs = 1_000_000;

function memberOf(id: number, standing: Standing, changes: Partial<MemberReport> | null = {}): MemberView {
  return {
    id,
    clientPort: id,
    peerPort: id,
    dataFolder: '',
    logFile: '',
    standing,
    process: changes === null ? { kind: 'stopped' } : { kind: 'up', pid: id },
    blocked: { to: [], from: [] },
    report: changes === null ? null : sampleReport({ ...(id === 1 ? { role: 'leader' } : {}), ...changes }),
    reportedAtMs: changes === null ? null : nowMs,
  };
}

const judge = (members: readonly MemberView[], unfinished: { kind: string; member: number } | null = null) =>
  judgeHealth({ members, unfinished, nowMs, previous: null, lagWatch: new LagWatch() });

describe('the verdict', () => {
  it('counts voters, not learners', () => {
    const members = [memberOf(1, 'voter'), memberOf(2, 'learner'), memberOf(3, 'learner')];
    expect(judge(members)).toMatchObject({ level: 'healthy', working: 1, total: 1, tolerance: 0 });
  });

  it('is no quorum when learners alone are left', () => {
    const members = [memberOf(1, 'voter', null), memberOf(2, 'learner'), memberOf(3, 'voter', null)];
    expect(judge(members)).toMatchObject({ level: 'stopped', working: 0, total: 2 });
  });

  it('is degraded after a forced recovery, until the lost are replaced', () => {
    expect(judge([memberOf(1, 'voter'), memberOf(2, 'lost', null)])).toMatchObject({
      level: 'degraded',
      working: 1,
      total: 1,
      reasons: [{ kind: 'memberLost', member: 2 }],
    });
  });

  it('takes no trouble from a member that is on its way in', () => {
    expect(judge([memberOf(1, 'voter'), memberOf(2, 'making', null)])).toMatchObject({
      level: 'healthy',
      reasons: [],
    });
  });

  it('names what members say is wrong with themselves', () => {
    const members = [
      memberOf(1, 'voter'),
      memberOf(2, 'voter', { repairing: true, disk: { kind: 'full', sinceMs: 1 } }),
      memberOf(3, 'voter', { fenced: 'it differed at entry 7', serving: false }),
    ];
    expect(judge(members)).toMatchObject({
      level: 'degraded',
      working: 2,
      reasons: [
        { kind: 'memberRepairing', member: 2 },
        { kind: 'diskTrouble', member: 2, disk: 'full' },
        { kind: 'memberFenced', member: 3, reason: 'it differed at entry 7' },
      ],
    });
  });

  it('is degraded while a change waits for the operator', () => {
    const members = [memberOf(1, 'voter'), memberOf(2, 'voter'), memberOf(3, 'voter')];
    expect(judge(members, { kind: 'replace', member: 2 })).toMatchObject({
      level: 'degraded',
      reasons: [{ kind: 'changeUnfinished', change: 'replace', member: 2 }],
    });
  });
});
