/** What a member tells about itself, but for what only its process knows (memory, uptime). */
import type { MemberReport } from '../api/ensemble.ts';
import type { MembershipView, SeatView } from '../api/membership.ts';
import type { Membership, Seat } from '../base/membership.ts';
import type { ConsensusStatus } from '../ports/consensus.ts';
import type { MemberFacts } from './facts.ts';

export type ReplicaReport = Omit<MemberReport, 'memoryBytes' | 'loopLagMs'>;

export function reportOf(member: MemberFacts): ReplicaReport {
  const { store, clients, vitals, status } = member;
  return {
    ...consensusFacts(member, status),
    zxid: String(store.zxid),
    digest: store.digest(),
    serving: member.serving,
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
    incarnation: hexOf(member.origin),
    life: member.origin.life,
    fenced: member.fenced,
    disk: member.disk,
    snapshots: member.snapshots.map(({ index, term, sizeBytes, digest, zxid }) => ({
      index,
      term,
      sizeBytes,
      digest,
      zxid: String(zxid),
    })),
    logBytes: member.logBytes,
    checkpoint: member.checkpoint,
  };
}

/** A fenced member takes no part any more, whatever it was when it stopped. */
function consensusFacts({ fenced, tickMs }: MemberFacts, status: ConsensusStatus) {
  const { term, votedFor, first, last, persisted, commit, applied } = status;
  const followers = status.followers.map(({ id, match, next, ticksSinceHeard, mode }) => ({
    id,
    match,
    next,
    mode,
    silentMs: ticksSinceHeard * tickMs,
  }));
  const part =
    fenced === null
      ? { role: status.role, leader: status.leader, followers }
      : { role: 'follower' as const, leader: null, followers: [] };
  return {
    ...part,
    term,
    votedFor,
    first,
    last,
    persisted,
    commit,
    applied,
    membership: membershipView(status.membership),
    membershipIndex: status.membershipIndex,
    transferTo: status.transferTo,
    repairing: status.repairing,
  };
}

function membershipView({ voters, outgoing, learners, removed }: Membership): MembershipView {
  return {
    voters: voters.map(seatView),
    outgoing: outgoing.map(seatView),
    learners: learners.map(seatView),
    removed: removed.map(seatView),
  };
}

function seatView(seat: Seat): SeatView {
  return { id: seat.id, incarnation: hexOf(seat) };
}

function hexOf({ incarnation }: Pick<Seat, 'incarnation'>): string {
  return incarnation.toString(16);
}
