import { describe, expect, it } from 'vitest';
import type { Health, HealthReason, MemberReport, MemberView, ProcessState } from '../api/ensemble.ts';
import { currentLeader, judgeHealth } from './health.ts';
import { LagWatch } from './lag-watch.ts';
import { sampleReport } from './testing/sample-report.ts';

const nowMs = 1_000_000;

interface Case {
  readonly process?: ProcessState;
  readonly report?: Partial<MemberReport>;
  readonly ageMs?: number;
  readonly blocked?: MemberView['blocked'];
}

function ensemble(...cases: readonly Case[]): MemberView[] {
  return cases.map((member, at) => ({
    id: at + 1,
    clientPort: 1,
    peerPort: 1,
    dataFolder: '',
    logFile: '',
    standing: 'voter' as const,
    process: member.process ?? { kind: 'up', pid: 1 },
    blocked: member.blocked ?? { to: [], from: [] },
    report: sampleReport(member.report),
    reportedAtMs: nowMs - (member.ageMs ?? 100),
  }));
}

const leads: Case = { report: { role: 'leader' } };
const follows: Case = {};
const lost: Case = { report: { leader: null, serving: false } };
const stopped: Case = { process: { kind: 'stopped' } };
const crashed: Case = { process: { kind: 'crashed', exitCode: null, signal: 'SIGKILL', reason: null } };
const paused: Case = { process: { kind: 'paused', pid: 1 } };
const starting: Case = { process: { kind: 'starting', pid: 1 } };
const silent: Case = { ageMs: 1_600 };

const table: readonly {
  readonly name: string;
  readonly members: readonly Case[];
  readonly level: Health['level'];
  readonly working: number;
  readonly tolerance: number;
  readonly reasons: readonly HealthReason[];
}[] = [
  {
    name: 'all work',
    members: [leads, follows, follows],
    level: 'healthy',
    working: 3,
    tolerance: 1,
    reasons: [],
  },
  {
    name: 'five work',
    members: [leads, follows, follows, follows, follows],
    level: 'healthy',
    working: 5,
    tolerance: 2,
    reasons: [],
  },
  {
    name: 'one of one works',
    members: [leads],
    level: 'healthy',
    working: 1,
    tolerance: 0,
    reasons: [],
  },
  {
    name: 'a follower is stopped',
    members: [leads, follows, stopped],
    level: 'degraded',
    working: 2,
    tolerance: 0,
    reasons: [{ kind: 'memberDown', member: 3, state: 'stopped' }],
  },
  {
    name: 'the leader crashed and nobody was elected yet',
    members: [crashed, follows, follows],
    level: 'noQuorum',
    working: 0,
    tolerance: 0,
    reasons: [{ kind: 'noLeader' }, { kind: 'memberDown', member: 1, state: 'crashed' }],
  },
  {
    name: 'the leader is paused: alive, and working is another word',
    members: [{ ...leads, ...paused }, follows, follows],
    level: 'noQuorum',
    working: 0,
    tolerance: 0,
    reasons: [{ kind: 'noLeader' }, { kind: 'memberPaused', member: 1 }],
  },
  {
    name: 'two of three are down',
    members: [leads, crashed, stopped],
    level: 'noQuorum',
    working: 1,
    tolerance: 0,
    reasons: [
      { kind: 'noQuorum', working: 1, needed: 2 },
      { kind: 'memberDown', member: 2, state: 'crashed' },
      { kind: 'memberDown', member: 3, state: 'stopped' },
    ],
  },
  {
    name: 'everything is down',
    members: [stopped, crashed, stopped],
    level: 'stopped',
    working: 0,
    tolerance: 0,
    reasons: [
      { kind: 'noQuorum', working: 0, needed: 2 },
      { kind: 'memberDown', member: 1, state: 'stopped' },
      { kind: 'memberDown', member: 2, state: 'crashed' },
      { kind: 'memberDown', member: 3, state: 'stopped' },
    ],
  },
  {
    name: 'everything starts',
    members: [starting, starting, starting],
    level: 'noQuorum',
    working: 0,
    tolerance: 0,
    reasons: [
      { kind: 'noQuorum', working: 0, needed: 2 },
      { kind: 'memberDown', member: 1, state: 'starting' },
      { kind: 'memberDown', member: 2, state: 'starting' },
      { kind: 'memberDown', member: 3, state: 'starting' },
    ],
  },
  {
    name: 'a member has said nothing for over a second and a half',
    members: [leads, follows, silent],
    level: 'degraded',
    working: 2,
    tolerance: 0,
    reasons: [{ kind: 'memberSilent', member: 3, silentMs: 1_600 }],
  },
  {
    name: 'a member said something just in time',
    members: [leads, follows, { ageMs: 1_500 }],
    level: 'healthy',
    working: 3,
    tolerance: 1,
    reasons: [],
  },
  {
    name: 'an old leader, cut off, still believes in itself',
    members: [
      { report: { role: 'leader', term: 4, leader: 1 } },
      { report: { role: 'leader', leader: 2 } },
      { report: { leader: 2 } },
    ],
    level: 'degraded',
    working: 2,
    tolerance: 0,
    reasons: [],
  },
  {
    name: 'a leader that nobody follows',
    members: [leads, lost, lost],
    level: 'noQuorum',
    working: 1,
    tolerance: 0,
    reasons: [{ kind: 'noQuorum', working: 1, needed: 2 }],
  },
  {
    name: 'a follower misses entries by the leader’s account',
    members: [
      {
        report: {
          role: 'leader',
          commit: 9_000,
          applied: 9_000,
          followers: [{ id: 3, match: 1_000, next: 1_001, silentMs: 0, mode: 'replicate' }],
        },
      },
      follows,
      follows,
    ],
    level: 'degraded',
    working: 2,
    tolerance: 0,
    reasons: [{ kind: 'memberLagging', member: 3, behind: 8_900 }],
  },
  {
    name: 'a follower has not applied what it has',
    members: [leads, { report: { commit: 9_000, applied: 100 } }, follows],
    level: 'degraded',
    working: 2,
    tolerance: 0,
    reasons: [{ kind: 'memberLagging', member: 2, behind: 8_900 }],
  },
  {
    name: 'a link is cut on purpose',
    members: [leads, { blocked: { to: [3], from: [] } }, { blocked: { to: [], from: [2] } }],
    level: 'degraded',
    working: 3,
    tolerance: 1,
    reasons: [{ kind: 'linkCut', from: 2, to: 3 }],
  },
  {
    name: 'a member does not hear another that works',
    members: [leads, follows, { report: { links: [{ id: 2, heardMsAgo: 2_500, roundTripMs: null }] } }],
    level: 'degraded',
    working: 3,
    tolerance: 1,
    reasons: [{ kind: 'linkCut', from: 2, to: 3 }],
  },
  {
    name: 'not hearing a member that is down is no cut link',
    members: [leads, stopped, { report: { links: [{ id: 2, heardMsAgo: 2_500, roundTripMs: null }] } }],
    level: 'degraded',
    working: 2,
    tolerance: 0,
    reasons: [{ kind: 'memberDown', member: 2, state: 'stopped' }],
  },
  {
    name: 'trees differ at one index',
    members: [leads, follows, { report: { digest: 'bb' } }],
    level: 'degraded',
    working: 3,
    tolerance: 1,
    reasons: [{ kind: 'diverged', member: 3, index: 100 }],
  },
  {
    name: 'trees at different indexes are not compared',
    members: [leads, follows, { report: { digest: 'bb', applied: 99 } }],
    level: 'healthy',
    working: 3,
    tolerance: 1,
    reasons: [],
  },
];

