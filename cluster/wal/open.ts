/**
 * Opens a member's data directory: reads everything, decides what damage means (`recovery.ts`), heals
 * what has a second copy, sets aside what nobody can use, and begins a new life in a new segment. A
 * crash at any point leaves a directory that opens to the same, or to the outcome of an earlier write.
 */
import type { ClusterId, MemberId } from '../base/ids.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { RestoredLog, VotingBound } from '../ports/consensus.ts';
import type { Disk } from '../ports/disk.ts';
import { Archive } from './archive.ts';
import type { Damage, DamageFinding } from './damage.ts';
import { corrupt, failedDisk, foreign, missing, type WalError } from './error.ts';
import { readFence } from './fence-mark.ts';
import { type HardStateCopy, hardStateFile, readHardState, writeHardState } from './hard-state.ts';
import { healIdentity, type Identity, identityFile, identitySeed, readIdentityTwin } from './identity.ts';
import type { StoredHardState } from './item.ts';
import { type LogEnd, logEndFile, readLogEnd } from './log-end.ts';
import { readMark } from './mark.ts';
import { type Extent, type LogPoint, origin } from './point.ts';
import { judgeLoss } from './recovery.ts';
import { coverBoth, readRepairMark, writeRepairMark } from './repair-mark.ts';
import { type Replay, replayLog, type TornTail } from './replay.ts';
import { type Content, nowhere } from './restored.ts';
import { healSegmentStart, segmentPath } from './segment.ts';
import { removeHalfWritten, SnapshotFiles, type SnapshotScan, scanSnapshots } from './snapshot-files.ts';
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

/** Everything that is known before anything is changed. */
interface Examined {
  readonly identity: Identity;
  readonly scan: SnapshotScan;
  readonly logEnd: { readonly end: LogEnd; readonly twin: TwinText };
  readonly hardStateCopy: HardStateCopy | null;
  readonly replay: Replay;
  readonly content: Content;
  readonly hardState: StoredHardState;
  readonly bound: VotingBound | null;
  readonly findings: readonly DamageFinding[];
}

/** Reads everything and decides. Changes nothing. Throws `DiskFailure`. */
function examine(disk: Disk, identity: Identity): Result<Examined, WalError> {
  const seed = identitySeed(identity);
  const logEnd = readLogEnd(disk, seed);
  if (logEnd === null)
    return fail(missing(logEndFile, 'the file that remembers how far the log went is gone'));
  const hardStateCopy = readHardState(disk, seed);
  const mark = readMark(disk, seed);
  const scan = scanSnapshots(disk, identity);
  const snapshot = scan.whole[0]?.info ?? null;
  const notes = [logEnd.end.extent, hardStateCopy?.extent, mark].filter(
    (note) => note !== null && note !== undefined,
  );
  const replayed = replayLog(disk, { identity, snapshot, notes });
  if (!replayed.ok) return replayed;
  const replay = replayed.value;
  const log = replay.flaws.length === 0 ? 'whole' : replay.content.isAdrift ? 'cut' : 'covered';
  const verdict = judgeLoss({
    log,
    hardStateCopy: hardStateCopy === null ? 'damaged' : 'whole',
    promised: isPromiseKnown(replay, logEnd.end) ? 'known' : 'unknown',
  });
  const [flaw] = replay.flaws;
  if (verdict === 'refuse' && flaw !== undefined)
    return fail(
      corrupt({
        file: flaw.file,
        offset: flaw.offset ?? 0,
        what: `${flaw.what}, and ${hardStateFile} is damaged too`,
      }),
    );
  const lost: VotingBound | null =
    verdict === 'repairToPoint'
      ? { kind: 'point', ...replay.reach.last }
      : verdict === 'repairBlindly'
        ? { kind: 'unknown' }
        : null;
  const inLog = replay.content.hardState;
  return ok({
    identity,
    scan,
    logEnd,
    hardStateCopy,
    replay,
    content: replay.content.finish(),
    hardState:
      hardStateCopy !== null && hardStateCopy.hardState.version > inLog.version
        ? hardStateCopy.hardState
        : inLog,
    bound: coverBoth(readRepairMark(disk, seed), lost),
    findings: [
      ...replay.flaws.map((lossOf) => ({
        ...lossOf,
        cure: lost === null ? ('snapshotCovers' as const) : ('peers' as const),
      })),
      ...scan.damaged.map(({ file, offset, what }) => ({
        file,
        offset,
        what,
        cure: 'olderSnapshot' as const,
      })),
    ],
  });
}

