/** Test support: messages, members and logs on one line each, for transcripts. */
import type { Entry } from '../../base/entry.ts';
import type { Seat } from '../../base/membership.ts';
import { decodeUtf8 } from '../../base/utf8.ts';
import { decodeMessage } from '../codec.ts';
import type { RaftEngine } from '../engine.ts';
import type { RaftMessage } from '../messages.ts';
import type { EnsembleMember, Frame } from './member.ts';

/** Kind and facts, in the order they are declared. */
export function describeMessage({ kind, ...facts }: RaftMessage): string {
  const told = Object.entries(facts).map(([name, value]) =>
    Array.isArray(value) ? `${name}=${value.length}` : `${name}=${String(value)}`,
  );
  return `${kind} ${told.join(' ')}`;
}

export function describeFrame({ from, to, bytes }: Frame): string {
  const decoded = decodeMessage(bytes);
  return `${from}>${to} ${decoded.ok ? describeMessage(decoded.value) : decoded.error}`;
}

export function describeRole(raft: RaftEngine): string {
  const { role, term: current, leader, repairing, transferTo } = raft.status();
  const following = role === 'follower' && leader !== null ? ` of ${leader}` : '';
  const burden = `${repairing ? ', repairing' : ''}${transferTo === null ? '' : `, handing over to ${transferTo}`}`;
  return `${role}${following} in term ${current}${burden}`;
}

export function describeMember({ id, raft }: EnsembleMember): string {
  if (raft === null) return `${id}: down`;
  const { role, term: current, leader, votedFor, last, persisted, commit, applied } = raft.status();
  const facts = `term=${current} vote=${votedFor ?? '-'} leader=${leader ?? '-'}`;
  return `${id}: ${role} ${facts} last=${last} persisted=${persisted} commit=${commit} applied=${applied}`;
}

export function describeLog({ id, raft, disk }: EnsembleMember): string {
  const entries = raft === null ? disk.entries : raft.entries(raft.status().first, raft.status().last);
  const before = raft === null ? disk.base.index : raft.status().first - 1;
  return `${id}: ${before === 0 ? '' : `(${before}) `}${describeEntries(entries)}`;
}

/** `2:x` is a command of term 2; a term alone is the empty entry that opens it; `2+` changes the membership. */
export function describeEntries(entries: readonly Entry[]): string {
  return entries.map(describeEntry).join(' ');
}

/** Whom a member counts, and since which entry; an outgoing list says that the change is under way. */
export function describeMembership({ id, raft }: EnsembleMember): string {
  if (raft === null) return `${id}: down`;
  const { membership, membershipIndex } = raft.status();
  const { voters, outgoing, learners, removed } = membership;
  const lists = Object.entries({ voters, outgoing, learners, removed });
  const told = lists
    .filter(([, seats]) => seats.length > 0)
    .map(([name, seats]) => `${name} ${idsOf(seats)}`);
  return `${id}: ${told.length === 0 ? 'nobody' : told.join(', ')} since ${membershipIndex}`;
}

function idsOf(seats: readonly Seat[]): string {
  return seats.map(({ id }) => id).join(' ');
}

function describeEntry({ kind, term, payload }: Entry): string {
  if (kind === 'noop') return `${term}`;
  return kind === 'membership' ? `${term}+` : `${term}:${decodeUtf8(payload)}`;
}
