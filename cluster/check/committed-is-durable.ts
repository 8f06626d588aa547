/**
 * What is committed is on the disks of a majority (etcd's `CommittedIsDurableInv`): of the voters, and
 * while two memberships decide together, of each.
 */
import type { LogIndex, MemberId } from '../base/ids.ts';
import { Violation } from './violation.ts';

/** The voters of one membership, and which of them hold the entry durably. */
export interface Holders {
  readonly voters: readonly MemberId[];
  readonly holds: (voter: MemberId) => boolean;
}

export class CommittedIsDurable {
  /** A leader has just committed up to `index`. `outgoing`: the voters of the membership that is being left. */
  committed(
    leader: MemberId,
    index: LogIndex,
    { voters, outgoing, holds }: Holders & { readonly outgoing: readonly MemberId[] },
  ): void {
    for (const deciding of [voters, outgoing]) {
      if (deciding.length === 0) continue;
      const holders = deciding.filter(holds);
      if (holders.length * 2 > deciding.length) continue;
      throw new Violation(
        'committed is durable',
        `member ${leader} committed ${index}, which of ${deciding.join(',')} only ${holders.join(',') || 'nobody'} holds`,
      );
    }
  }
}
