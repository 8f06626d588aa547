/**
 * Reads a whole data directory and decides what any damage means (`recovery.ts`). Changes nothing, so it
 * serves a member that starts and a person who looks alike.
 */

import { fail, ok, type Result } from '../base/result.ts';
import type { VotingBound } from '../ports/consensus.ts';
import type { Disk } from '../ports/disk.ts';
import type { DamageFinding } from './damage.ts';
import { corrupt, missing, type WalError } from './error.ts';
import { type HardStatePair, hardStateFiles, newestHardState, readHardStates } from './hard-state.ts';
import { type Identity, identitySeed } from './identity.ts';
import type { StoredHardState } from './item.ts';
import { type LogEnd, logEndFile, readLogEnd } from './log-end.ts';
import { readMark } from './mark.ts';
import { isFurther, type LogPoint } from './point.ts';
import { judgeLoss, type Loss, type LossVerdict } from './recovery.ts';
import { coverBoth, readRepairMark } from './repair-mark.ts';
import { type Flaw, type Replay, replayLog } from './replay.ts';
import type { Content } from './restored.ts';
import { segmentPath } from './segment.ts';
import { type SnapshotScan, scanSnapshots } from './snapshot-files.ts';
import type { TwinText } from './twin-file.ts';

export interface Examined {
  readonly identity: Identity;
  readonly scan: SnapshotScan;
  readonly logEnd: { readonly end: LogEnd; readonly twin: TwinText };
  readonly hardStateCopies: HardStatePair;
  readonly replay: Replay;
  readonly content: Content;
  /** The newest of all copies. */
  readonly hardState: StoredHardState;
  /** Of this damage and any that is still being repaired. */
  readonly bound: VotingBound | null;
  /** Without what merely has a second copy. */
  readonly findings: readonly DamageFinding[];
}

/** Throws `DiskFailure`. */
export function examine(disk: Disk, identity: Identity): Result<Examined, WalError> {
  const seed = identitySeed(identity);
  const logEnd = readLogEnd(disk, seed);
  if (logEnd === null)
    return fail(
      missing(logEndFile, 'the file that remembers how far the log went is lost, and its copy too'),
    );
  const hardStateCopies = readHardStates(disk, seed);
  const scan = scanSnapshots(disk, identity);
  const hardStateCopy = newestHardState(hardStateCopies);
  const notes = [logEnd.end.extent, hardStateCopy?.extent ?? null, readMark(disk, seed)];
  const replayed = replayLog(disk, {
    identity,
    snapshot: scan.whole[0]?.info ?? null,
    notes: notes.filter((note) => note !== null),
  });
  if (!replayed.ok) return replayed;
  const replay = replayed.value;
  const verdict = judgeLoss({
    log: stateOf(replay),
    hardStateCopy: hardStateCopies.includes(null) ? 'damaged' : 'whole',
    promised: isPromiseKnown(replay, logEnd.end) ? 'known' : 'unknown',
  });
  const [flaw] = replay.flaws;
  if (verdict === 'refuse' && flaw !== undefined) return fail(voteLost(flaw));
  const lost = boundOf(verdict, replay.reach.last);
  return ok({
    identity,
    scan,
    logEnd,
    hardStateCopies,
    replay,
    content: replay.content.finish(),
    hardState: newer(hardStateCopy?.hardState ?? null, replay.content.hardState),
    bound: coverBoth(readRepairMark(disk, seed), lost),
    findings: [
      ...replay.flaws.map(
        (found) => ({ ...found, cure: lost === null ? 'snapshotCovers' : 'peers' }) as const,
      ),
      ...scan.damaged.map(
        ({ file, offset, what }) => ({ file, offset, what, cure: 'olderSnapshot' }) as const,
      ),
    ],
  });
}

/** The last entry that is held. */
export function lastOf({ base, entries }: Content): LogPoint {
  const last = entries.at(-1) ?? base;
  return { index: last.index, term: last.term };
}

function stateOf({ flaws, content }: Replay): Loss['log'] {
  if (flaws.length === 0) return 'whole';
  return content.isAdrift ? 'cut' : 'covered';
}

/** Nothing can have been acknowledged beyond what is known: the files end there, or were closed there. */
function isPromiseKnown({ reach, fileEnd }: Replay, { extent, state }: LogEnd): boolean {
  const isReach = (place: { readonly segment: number; readonly bytes: number }): boolean =>
    !isFurther(reach, place) && !isFurther(place, reach);
  return isReach(fileEnd) || (state === 'closed' && isReach(extent));
}

function boundOf(verdict: LossVerdict, last: LogPoint): VotingBound | null {
  if (verdict === 'repairToPoint') return { kind: 'point', index: last.index, term: last.term };
  return verdict === 'repairBlindly' ? { kind: 'unknown' } : null;
}

function newer(copy: StoredHardState | null, inLog: StoredHardState): StoredHardState {
  return copy !== null && copy.version > inLog.version ? copy : inLog;
}

function voteLost({ file, offset, what }: Flaw): WalError {
  return corrupt({
    file,
    offset: offset ?? 0,
    what: `${what}, and ${hardStateFiles.join(' or ')}, which would tell the last vote, is damaged too`,
  });
}

/** What has a second copy, one of which is damaged. */
export function copiesDamaged(found: Examined, identityTwin: TwinText): readonly DamageFinding[] {
  const { logEnd, hardStateCopies, replay } = found;
  const files = [...identityTwin.damaged, ...logEnd.twin.damaged];
  const unread = hardStateFiles.filter((_, at) => hardStateCopies[at] === null);
  // One alone may have been cut short while it was written, unless the log was closed in good order since.
  if (unread.length === 2 || logEnd.end.state === 'closed') files.push(...unread);
  for (const { sequence, start } of replay.segments)
    if (start === 'oneCopy') files.push(segmentPath(sequence));
  const what = 'one of its two copies is damaged or missing';
  return files.map((file) => ({ file, offset: null, what, cure: 'secondCopy' }));
}
