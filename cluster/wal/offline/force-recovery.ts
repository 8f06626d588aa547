/**
 * Carries out a recovery plan: copies the survivor's directory aside, then appends one entry that makes
 * the survivor the whole ensemble. That append is the one moment at which it happens: interrupted before
 * it, everything can be done again; after it, everything is done.
 */
import type { Entry } from '../../base/entry.ts';
import { nextIndex } from '../../base/ids.ts';
import { encodeMembershipRecord } from '../../base/membership-codec.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import type { Disk, DiskFailure } from '../../ports/disk.ts';
import { damagedFolder } from '../damage.ts';
import { failedDisk, type WalError } from '../error.ts';
import { removeFence } from '../fence-mark.ts';
import type { Identity } from '../identity.ts';
import { openWal } from '../open.ts';
import { removeRepairMark } from '../repair-mark.ts';
import { logFolder } from '../segment.ts';
import { snapshotFolder } from '../snapshot-files.ts';
import { inspectWal } from './inspect.ts';
import type { RecoveryPlan } from './recovery-plan.ts';

const folders: readonly string[] = [logFolder, snapshotFolder];

export interface ForceRecoveryOptions {
  /** The survivor's directory; its member must not be running. */
  readonly disk: Disk;
  /** An empty directory elsewhere, for a copy of the survivor's as it was. */
  readonly archive: Disk;
  readonly plan: RecoveryPlan;
  /** Hard state of the plan's term, without a vote, as consensus encodes it. */
  readonly hardState: Uint8Array;
}

/** The entry that was appended, or the earlier recovery's when there was nothing to do. */
export async function forceRecovery(options: ForceRecoveryOptions): Promise<Result<Entry, WalError>> {
  const { disk, plan } = options;
  const inspected = inspectWal(disk);
  if (!inspected.ok) return inspected;
  const { last, identity, entries } = inspected.value;
  const [newest] = entries(last.index, 1);
  const isDone = plan.isDone && newest !== undefined;
  if (!isDone && (last.index !== plan.last.index || last.term !== plan.last.term)) return fail(changed(plan));
  try {
    if (!isDone) {
      copyDirectory(disk, options.archive);
      const failure = await appendEntry(options, identity);
      if (failure !== null) return fail(failure);
    }
    // What was lost before, and why it was fenced, does not matter any more: this log is the truth now.
    removeRepairMark(disk);
    removeFence(disk);
    return ok(isDone ? newest : recoveryEntry(plan));
  } catch (failure) {
    return failedDisk(failure);
  }
}

async function appendEntry(
  { disk, plan, hardState }: ForceRecoveryOptions,
  identity: Identity,
): Promise<WalError | null> {
  const opened = openWal(disk, identity);
  if (!opened.ok) return opened.error;
  const { wal } = opened.value;
  const batch = { hardState, entries: [recoveryEntry(plan)] };
  const failure = await new Promise<DiskFailure | null>((resolve) => wal.append([batch], resolve));
  wal.close();
  return failure === null ? null : failedDisk(failure).error;
}

function recoveryEntry({ last, term, membership }: RecoveryPlan): Entry {
  return {
    index: nextIndex(last.index),
    term,
    kind: 'membership',
    payload: encodeMembershipRecord({ membership, cause: 'recovered' }),
  };
}

/** Everything but what was set aside earlier. Throws `DiskFailure`. */
function copyDirectory(from: Disk, to: Disk): void {
  const names = from.list('').filter((name) => !folders.includes(name) && name !== damagedFolder);
  const nested = folders.flatMap((folder) => from.list(folder).map((name) => `${folder}/${name}`));
  for (const folder of folders) to.makeFolder(folder);
  for (const path of [...names, ...nested]) {
    to.replace(path, from.read(path, { offset: 0, length: from.sizeBytes(path) }));
  }
}

function changed({ survivor, last }: RecoveryPlan): WalError {
  return {
    code: 'foreign',
    file: logFolder,
    offset: null,
    what: `the log of ${survivor} does not end with entry ${last.index} of term ${last.term} any more`,
    meaning: 'The plan was made for another state: its member ran since then, or still runs.',
    todo: 'Stop every member, then begin again with `muster recover`.',
  };
}
