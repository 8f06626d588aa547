/** What a member tells about itself, but for what only its process knows (memory, uptime). */
import type { MemberReport } from '../api/ensemble.ts';
import type { Replica } from './replica.ts';

export type ReplicaReport = Omit<MemberReport, 'memoryBytes' | 'loopLagMs'>;

export function reportOf(replica: Replica): ReplicaReport {
  const { store, clients, vitals, status, tickMs } = replica;
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
    serving: replica.serving,
    followers: status.followers.map(({ id, match, next, ticksSinceHeard }) => ({
      id,
      match,
      next,
      silentMs: ticksSinceHeard * tickMs,
    })),
    links: [...replica.links.report()],
    connections: clients.count,
    sessions: store.sessionCount,
    znodes: store.znodeCount,
    watches: clients.watches.count,
    outstanding: replica.forwardsPending,
    received: vitals.received,
    sent: vitals.sent,
    fsyncP99Ms: vitals.fsyncP99Ms,
    latencyMs: vitals.latencyMs,
    uptimeMs: replica.uptimeMs,
    incarnation: replica.origin.incarnation.toString(16),
    life: replica.origin.life,
  };
}
