/** What a member looks like from outside: one word for its process, its role and its silence together. */
import type { MemberView } from '../../cluster/api/ensemble.ts';
import type { LabelKey } from '../i18n/translate.ts';

/** Reports come five times a second; after so long without one a running member counts as silent. */
export const silentAfterMs = 2_000;

export type MemberCondition =
  | 'leader'
  | 'follower'
  | 'candidate'
  | 'preCandidate'
  | 'starting'
  | 'stopping'
  | 'stopped'
  | 'paused'
  | 'crashed'
  | 'silent';

/** The condition at this moment; `nowMs` null when the console itself is blind and judges nothing new. */
export function conditionOf(member: MemberView, nowMs: number | null): MemberCondition {
  const { process, report, reportedAtMs } = member;
  if (process.kind !== 'up') return process.kind;
  if (report === null || reportedAtMs === null) return 'starting';
  if (nowMs !== null && nowMs - reportedAtMs > silentAfterMs) return 'silent';
  return report.role;
}

export const conditionLabels: Readonly<Record<MemberCondition, LabelKey>> = {
  leader: 'role.leader',
  follower: 'role.follower',
  candidate: 'role.candidate',
  preCandidate: 'role.preCandidate',
  starting: 'process.starting',
  stopping: 'process.stopping',
  stopped: 'process.stopped',
  paused: 'process.paused',
  crashed: 'process.crashed',
  silent: 'process.silent',
};

/** Whether its last report still describes it. */
export function isCurrent(condition: MemberCondition): boolean {
  return (
    condition === 'leader' ||
    condition === 'follower' ||
    condition === 'candidate' ||
    condition === 'preCandidate'
  );
}

/** The highest commit index that any member reported: what lag is measured against. */
export function highestCommit(members: readonly MemberView[]): number {
  return Math.max(0, ...members.map(({ report }) => report?.commit ?? 0));
}