describe('the verdict', () => {
  it.each(table)('$name', ({ members, level, working, tolerance, reasons }) => {
    expect(
      judgeHealth({
        unfinished: null,
        members: ensemble(...members),
        nowMs,
        previous: null,
        lagWatch: new LagWatch(),
      }),
    ).toEqual({
      level,
      working,
      total: members.length,
      tolerance,
      sinceMs: nowMs,
      reasons,
    });
  });

  it('remembers since when the level is what it is', () => {
    const members = ensemble(leads, follows, stopped);
    const first = judgeHealth({
      unfinished: null,
      members,
      nowMs: nowMs - 500,
      previous: null,
      lagWatch: new LagWatch(),
    });
    expect(
      judgeHealth({ unfinished: null, members, nowMs, previous: first, lagWatch: new LagWatch() }).sinceMs,
    ).toBe(nowMs - 500);
    const healthy = ensemble(leads, follows, follows);
    expect(
      judgeHealth({ unfinished: null, members: healthy, nowMs, previous: first, lagWatch: new LagWatch() })
        .sinceMs,
    ).toBe(nowMs);
  });
});

describe('the leader', () => {
  it('is the one of the newest term', () => {
    const members = ensemble(
      { report: { role: 'leader', term: 4 } },
      { report: { role: 'leader', term: 5 } },
      lost,
    );
    expect(currentLeader(members, nowMs)).toEqual({ id: 2, term: 5 });
  });

  it('is nobody once it is silent', () => {
    expect(currentLeader(ensemble({ ...leads, ageMs: 1_600 }, follows, follows), nowMs)).toBeNull();
  });
});
