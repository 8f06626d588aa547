/**
 * How much of the log is kept: enough that a damaged newest snapshot costs nothing (the one before it
 * and the log behind it say the same), and that a member which lags a little is fed from the log.
 */
import { type LogIndex, logIndex } from '../../base/ids.ts';

/** The first entry that must stay in the log. */
export function firstToKeep(state: {
  /** The snapshot that was just taken. A newer one was fetched: until it is installed, the log does without it. */
  readonly taken: LogIndex;
  /** Indexes of the snapshots on disk, newest first; at least one. */
  readonly snapshots: readonly LogIndex[];
  /** Entries kept behind the newest snapshot for members that lag. */
  readonly logEntriesKept: number;
  /** Snapshots that are being sent: who gets one goes on from the log behind it. */
  readonly held: readonly LogIndex[];
}): LogIndex {
  const [newest = 0, second = 0] = state.snapshots.filter((index) => index <= state.taken);
  return logIndex(Math.max(0, Math.min(second, newest - state.logEntriesKept, ...state.held)) + 1);
}
