/**
 * The explicit step that makes a directory a member's: "nothing on disk" is never taken for "new"
 * (ZOOKEEPER-2325), because an empty voter would forget the votes and entries it has promised to keep.
 */
import { fail, ok, type Result } from '../base/result.ts';
import type { Disk } from '../ports/disk.ts';
import { checksummedText } from './checksummed-text.ts';
import { failedDisk, type WalError } from './error.ts';
import { type Identity, identityFile, identityText } from './identity.ts';
import { writeLogEnd } from './log-end.ts';
import { encodeSegmentStart, logFolder, segmentPath } from './segment.ts';

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
    disk.replace(identityFile, checksummedText(identityText(identity)));
    return ok(null);
  } catch (failure) {
    return failedDisk(failure);
  }
}
