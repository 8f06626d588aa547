/** Opens the data directory the supervisor named, or makes it: for a founder, or for a member that joins. */
import { clusterId, type Incarnation, incarnation, memberId } from '../../base/ids.ts';
import { byId, type Membership, type Seat } from '../../base/membership.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { createDisk } from '../../node/disk.ts';
import type { Disk } from '../../ports/disk.ts';
import { encodeInitialHardState } from '../../raft/codec.ts';
import { removedSeatFatal } from '../../replica/fatal.ts';
import type { MemberConfiguration } from '../../supervisor/member-messages.ts';
import type { SeatRecord } from '../../supervisor/member-operations.ts';
import { failedDisk, type WalError } from '../../wal/error.ts';
import { type Identity, identitySeed, readIdentity } from '../../wal/identity.ts';
import { initialise } from '../../wal/initialise.ts';
import { readLogEnd } from '../../wal/log-end.ts';
import { dataRefused, ended, olderCopy, otherIncarnation, type Refusal } from './refusal.ts';

export interface Directory {
  readonly disk: Disk;
  readonly incarnation: Incarnation;
}

export function openDirectory(configuration: MemberConfiguration): Result<Directory, Refusal> {
  const { dataFolder, directory, member, removed } = configuration;
  const disk = createDisk(dataFolder);
  const seat: Seat = { id: memberId(member), incarnation: incarnation(directory.incarnation) };
  const wasGivenUp = ({ id, incarnation: life }: Seat): boolean =>
    removed.map(seatOf).some((gone) => gone.id === id && gone.incarnation === life);
  if (wasGivenUp(seat)) return fail(ended(removedSeatFatal(seat)));
  if (directory.kind !== 'open') return createDirectory(configuration, { disk, seat });
  const identity = readIdentity(disk);
  if (!identity.ok) return fail(dataRefused(dataFolder, identity.error));
  const found: Seat = { id: identity.value.member, incarnation: identity.value.incarnation };
  if (found.incarnation !== seat.incarnation) {
    return fail(wasGivenUp(found) ? ended(removedSeatFatal(found)) : otherIncarnation(dataFolder, member));
  }
  const lives = livesOf(disk, identity.value);
  if (!lives.ok) return fail(dataRefused(dataFolder, lives.error));
  if (lives.value !== null && lives.value < directory.livesSeen)
    return fail(olderCopy(dataFolder, { member, lives: lives.value, seen: directory.livesSeen }));
  return ok({ disk, incarnation: seat.incarnation });
}

/** How often the directory was started; null when it does not say, which is for the log's own opening to judge. */
function livesOf(disk: Disk, identity: Identity): Result<number | null, WalError> {
  try {
    return ok(readLogEnd(disk, identitySeed(identity))?.end.life ?? null);
  } catch (failure) {
    return failedDisk(failure);
  }
}

/** A seat as the supervisor writes it. */
export function seatOf({ member, incarnation: life }: SeatRecord): Seat {
  return { id: memberId(member), incarnation: incarnation(life) };
}

function createDirectory(
  { dataFolder, clusterId: cluster, directory }: MemberConfiguration,
  { disk, seat }: { readonly disk: Disk; readonly seat: Seat },
): Result<Directory, Refusal> {
  try {
    disk.makeFolder('');
  } catch (failure) {
    return fail(dataRefused(dataFolder, failedDisk(failure).error));
  }
  const identity = { cluster: clusterId(cluster), member: seat.id, incarnation: seat.incarnation };
  const founding =
    directory.kind === 'found'
      ? { membership: foundedBy(directory.founders), hardState: encodeInitialHardState() }
      : null;
  const initialised = initialise(disk, identity, founding);
  if (!initialised.ok) return fail(dataRefused(dataFolder, initialised.error));
  return ok({ disk, incarnation: seat.incarnation });
}

/** Every founder writes the same. */
function foundedBy(founders: readonly SeatRecord[]): Membership {
  return { voters: founders.map(seatOf).sort(byId), outgoing: [], learners: [], removed: [] };
}
