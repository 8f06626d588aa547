/** What a healthy follower of member 1 reports, with changes: for tests of what is judged from reports. */
import type { MemberReport } from '../../api/ensemble.ts';

export function sampleReport(changes: Partial<MemberReport> = {}): MemberReport {
  return {
    role: 'follower',
    term: 5,
    leader: 1,
    votedFor: 1,
    first: 1,
    last: 100,
    persisted: 100,
    commit: 100,
    applied: 100,
    zxid: '1',
    digest: 'aa',
    serving: true,
    followers: [],
    links: [],
    connections: 0,
    sessions: 0,
    znodes: 1,
    watches: 0,
    outstanding: 0,
    received: 0,
    sent: 0,
    fsyncP99Ms: null,
    latencyMs: { min: 0, average: 0, max: 0 },
    loopLagMs: 0,
    memoryBytes: 1,
    uptimeMs: 1,
    incarnation: '1',
    life: 1,
    ...changes,
  };
}
