/** Test support: how a snapshot comes from one member to another, in one piece. */
import { ByteReader } from '../../base/bytes.ts';
import { emptyMembership, type Membership } from '../../base/membership.ts';
import { readMembershipRecord } from '../../base/membership-codec.ts';
import type { RaftEngine } from '../engine.ts';
import type { StoredSnapshot } from './disk.ts';
import type { EnsembleMember } from './member.ts';

/** What the store knows of the membership: the newest one it applied. */
export function membershipAt({ applied, disk }: EnsembleMember): Membership {
  const newest = applied.findLast((entry) => entry.kind === 'membership');
  if (newest === undefined) return disk.snapshot?.membership ?? emptyMembership;
  return readMembershipRecord(new ByteReader(newest.payload)).membership;
}

/** Puts the source's newest snapshot in the place of a member's log and store, unless it is not needed. */
export function installFetched(
  member: EnsembleMember,
  source: EnsembleMember,
  raft: RaftEngine,
): StoredSnapshot | null {
  const { snapshot } = source.disk;
  member.wanted = null;
  if (snapshot === null || !raft.needsSnapshot(snapshot)) return null;
  member.disk.rebase(snapshot);
  member.writes = [];
  member.applied = [...snapshot.state];
  return snapshot;
}
