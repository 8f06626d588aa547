/**
 * Opens a member's data directory: reads everything, decides what damage means (`recovery.ts`), heals
 * what has a second copy, sets aside what nobody can use, and begins a new life in a new segment. A
 * crash at any point leaves a directory that opens to the same, or to the outcome of an earlier write.
 */
import type { ClusterId, MemberId } from '../base/ids.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { RestoredLog } from '../ports/consensus.ts';
import type { Disk } from '../ports/disk.ts';
import { Archive } from './archive.ts';
import type { Damage, DamageFinding } from './damage.ts';
import { failedDisk, foreign, type WalError } from './error.ts';
import { copiesDamaged, type Examined, examine, lastOf } from './examine.ts';
import { readFence } from './fence-mark.ts';
import { newestHardState, replaceHardStates } from './hard-state.ts';
import { healIdentity, type Identity, identityFile, identitySeed, readIdentityTwin } from './identity.ts';
import { writeRepairMark } from './repair-mark.ts';
import type { TornTail } from './replay.ts';
import { healSegmentStart, segmentPath } from './segment.ts';
import { removeHalfWritten, SnapshotFiles } from './snapshot-files.ts';
import { healTwin, type TwinText } from './twin-file.ts';
import { Wal } from './wal.ts';

export interface OpenedWal {
  readonly wal: Wal;
  readonly identity: Identity;
  /** How often this directory was opened, this time included; durable before it is used. */
  readonly life: number;
  readonly restored: RestoredLog;
  readonly snapshots: SnapshotFiles;
  /** The unfinished last write that was cut off, if there was one. */
  readonly cut: TornTail | null;
  /** What was found damaged this time; `restored.votingBound` says whether peers must repair something. */
  readonly damage: Damage | null;
  /** Why this member fenced itself, or null. */
  readonly fenced: string | null;
}

/**
 * Opens the log of `expected`, reads it back, and begins a new life in a new segment. Refuses a
 * directory that is not initialised, not this member's, or damaged beyond what can be healed without
 * breaking a promise; nothing is changed then.
 */
export function openWal(
  disk: Disk,
  expected: { readonly cluster: ClusterId; readonly member: MemberId },
): Result<OpenedWal, WalError> {
  const read = readIdentityTwin(disk);
  if (!read.ok) return read;
  const { identity } = read.value;
  if (identity.cluster !== expected.cluster || identity.member !== expected.member) {
    const owner = `member ${identity.member} of cluster ${identity.cluster.toString(16)}`;
    return fail(foreign(identityFile, `the directory belongs to ${owner}`));
  }
  try {
    const found = examine(disk, identity);
    return found.ok ? ok(begin(disk, found.value, read.value.twin)) : found;
  } catch (failure) {
    return failedDisk(failure);
  }
}

/** Writes, in an order that forgives a crash at any point. Throws `DiskFailure`. */
function begin(disk: Disk, found: Examined, identityTwin: TwinText): OpenedWal {
  const { identity, replay, content, hardState, bound, scan } = found;
  if (bound !== null) writeRepairMark(disk, bound, identitySeed(identity));
  const newest = replay.segments.at(-1);
  // Also without a torn tail: a process that was killed between a write and its fsync leaves frames
  // that read back but are not durable yet. Nobody may count on them before they are.
  if (newest !== undefined) disk.truncate(segmentPath(newest.sequence), newest.bytes);
  const healed = heal(disk, found, identityTwin);
  const archive = new Archive(disk);
  for (const { file } of scan.damaged) archive.take(file);
  removeHalfWritten(disk);
  const snapshots = new SnapshotFiles(disk, identity, scan);
  const kept = replay.segments.filter(({ sequence }) => sequence <= content.end.segment);
  const life = Math.max(found.logEnd.end.life, replay.content.life) + 1;
  const wal = new Wal({
    disk,
    identity,
    life,
    snapshots,
    hardState,
    last: lastOf(content),
    end: content.end,
    sequence: Math.max(replay.reach.segment, newest?.sequence ?? 0, ...replay.strays) + 1,
    kept,
    otherBytes: archive.bytes(),
  });
  const givenUp = [...replay.strays, ...replay.segments.slice(kept.length).map(({ sequence }) => sequence)];
  for (const sequence of givenUp) {
    if (bound === null) disk.remove(segmentPath(sequence));
    else archive.take(segmentPath(sequence));
  }
  const findings = [...found.findings, ...healed];
  return {
    wal,
    identity,
    life,
    snapshots,
    restored: restoredOf(found),
    cut: replay.torn,
    damage: findings.length === 0 ? null : { findings, archive: archive.folder },
    fenced: readFence(disk, identitySeed(identity)),
  };
}

function restoredOf({ content, hardState, bound, scan }: Examined): RestoredLog {
  const [newest] = scan.whole;
  return {
    hardState: hardState.bytes,
    base: { index: content.base.index, term: content.base.term },
    entries: content.entries,
    snapshot:
      newest === undefined
        ? null
        : { index: newest.info.index, term: newest.info.term, membership: newest.membership },
    votingBound: bound,
  };
}

/** Makes second copies whole again, and the hard state's up to date. Throws `DiskFailure`. */
function heal(disk: Disk, found: Examined, identityTwin: TwinText): readonly DamageFinding[] {
  const { identity, logEnd, hardStateCopies, hardState, replay, content } = found;
  const seed = identitySeed(identity);
  healIdentity(disk, identityTwin);
  healTwin(disk, logEnd.twin, seed);
  const isUpToDate = newestHardState(hardStateCopies)?.hardState.version === hardState.version;
  // What a killed process wrote reads back although it may not be durable yet.
  if (logEnd.end.state === 'open' || hardStateCopies.includes(null) || !isUpToDate) {
    const copy = { hardState, extent: { ...content.end, last: lastOf(content) } };
    replaceHardStates(disk, { pair: hardStateCopies, copy }, seed);
  }
  for (const { sequence, start } of replay.segments)
    if (start === 'oneCopy') healSegmentStart(disk, identity, sequence);
  return copiesDamaged(found, identityTwin);
}
