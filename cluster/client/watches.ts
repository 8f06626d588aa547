/** The watches of one client: who is told of which znode's next change (`ZKWatchManager`). */
import type { Zxid } from '../base/ids.ts';
import type { WatchEvent, WatchEventKind } from '../zk/records.ts';
import type { ClientRequest } from '../zk/requests.ts';

/** What a watcher is told, once: a change, or that no change will be told any more. */
export type WatchNotice =
  | WatchEvent
  /** The session ended, or the server did not take the watch up again after a reconnect. */
  | { readonly kind: 'watchLost'; readonly path: string; readonly reason: string };

export type Watcher = (notice: WatchNotice) => void;

type WatchTable = Map<string, Set<Watcher>>;
type WatchKind = 'data' | 'exist' | 'child';

/** Which watches an event ends (`ClientCnxn.EventThread`, `ZKWatchManager.materialize`). */
const endedBy: Readonly<Record<WatchEventKind, readonly WatchKind[]>> = {
  nodeCreated: ['data', 'exist'],
  nodeDataChanged: ['data', 'exist'],
  nodeDeleted: ['data', 'exist', 'child'],
  nodeChildrenChanged: ['child'],
};

export class Watches {
  readonly #tables: Readonly<Record<WatchKind, WatchTable>> = {
    data: new Map(),
    exist: new Map(),
    child: new Map(),
  };

  /** A read was answered: remembers its watcher where the server left a watch. */
  add(request: ClientRequest, watcher: Watcher, found: boolean): void {
    if (request.kind === 'exists') this.#add(found ? 'data' : 'exist', request.path, watcher);
    else if (request.kind === 'getData' && found) this.#add('data', request.path, watcher);
    else if (request.kind === 'getChildren' && found) this.#add('child', request.path, watcher);
  }

  /** Tells everyone who watches for this event, each once; their watches end. */
  fire(event: WatchEvent): void {
    const told = new Set<Watcher>();
    for (const kind of endedBy[event.kind]) {
      const table = this.#tables[kind];
      for (const watcher of table.get(event.path) ?? []) told.add(watcher);
      table.delete(event.path);
    }
    for (const watcher of told) watcher(event);
  }

  /** Ends all watches; each watcher is told once for each path. */
  loseAll(reason: string): void {
    const told = new Map<string, Set<Watcher>>();
    for (const table of Object.values(this.#tables)) {
      for (const [path, watchers] of table) {
        told.set(path, new Set([...(told.get(path) ?? []), ...watchers]));
      }
      table.clear();
    }
    for (const [path, watchers] of told) {
      for (const watcher of watchers) watcher({ kind: 'watchLost', path, reason });
    }
  }

  /** The requests that take all watches up again after a reconnect, each within `pathBytesMax`. */
  renewals(relativeZxid: Zxid, pathBytesMax: number): ClientRequest[] {
    const requests: ClientRequest[] = [];
    let paths: Record<WatchKind, string[]> = { data: [], exist: [], child: [] };
    let bytes = 0;
    const flush = (): void => {
      if (bytes > 0) requests.push({ kind: 'setWatches', relativeZxid, ...paths });
      paths = { data: [], exist: [], child: [] };
      bytes = 0;
    };
    for (const kind of ['data', 'exist', 'child'] as const) {
      for (const path of this.#tables[kind].keys()) {
        if (bytes + path.length > pathBytesMax) flush();
        paths[kind].push(path);
        bytes += path.length;
      }
    }
    flush();
    return requests;
  }

  #add(kind: WatchKind, path: string, watcher: Watcher): void {
    const watchers = this.#tables[kind].get(path);
    if (watchers === undefined) this.#tables[kind].set(path, new Set([watcher]));
    else watchers.add(watcher);
  }
}
