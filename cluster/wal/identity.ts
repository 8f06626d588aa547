/**
 * Whose data directory this is. Only the explicit initialise step makes a directory a member's:
 * "nothing on disk" is never taken for "new" (ZOOKEEPER-2325), because an empty voter would forget
 * the votes and entries it has promised to keep.
 */
import {
  type ClusterId,
  clusterId,
  type Incarnation,
  incarnation,
  type MemberId,
  memberId,
} from '../base/ids.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { type Disk, DiskFailure } from '../ports/disk.ts';
import { checksummedText, readChecksummedText } from './checksummed-text.ts';
import { corrupt, type WalError } from './error.ts';
import { writeLogEnd } from './log-end.ts';
import { encodeSegmentStart, segmentPath } from './segment.ts';

export interface Identity {
  readonly cluster: ClusterId;
  readonly member: MemberId;
  readonly incarnation: Incarnation;
}

export const identityFile = 'identity';
export const logFolder = 'log';
const format =
  /^muster data directory 1\ncluster ([0-9a-f]{1,12})\nmember (\d{1,3})\nincarnation ([0-9a-f]{1,12})\n$/;

/** Makes an empty directory this member's: an empty log first, the identity, which completes it, last. */
export function initialise(disk: Disk, identity: Identity): Result<null, WalError> {
  try {
    const present = disk.list('');
    if (present.length > 0) {
      return fail({
        code: 'alreadyInitialised',
        file: present[0] as string,
        offset: null,
        what: `the directory is not empty: it holds ${present.slice(0, 3).join(', ')}`,
        meaning: 'Initialising it would forget what a member has promised to remember.',
        todo: 'Choose an empty directory, or move the old one away and keep it.',
      });
    }
    disk.makeFolder(logFolder);
    const start = encodeSegmentStart(identity, 1, { life: 0, previousBytes: 0, hardState: null });
    disk.replace(segmentPath(1), start);
    writeLogEnd(disk, { segment: 1, bytes: start.length });
    disk.replace(identityFile, checksummedText(textOf(identity)));
    return ok(null);
  } catch (failure) {
    return failedDisk(failure);
  }
}

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
        todo: 'If the directory was moved, put it back. If it is lost, replace the member: remove it, then add it as a new incarnation.',
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

/** What the disk refused, as a value; anything else is a defect and goes on. */
export function failedDisk(failure: unknown): Result<never, WalError> {
  if (!(failure instanceof DiskFailure)) throw failure;
  return fail({
    code: 'disk',
    file: failure.path,
    offset: null,
    what: `the disk refused: ${failure.message}`,
    meaning: 'The member cannot read or write its data directory.',
    todo: 'Check that the directory exists, belongs to you and has free space, then start the member again.',
  });
}

function textOf(identity: Identity): string {
  return [
    'muster data directory 1',
    `cluster ${identity.cluster.toString(16)}`,
    `member ${identity.member}`,
    `incarnation ${identity.incarnation.toString(16)}`,
    '',
  ].join('\n');
}
