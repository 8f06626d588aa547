/**
 * Opens a member's data directory and puts its memory together: the newest snapshot that is whole, and
 * the log behind it.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { DiskFailure } from '../ports/disk.ts';
import { failedDisk, type WalError } from '../wal/error.ts';
import { type OpenedWal, openWal } from '../wal/open.ts';
import { createStore, type Store } from '../zk/store.ts';
import type { ReplicaConfig, ReplicaListener, ReplicaPorts } from './config.ts';
import { loadAtOnce } from './snapshots/loading.ts';

export interface Memory {
  readonly opened: OpenedWal;
  /** Holds the newest snapshot. */
  readonly store: Store;
}

/**
 * Fails when the data directory is not this member's, is not initialised, or is damaged beyond what its
 * peers can mend; nothing is open then. A snapshot whose content is not what it says is set aside, and
 * the one before it is taken.
 */
export function openMemory(
  { disk, trace }: Pick<ReplicaPorts, 'disk' | 'trace'>,
  { cluster, member }: Pick<ReplicaConfig, 'cluster' | 'member'>,
  loading: ReplicaListener['loading'],
): Result<Memory, WalError> {
  for (;;) {
    const opening = openWal(disk, { cluster, member });
    if (!opening.ok) return opening;
    const opened = opening.value;
    const store = createStore();
    const { snapshot } = opened.restored;
    if (snapshot === null) return ok({ opened, store });
    const reader = opened.snapshots.open(snapshot.index);
    const loaded = reader.ok ? loadAtOnce(store, reader.value, loading) : fail(reader.error.what);
    if (loaded.ok) {
      store.install(loaded.value);
      return ok({ opened, store });
    }
    trace.emit('warn', 'snapshotSetAside', { index: snapshot.index, reason: loaded.error });
    opened.wal.close();
    try {
      opened.snapshots.discard(snapshot.index);
    } catch (failure) {
      if (failure instanceof DiskFailure) return failedDisk(failure);
      throw failure;
    }
  }
}
