/** What an operator asks of a running member, and the answer whether it was begun. */
import { fail, ok, type Result } from '../base/result.ts';
import type { ConsensusRefusal, ConsensusRequest, ConsensusStatus } from '../ports/consensus.ts';
import type { ConsensusDriver } from './driver.ts';
import type { Snapshots } from './snapshots/snapshots.ts';
import type { SnapshotRefusal } from './snapshots/taker.ts';

export type Operation = ConsensusRequest | { readonly kind: 'snapshot' };
export type OperationRefusal = ConsensusRefusal | SnapshotRefusal;

/** Begins an operation. What comes of it shows in the member's reports and events. */
export function begin(
  operation: Operation,
  { driver, snapshots }: { readonly driver: ConsensusDriver; readonly snapshots: Snapshots },
): Result<null, OperationRefusal> {
  const refusal =
    operation.kind === 'snapshot'
      ? snapshots.request()
      : driver.step({ kind: 'requested', request: operation });
  return refusal === null ? ok(null) : fail(refusal);
}

/** Whether somebody else could lead in this member's place. */
export function canHandOver({ role, membership }: ConsensusStatus): boolean {
  return role === 'leader' && membership.voters.length > 1;
}
