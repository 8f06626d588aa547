/** The watches of a client that comes back, and what it missed while it was away (`DataTree.setWatches`). */
import type { WatchEvent, WatchEventKind } from './records.ts';
import type { ConnectionRequest } from './requests.ts';
import type { Store } from './store.ts';
import type { WatchTable } from './watch-table.ts';

/**
 * Whatever changed after `relativeZxid`, the last zxid the client saw, is told at once; the rest is
 * watched again.
 */
export function setWatches<Watcher extends { notify(event: WatchEvent): void }>(options: {
  readonly store: Pick<Store, 'stat'>;
  readonly watches: Pick<WatchTable<Watcher>, 'addData' | 'addChild'>;
  readonly watcher: Watcher;
  readonly request: Extract<ConnectionRequest, { readonly kind: 'setWatches' }>;
}): void {
  const { store, watches, watcher, request } = options;
  const tell = (kind: WatchEventKind, path: string): void => watcher.notify({ kind, path });
  for (const path of request.data) {
    const stat = store.stat(path);
    if (stat === null) tell('nodeDeleted', path);
    else if (stat.mzxid > request.relativeZxid) tell('nodeDataChanged', path);
    else watches.addData(path, watcher);
  }
  for (const path of request.exist) {
    if (store.stat(path) === null) watches.addData(path, watcher);
    else tell('nodeCreated', path);
  }
  for (const path of request.child) {
    const stat = store.stat(path);
    if (stat === null) tell('nodeDeleted', path);
    else if (stat.pzxid > request.relativeZxid) tell('nodeChildrenChanged', path);
    else watches.addChild(path, watcher);
  }
}
