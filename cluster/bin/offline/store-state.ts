/** The store that a directory stands for: its snapshot and everything in its log, committed or not. */
import { MalformedInput } from '../../base/bytes.ts';
import { logIndex, nextIndex } from '../../base/ids.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import type { Inspection } from '../../wal/offline/inspect.ts';
import { createStore, type Store } from '../../zk/store.ts';

export interface StoreState {
  /** Decimal. */
  readonly zxid: string;
  /** 16 hexadecimal digits. */
  readonly digest: string;
  readonly znodes: number;
  readonly sessions: number;
}

const sliceEntries = 1_000;

/** The failure says why the store cannot be rebuilt. */
export function rebuildStore(inspection: Inspection): Result<StoreState, string> {
  const store = createStore();
  try {
    const installed = installSnapshot(store, inspection);
    if (!installed.ok) return installed;
    while (store.appliedIndex < inspection.last.index) {
      const before = store.appliedIndex;
      for (const entry of inspection.entries(nextIndex(before), sliceEntries)) store.apply(entry);
      if (store.appliedIndex === before) return fail(`entry ${nextIndex(before)} is missing`);
    }
  } catch (failure) {
    if (failure instanceof MalformedInput) return fail(failure.message);
    throw failure;
  }
  const { zxid, znodeCount: znodes, sessionCount: sessions } = store;
  return ok({ zxid: String(zxid), digest: store.digest(), znodes, sessions });
}

function installSnapshot(store: Store, { snapshots, base }: Inspection): Result<null, string> {
  const newest = snapshots.list()[0] ?? null;
  if (newest === null) {
    return base.index === logIndex(0)
      ? ok(null)
      : fail(`no snapshot stands for the entries up to ${base.index}`);
  }
  const opened = snapshots.open(newest.index);
  if (!opened.ok) return fail(opened.error.what);
  const loader = store.loader();
  for (const chunk of opened.value.chunks()) {
    if (!chunk.ok) return fail(chunk.error.what);
    loader.push(chunk.value);
  }
  store.install(loader.finish());
  return ok(null);
}
