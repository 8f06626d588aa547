/**
 * Linearizable reads without a log entry (thesis §6.4): the leader notes its commit index, proves
 * with a round of heartbeats begun afterwards that it still leads, and hands the index out. One
 * round serves all reads that wait when it begins; a follower forwards its reads to the leader.
 */
import type { LogIndex, MemberId } from '../base/ids.ts';
import { readsWaitingMax } from '../base/limits.ts';
import { broadcastHeartbeat } from './heartbeat.ts';
import type { LeaderRead, Leadership } from './leadership.ts';
import type { RaftMessage } from './messages.ts';
import { send } from './outbox.ts';
import { isQuorum } from './quorum.ts';
import type { Raft } from './state.ts';

/** The driver of this member wants a read barrier. */
export function requestRead(raft: Raft, id: number): void {
  if (raft.role.kind === 'leader') {
    admit(raft, raft.role, { origin: { kind: 'local', id }, sinceTick: raft.nowTick });
    return;
  }
  const leader = raft.role.kind === 'follower' ? raft.role.leader : null;
  if (leader === null || leader.evidence === 'gone' || raft.forwardedReads.size >= readsWaitingMax) {
    raft.out.reads.push({ kind: 'failed', id });
    return;
  }
  const ticket = raft.nextReadTicket;
  raft.nextReadTicket += 1;
  raft.forwardedReads.set(ticket, { id, sinceTick: raft.nowTick });
  send(raft, leader.id, { kind: 'readRequest', term: raft.term, ticket });
}

/** A follower wants one. */
export function onReadRequest(
  raft: Raft,
  from: MemberId,
  { ticket }: RaftMessage & { kind: 'readRequest' },
): void {
  const read: LeaderRead = { origin: { kind: 'follower', member: from, ticket }, sinceTick: raft.nowTick };
  if (raft.role.kind === 'leader') admit(raft, raft.role, read);
  else answer(raft, read, null);
}

/** The leader answered a forwarded read. */
export function onReadReply(raft: Raft, { ticket, index }: RaftMessage & { kind: 'readReply' }): void {
  const read = raft.forwardedReads.get(ticket);
  if (read === undefined) return;
  raft.forwardedReads.delete(ticket);
  raft.out.reads.push(
    index === null ? { kind: 'failed', id: read.id } : { kind: 'ready', id: read.id, index },
  );
}

/**
 * Begins a round for the reads that wait, unless one is under way. A new leader must first commit an
 * entry of its term: until then its commit index may be behind what was acknowledged.
 */
export function beginReadRound(raft: Raft, leadership: Leadership): void {
  const { reads } = leadership;
  if (reads.underWay !== null || reads.waiting.length === 0) return;
  if (raft.log.termAt(raft.commit) !== raft.term) return;
  reads.round += 1;
  reads.underWay = { index: raft.commit, reads: reads.waiting, confirmedBy: new Set([raft.config.id]) };
  reads.waiting = [];
  broadcastHeartbeat(raft, leadership);
  finishRoundOnQuorum(raft, leadership);
}

/** A follower answered a heartbeat of `round`: when it did, it knew no later leader. */
export function confirmReadRound(
  raft: Raft,
  leadership: Leadership,
  { from, round }: { readonly from: MemberId; readonly round: number },
): void {
  const { underWay } = leadership.reads;
  if (underWay === null || round !== leadership.reads.round) return;
  underWay.confirmedBy.add(from);
  finishRoundOnQuorum(raft, leadership);
}

/** Fails the reads that have waited for an election timeout. */
export function expireReads(raft: Raft): void {
  const expiredSince = raft.nowTick - raft.config.timing.electionTicksMax;
  for (const [ticket, read] of raft.forwardedReads) {
    if (read.sinceTick > expiredSince) break;
    raft.forwardedReads.delete(ticket);
    raft.out.reads.push({ kind: 'failed', id: read.id });
  }
  if (raft.role.kind === 'leader') expireLeaderReads(raft, raft.role, expiredSince);
}

/** Fails every read that waits: the leader changed, or this member no longer leads. */
export function failReads(raft: Raft): void {
  for (const read of raft.forwardedReads.values()) raft.out.reads.push({ kind: 'failed', id: read.id });
  raft.forwardedReads.clear();
  if (raft.role.kind !== 'leader') return;
  const { underWay, waiting } = raft.role.reads;
  for (const read of underWay?.reads ?? []) answer(raft, read, null);
  for (const read of waiting) answer(raft, read, null);
  raft.role.reads.underWay = null;
  raft.role.reads.waiting = [];
}

function admit(raft: Raft, leadership: Leadership, read: LeaderRead): void {
  const { underWay, waiting } = leadership.reads;
  if ((underWay?.reads.length ?? 0) + waiting.length >= readsWaitingMax) {
    answer(raft, read, null);
    return;
  }
  waiting.push(read);
  beginReadRound(raft, leadership);
}

function finishRoundOnQuorum(raft: Raft, leadership: Leadership): void {
  const { underWay } = leadership.reads;
  if (underWay === null) return;
  if (!isQuorum(raft.log.members.voters, (voter) => underWay.confirmedBy.has(voter))) return;
  leadership.reads.underWay = null;
  for (const read of underWay.reads) answer(raft, read, underWay.index);
  beginReadRound(raft, leadership);
}

function expireLeaderReads(raft: Raft, leadership: Leadership, expiredSince: number): void {
  const { reads } = leadership;
  const oldest = reads.underWay?.reads[0] ?? reads.waiting[0];
  if (oldest === undefined || oldest.sinceTick > expiredSince) return;
  for (const read of reads.underWay?.reads ?? []) answer(raft, read, null);
  reads.underWay = null;
  for (const read of reads.waiting) if (read.sinceTick <= expiredSince) answer(raft, read, null);
  reads.waiting = reads.waiting.filter((read) => read.sinceTick > expiredSince);
  beginReadRound(raft, leadership);
}

/** A null index is a failure. */
function answer(raft: Raft, { origin }: LeaderRead, index: LogIndex | null): void {
  if (origin.kind === 'follower') {
    const { member, ticket } = origin;
    send(raft, member, { kind: 'readReply', term: raft.term, ticket, index });
    return;
  }
  const { id } = origin;
  raft.out.reads.push(index === null ? { kind: 'failed', id } : { kind: 'ready', id, index });
}