/** Nothing can have been acknowledged beyond what is known: the files end there, or were closed there. */
function isPromiseKnown({ reach, fileEnd }: Replay, { extent, state }: LogEnd): boolean {
  const isSame = (place: { readonly segment: number; readonly bytes: number }) =>
    reach.segment === place.segment && reach.bytes === place.bytes;
  return isSame(fileEnd) || (state === 'closed' && isSame(extent));
}

/** Writes, in the order that a crash at any point forgives. Throws `DiskFailure`. */
function begin(disk: Disk, found: Examined, identityTwin: TwinText): OpenedWal {
  const { identity, replay, content, hardState, bound, scan } = found;
  const seed = identitySeed(identity);
  if (bound !== null) writeRepairMark(disk, bound, seed);
  const newest = replay.segments.at(-1);
  // Also without a torn tail: a process that was killed between a write and its fsync leaves frames
  // that read back but are not durable yet. Nobody may count on them before they are.
  if (newest !== undefined) disk.truncate(segmentPath(newest.sequence), newest.bytes);
  const healed = heal(disk, found, identityTwin);
  const counts = replay.segments.filter(({ sequence }) => sequence <= content.end.segment);
  const life = Math.max(found.logEnd.end.life, replay.content.life) + 1;
  const archive = new Archive(disk);
  const snapshots = new SnapshotFiles(disk, identity, scan);
  for (const { file } of scan.damaged) archive.take(file);
  removeHalfWritten(disk);
  const wal = new Wal({
    disk,
    identity,
    life,
    snapshots,
    hardState,
    last: lastOf(content),
    end: content.end,
    sequence: Math.max(replay.reach.segment, newest?.sequence ?? 0, ...replay.strays) + 1,
    kept: counts,
    otherBytes: archive.bytes(),
  });
  for (const sequence of [
    ...replay.strays,
    ...replay.segments.slice(counts.length).map((read) => read.sequence),
  ]) {
    if (bound === null) disk.remove(segmentPath(sequence));
    else archive.take(segmentPath(sequence));
  }
  const findings = [...found.findings, ...healed];
  return {
    wal,
    identity,
    life,
    snapshots,
    restored: restoredOf(found, scan),
    cut: replay.torn,
    damage: findings.length === 0 ? null : { findings, archive: archive.folder },
    fenced: readFence(disk, seed),
  };
}

function restoredOf({ content, hardState, bound }: Examined, { whole }: SnapshotScan): RestoredLog {
  const [newest] = whole;
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

function lastOf({ base, entries }: Content): LogPoint {
  const last = entries.at(-1) ?? base;
  return { index: last.index, term: last.term };
}

/** Makes second copies whole again. */
function heal(disk: Disk, found: Examined, identityTwin: TwinText): readonly DamageFinding[] {
  const { identity, logEnd, hardStateCopy, hardState, replay, content } = found;
  const seed = identitySeed(identity);
  const healed: string[] = [...identityTwin.damaged, ...logEnd.twin.damaged];
  healIdentity(disk, identityTwin);
  healTwin(disk, logEnd.twin, seed);
  if (hardStateCopy === null) healed.push(hardStateFile);
  if (hardStateCopy?.hardState.version !== hardState.version) {
    const extent: Extent = { ...content.end, last: content.end === nowhere ? origin : lastOf(content) };
    writeHardState(disk, { hardState, extent }, seed);
  }
  for (const { sequence } of replay.segments.filter(
    ({ isStartWhole, startLast }) => !isStartWhole && startLast !== null,
  )) {
    healSegmentStart(disk, identity, sequence);
    healed.push(segmentPath(sequence));
  }
  const what = 'one of its two copies was damaged or missing';
  return healed.map((file) => ({ file, offset: 0, what, cure: 'secondCopy' }));
}
