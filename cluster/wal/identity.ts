/** Whose data directory this is: a small text file, written once by `initialise`. */
import {
  type ClusterId,
  clusterId,
  type Incarnation,
  incarnation,
  type MemberId,
  memberId,
} from '../base/ids.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { Disk } from '../ports/disk.ts';
import { readChecksummedText } from './checksummed-text.ts';
import { corrupt, failedDisk, replaceMember, type WalError } from './error.ts';

export interface Identity {
  readonly cluster: ClusterId;
  readonly member: MemberId;
  readonly incarnation: Incarnation;
}

export const identityFile = 'identity';
const format =
  /^muster data directory 1\ncluster ([0-9a-f]{1,12})\nmember (\d{1,3})\nincarnation ([0-9a-f]{1,12})\n$/;

/** The identity of a directory that was initialised. */
export function readIdentity(disk: Disk): Result<Identity, WalError> {
  try {
    if (!disk.exists(identityFile)) {
      return fail({
        code: 'notInitialised',
        file: identityFile,
        offset: null,
        what: 'the data directory has no identity file',
        meaning:
          'It was never initialised, or it was lost. A member that starts empty under its old identity could lose acknowledged writes.',
        todo: `If the directory was moved, put it back. If it is lost: ${replaceMember}`,
      });
    }
    const match = format.exec(readChecksummedText(disk, identityFile) ?? '');
    const [, cluster = '', member = '', life = ''] = match ?? [];
    const number = Number(member);
    if (match === null || number < 1 || number > 255) {
      return fail(corrupt({ file: identityFile, offset: 0, what: 'the identity file is damaged' }));
    }
    return ok({
      cluster: clusterId(Number.parseInt(cluster, 16)),
      member: memberId(number),
      incarnation: incarnation(Number.parseInt(life, 16)),
    });
  } catch (failure) {
    return failedDisk(failure);
  }
}

/** The file's text, for `readIdentity`. */
export function identityText(identity: Identity): string {
  return [
    'muster data directory 1',
    `cluster ${identity.cluster.toString(16)}`,
    `member ${identity.member}`,
    `incarnation ${identity.incarnation.toString(16)}`,
    '',
  ].join('\n');
}
