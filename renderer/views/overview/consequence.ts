/** What taking a member away would mean, worked out before it is done. */
import type { EnsembleView, MemberView } from '../../../cluster/api/ensemble.ts';

export interface Consequence {
  readonly isLeader: boolean;
  readonly clients: number;
  /** Members that work afterwards. */
  readonly working: number;
  readonly total: number;
  readonly needed: number;
  /** Losses bearable afterwards; negative when a quorum is missing. */
  readonly tolerance: number;
}

/** The state after `member` stops working, as far as the last reports tell. */
export function consequenceOfLosing(ensemble: EnsembleView, member: MemberView): Consequence {
  const total = ensemble.health.total;
  const needed = Math.floor(total / 2) + 1;
  const working = ensemble.health.working - (countsAsWorking(ensemble, member) ? 1 : 0);
  return {
    isLeader: ensemble.leader === member.id,
    clients: member.report?.connections ?? 0,
    working,
    total,
    needed,
    tolerance: working - needed,
  };
}

/** By the same measure as the health: up, serving, and named by no reason for trouble. */
function countsAsWorking({ health, leader }: EnsembleView, { id, process, report }: MemberView): boolean {
  if (process.kind !== 'up' || report === null || !report.serving || report.leader !== leader) return false;
  return !health.reasons.some(
    (reason) => (reason.kind === 'memberSilent' || reason.kind === 'memberLagging') && reason.member === id,
  );
}
