/** Opens the data directory the supervisor named, or makes it when the ensemble is founded. */
import { clusterId, incarnation, memberId } from '../../base/ids.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { createDisk } from '../../node/disk.ts';
import type { Disk } from '../../ports/disk.ts';
import type { Random } from '../../ports/random.ts';
import type { MemberConfiguration } from '../../supervisor/member-messages.ts';
import { failedDisk } from '../../wal/error.ts';
import { readIdentity } from '../../wal/identity.ts';
import { initialise } from '../../wal/initialise.ts';
import { dataRefused, otherIncarnation, type Refusal } from './refusal.ts';

export interface Directory {
  readonly disk: Disk;
  readonly incarnation: number;
}

export function openDirectory(
  configuration: MemberConfiguration,
  random: Random,
): Result<Directory, Refusal> {
  const folder = configuration.dataFolder;
  const disk = createDisk(folder);
  if (configuration.directory.kind === 'create') return createDirectory(configuration, { disk, random });
  const identity = readIdentity(disk);
  if (!identity.ok) return fail(dataRefused(folder, identity.error));
  const expected = configuration.directory.incarnation;
  if (identity.value.incarnation !== expected) return fail(otherIncarnation(folder));
  return ok({ disk, incarnation: expected });
}

function createDirectory(
  { dataFolder, clusterId: cluster, member }: MemberConfiguration,
  { disk, random }: { readonly disk: Disk; readonly random: Random },
): Result<Directory, Refusal> {
  try {
    disk.makeFolder('');
  } catch (failure) {
    const refused = failedDisk(failure);
    return refused.ok ? refused : fail(dataRefused(dataFolder, refused.error));
  }
  const life = incarnation(Buffer.from(random.bytes(6)).readUIntBE(0, 6));
  const identity = { cluster: clusterId(cluster), member: memberId(member), incarnation: life };
  const initialised = initialise(disk, identity, null);
  return initialised.ok ? ok({ disk, incarnation: life }) : fail(dataRefused(dataFolder, initialised.error));
}
