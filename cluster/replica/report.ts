/** What a member tells about itself, but for what only its process knows (memory, uptime). */
import type { MemberReport } from '../api/ensemble.ts';
import type { MemberFacts } from './facts.ts';

export type ReplicaReport = Omit<MemberReport, 'memoryBytes' | 'loopLagMs'>;

export function reportOf(member: MemberFacts): ReplicaReport {
  const { store, clients, vitals, status, tickMs } = member;
  return {
    role: status.role,
    term: status.term,
    leader: status.leader,
    votedFor: status.votedFor,
    first: status.first,
    last: status.last,
    persisted: status.persisted,
    commit: status.commit,
    applied: status.applied,
    zxid: String(store.zxid),
    digest: store.digest(),
    serving: member.serving,
    followers: status.followers.map(({ id, match, next, ticksSinceHeard }) => ({
      id,
      match,
      next,
      silentMs: ticksSinceHeard * tickMs,
    })),
    links: [...member.links.report()],
    connections: clients.count,
    sessions: store.sessionCount,
    znodes: store.znodeCount,
    watches: clients.watches.count,
    outstanding: member.forwardsPending,
    received: vitals.received,
    sent: vitals.sent,
    fsyncP99Ms: vitals.fsyncP99Ms,
    latencyMs: vitals.latencyMs,
    uptimeMs: member.uptimeMs,
    incarnation: member.origin.incarnation.toString(16),
    life: member.origin.life,
  };
}
