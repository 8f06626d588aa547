/** Puts messages where they belong: before or after the disk write of the step that made them. */
import type { MemberId } from '../base/ids.ts';
import type { RaftMessage } from './messages.ts';
import type { Raft } from './state.ts';

/** For messages that promise nothing about this member's disk. */
export function send(raft: Raft, to: MemberId, message: RaftMessage): void {
  raft.out.send.push({ to, message });
}

/** For votes, acknowledgements, and requests that rest on the sender's own vote (thesis §3.8). */
export function sendAfterPersist(raft: Raft, to: MemberId, message: RaftMessage): void {
  raft.out.sendAfterPersist.push({ to, message });
}
