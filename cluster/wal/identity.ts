/** Whose data directory this is: a small text file, written once by `initialise`, and kept twice. */

import { crc32c } from '../base/checksum.ts';
import {
  type ClusterId,
  clusterId,
  type Incarnation,
  incarnation,
  type MemberId,
  memberId,
} from '../base/ids.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import type { Disk } from '../ports/disk.ts';
import { checksummedText } from './checksummed-text.ts';
import { corrupt, failedDisk, lost, otherFormat, type WalError } from './error.ts';
import { copyOf, readTwin, type TwinText } from './twin-file.ts';

export interface Identity {
  readonly cluster: ClusterId;
  readonly member: MemberId;
  readonly incarnation: Incarnation;
}

export const identityFile = 'identity';
const format =
  /^muster data directory 2\ncluster ([0-9a-f]{1,12})\nmember (\d{1,3})\nincarnation ([0-9a-f]{1,12})\n$/;
/** Its checksum stands for itself: who reads it does not know yet whose it is. */
const ownSeed = 0;

/** The identity of a directory that was initialised, from whichever copy is whole. */
export function readIdentity(disk: Disk): Result<Identity, WalError> {
  const read = readIdentityTwin(disk);
  return read.ok ? ok(read.value.identity) : read;
}

/** The same, with the copies that are damaged. */
export function readIdentityTwin(
  disk: Disk,
): Result<{ readonly identity: Identity; readonly twin: TwinText }, WalError> {
  try {
    const twin = readTwin(disk, identityFile, ownSeed);
    const identity = twin === null ? null : parse(twin.text);
    if (twin !== null && identity !== null) return ok({ identity, twin });
    // Its checksum holds: it is what somebody else wrote.
    if (twin !== null) return fail(otherFormat(identityFile));
    if (disk.exists(identityFile) || disk.exists(copyOf(identityFile))) {
      const what = 'the identity file and its copy are damaged';
      return fail(corrupt({ file: identityFile, offset: 0, what }));
    }
    return fail(lost(identityFile));
  } catch (failure) {
    return failedDisk(failure);
  }
}

/** Writes both copies; the file itself, which completes a directory, last. Throws `DiskFailure`. */
export function writeIdentity(disk: Disk, identity: Identity): void {
  const bytes = checksummedText(identityText(identity), ownSeed);
  disk.replace(copyOf(identityFile), bytes);
  disk.replace(identityFile, bytes);
}

/** Replaces a damaged copy. Throws `DiskFailure`. */
export function healIdentity(disk: Disk, twin: TwinText): void {
  for (const path of twin.damaged) disk.replace(path, checksummedText(twin.text, ownSeed));
}

/** What the checksums of this directory's other files begin with. */
export function identitySeed(identity: Identity): number {
  return crc32c(encodeUtf8(identityText(identity)));
}

function parse(text: string): Identity | null {
  const match = format.exec(text);
  const [, cluster = '', member = '', life = ''] = match ?? [];
  const number = Number(member);
  if (match === null || number < 1 || number > 255) return null;
  return {
    cluster: clusterId(Number.parseInt(cluster, 16)),
    member: memberId(number),
    incarnation: incarnation(Number.parseInt(life, 16)),
  };
}

function identityText(identity: Identity): string {
  return [
    'muster data directory 2',
    `cluster ${identity.cluster.toString(16)}`,
    `member ${identity.member}`,
    `incarnation ${identity.incarnation.toString(16)}`,
    '',
  ].join('\n');
}
