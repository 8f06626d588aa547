/**
 * The explicit step that makes a directory a member's: "nothing on disk" is never taken for "new"
 * (ZOOKEEPER-2325), because an empty voter would forget the votes and entries it has promised to keep.
 */
import type { Entry } from '../base/entry.ts';
import { logIndex, term } from '../base/ids.ts';
import type { Membership } from '../base/membership.ts';
import { encodeMembershipRecord } from '../base/membership-codec.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { Disk } from '../ports/disk.ts';
import { failedDisk, type WalError } from './error.ts';
import { encodeFrame } from './frame.ts';
import { replaceHardStates } from './hard-state.ts';
import { type Identity, identitySeed, writeIdentity } from './identity.ts';
import type { Item, SegmentStart, StoredHardState } from './item.ts';
import { writeLogEnd } from './log-end.ts';
import { type LogPoint, origin } from './point.ts';
import { encodeSegmentStart, logFolder, segmentPath, segmentSeed } from './segment.ts';

/** How an ensemble begins: its members, and a hard state of term 1 without a vote. */
export interface Founding {
  readonly membership: Membership;
  readonly hardState: Uint8Array;
}

/**
 * Makes an empty directory this member's: the log first, the identity, which completes it, last. A
 * founder's log begins with the entry that names the founders; null: the member joins, with nothing.
 */
export function initialise(
  disk: Disk,
  identity: Identity,
  founding: Founding | null,
): Result<null, WalError> {
  try {
    const [present] = disk.list('');
    if (present !== undefined) return fail(notEmpty(disk, present));
    disk.makeFolder(logFolder);
    const hardState: StoredHardState =
      founding === null ? { version: 0, bytes: null } : { version: 1, bytes: founding.hardState };
    const { bytes, last } = firstSegment(identity, hardState, founding);
    disk.replace(segmentPath(1), bytes);
    const seed = identitySeed(identity);
    const extent = { segment: 1, bytes: bytes.length, last };
    replaceHardStates(disk, { pair: [null, null], copy: { hardState, extent } }, seed);
    writeLogEnd(disk, { extent, life: 0, state: 'closed' }, seed);
    writeIdentity(disk, identity);
    return ok(null);
  } catch (failure) {
    return failedDisk(failure);
  }
}

function firstSegment(
  identity: Identity,
  hardState: StoredHardState,
  founding: Founding | null,
): { readonly bytes: Uint8Array; readonly last: LogPoint } {
  const start: SegmentStart = { life: 0, previous: { segment: 0, bytes: 0 }, last: origin, hardState };
  const begun = encodeSegmentStart(identity, 1, start);
  if (founding === null) return { bytes: begun, last: origin };
  const entry: Entry = {
    index: logIndex(1),
    term: term(1),
    kind: 'membership',
    payload: encodeMembershipRecord({ membership: founding.membership, cause: 'founded' }),
  };
  const items: Item[] = [{ kind: 'entry', entry }];
  const frame = encodeFrame(items, { seed: segmentSeed(identity, 1), offset: begun.length }, entry);
  const bytes = new Uint8Array(begun.length + frame.length);
  bytes.set(begun);
  bytes.set(frame, begun.length);
  return { bytes, last: { index: entry.index, term: entry.term } };
}

function notEmpty(disk: Disk, present: string): WalError {
  return {
    code: 'alreadyInitialised',
    file: present,
    offset: null,
    what: `the directory is not empty: it holds ${disk.list('').slice(0, 3).join(', ')}`,
    meaning: 'Initialising it would forget what a member has promised to remember.',
    todo: 'Choose an empty directory, or move the old one away and keep it.',
  };
}
