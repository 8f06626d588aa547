/**
 * Looks at a data directory without changing it, whether or not its member could start: for people, for
 * tools, and for whoever must choose a survivor.
 */
import { ByteReader, MalformedInput } from '../../base/bytes.ts';
import type { Entry } from '../../base/entry.ts';
import type { LogIndex } from '../../base/ids.ts';
import { emptyMembership, type Membership, type MembershipCause } from '../../base/membership.ts';
import { readMembershipRecord } from '../../base/membership-codec.ts';
import { ok, type Result } from '../../base/result.ts';
import type { VotingBound } from '../../ports/consensus.ts';
import type { Disk } from '../../ports/disk.ts';
import type { DamageFinding } from '../damage.ts';
import { failedDisk, type WalError } from '../error.ts';
import { copiesDamaged, examine, lastOf } from '../examine.ts';
import { readFence } from '../fence-mark.ts';
import { type Identity, identitySeed, readIdentityTwin } from '../identity.ts';
import type { LogPoint } from '../point.ts';
import type { TornTail } from '../replay.ts';
import { SnapshotFiles } from '../snapshot-files.ts';

export interface Inspection {
  readonly identity: Identity;
  /** Starts of this directory so far. */
  readonly lives: number;
  /** Term and vote as consensus encodes them; null: none yet. */
  readonly hardState: Uint8Array | null;
  /** The entry before the first one held; (0, 0) when the log is whole. */
  readonly base: LogPoint;
  readonly last: LogPoint;
  /** The newest in the log, committed or not, or the snapshot's. */
  readonly membership: KnownMembership;
  /** Reads the snapshots; newest first in its list. */
  readonly snapshots: SnapshotFiles;
  /** Not null: what was lost must come from peers; no vote and no candidacy until then, except as this allows. */
  readonly votingBound: VotingBound | null;
  readonly fenced: string | null;
  /** What the next start cuts off: a last write that was never acknowledged. */
  readonly torn: TornTail | null;
  /** What is damaged, and what the next start does about it. */
  readonly findings: readonly DamageFinding[];
  /** The entries `from` … `from + count - 1`, as many as are held. */
  entries(from: LogIndex, count: number): readonly Entry[];
}

export interface KnownMembership {
  readonly membership: Membership;
  /** Of its entry; of the snapshot when no entry is held; 0: nobody yet. */
  readonly index: number;
  /** Null: from a snapshot, which does not tell. */
  readonly cause: MembershipCause | null;
}

/** What a directory holds. Fails as starting its member would. */
export function inspectWal(disk: Disk): Result<Inspection, WalError> {
  const read = readIdentityTwin(disk);
  if (!read.ok) return read;
  const { identity, twin } = read.value;
  try {
    const examined = examine(disk, identity);
    if (!examined.ok) return examined;
    const found = examined.value;
    const { base, entries } = found.content;
    const [newest] = found.scan.whole;
    return ok({
      identity,
      lives: Math.max(found.logEnd.end.life, found.replay.content.life),
      hardState: found.hardState.bytes,
      base,
      last: lastOf(found.content),
      membership: newestMembership(entries) ?? {
        membership: newest?.membership ?? emptyMembership,
        index: newest?.info.index ?? 0,
        cause: null,
      },
      snapshots: new SnapshotFiles(disk, identity, found.scan),
      votingBound: found.bound,
      fenced: readFence(disk, identitySeed(identity)),
      torn: found.replay.torn,
      findings: [...found.findings, ...copiesDamaged(found, twin)],
      entries: (from, count) => entries.slice(Math.max(0, from - base.index - 1)).slice(0, count),
    });
  } catch (failure) {
    return failedDisk(failure);
  }
}

function newestMembership(entries: readonly Entry[]): KnownMembership | null {
  const entry = entries.findLast(({ kind }) => kind === 'membership');
  if (entry === undefined) return null;
  try {
    return { ...readMembershipRecord(new ByteReader(entry.payload)), index: entry.index };
  } catch (failure) {
    // Its checksum holds: a later version wrote it, and the member itself would say so.
    if (failure instanceof MalformedInput) return null;
    throw failure;
  }
}
