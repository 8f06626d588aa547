/** Drops what a new snapshot makes unnecessary: entries of the log, and the oldest snapshots. */
import type { LogIndex } from '../../base/ids.ts';
import type { SnapshotPoint } from '../../ports/consensus.ts';
import { DiskFailure } from '../../ports/disk.ts';
import type { Trace } from '../../ports/trace.ts';
import type { SnapshotFiles } from '../../wal/snapshot-files.ts';
import type { Wal } from '../../wal/wal.ts';
import type { SnapshotSettings } from '../config.ts';
import type { ConsensusDriver } from '../driver.ts';
import { firstToKeep } from './retention.ts';

/** Snapshots beyond the kept generations that may stay on disk while one of them is being sent. */
const heldBeyondMax = 4;

export class Compaction {
  readonly #driver: ConsensusDriver;
  readonly #wal: Wal;
  readonly #files: SnapshotFiles;
  readonly #trace: Trace;
  readonly #settings: SnapshotSettings;

  constructor(options: {
    readonly driver: ConsensusDriver;
    readonly wal: Wal;
    readonly files: SnapshotFiles;
    readonly trace: Trace;
    readonly settings: SnapshotSettings;
  }) {
    this.#driver = options.driver;
    this.#wal = options.wal;
    this.#files = options.files;
    this.#trace = options.trace;
    this.#settings = options.settings;
  }

  /** A snapshot is durable; `held` are being sent to others, and they and the log behind them stay. */
  taken(snapshot: SnapshotPoint, held: readonly LogIndex[]): void {
    const { kept, logEntriesKept } = this.#settings;
    const snapshots = this.#files.list().map(({ index }) => index);
    const beyond = snapshots.length - kept;
    const holding = held.length > 0 && beyond <= heldBeyondMax;
    const keepFrom = firstToKeep({
      taken: snapshot.index,
      snapshots,
      logEntriesKept,
      held: holding ? held : [],
    });
    this.#driver.step({ kind: 'snapshotTaken', snapshot, keepFrom });
    if (holding) return;
    try {
      this.#wal.compact(keepFrom, kept);
      this.#trace.emit('info', 'compacted', { first: keepFrom, diskBytes: this.#wal.diskBytes });
    } catch (failure) {
      // What could not be removed now goes with the next snapshot.
      if (!(failure instanceof DiskFailure)) throw failure;
      this.#trace.emit('warn', 'compactionFailed', { reason: failure.message });
    }
  }
}
