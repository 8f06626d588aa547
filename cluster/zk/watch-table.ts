/** One-shot watches of the clients of one member (`WatchManager`): local, never replicated. */
import { unreachable } from '../base/assert.ts';
import type { WatchEvent } from './records.ts';

export interface WatchTable<Watcher> {
  /** A watch by getData, or by exists, whether the znode is there or not. */
  addData(path: string, watcher: Watcher): void;
  /** A watch by getChildren. */
  addChild(path: string, watcher: Watcher): void;
  /**
   * The watchers to notify of an event; their watches are used up. Who watched both the data and
   * the children of a deleted znode is told once.
   */
  fire(event: WatchEvent): readonly Watcher[];
  /** Forgets a watcher: its connection is gone. */
  removeAll(watcher: Watcher): void;
  /** Watches held, data and child watches counted apart. */
  readonly count: number;
}

export function createWatchTable<Watcher>(): WatchTable<Watcher> {
  const data = new Watches<Watcher>();
  const child = new Watches<Watcher>();
  return {
    addData: (path, watcher) => data.add(path, watcher),
    addChild: (path, watcher) => child.add(path, watcher),
    fire: ({ kind, path }) => {
      switch (kind) {
        case 'nodeCreated':
        case 'nodeDataChanged':
          return data.take(path);
        case 'nodeChildrenChanged':
          return child.take(path);
        case 'nodeDeleted':
          return union(data.take(path), child.take(path));
        default:
          return unreachable(kind);
      }
    },
    removeAll: (watcher) => {
      data.removeAll(watcher);
      child.removeAll(watcher);
    },
    get count() {
      return data.count + child.count;
    },
  };
}

/** Watches of one kind, found by path and by watcher. */
class Watches<Watcher> {
  readonly #byPath = new Map<string, Set<Watcher>>();
  readonly #byWatcher = new Map<Watcher, Set<string>>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(path: string, watcher: Watcher): void {
    const watchers = this.#byPath.get(path) ?? new Set();
    if (watchers.has(watcher)) return;
    this.#byPath.set(path, watchers.add(watcher));
    this.#byWatcher.set(watcher, (this.#byWatcher.get(watcher) ?? new Set()).add(path));
    this.#count += 1;
  }

  /** The watchers of a path, whose watches end. */
  take(path: string): readonly Watcher[] {
    const watchers = this.#byPath.get(path);
    if (watchers === undefined) return [];
    this.#byPath.delete(path);
    this.#count -= watchers.size;
    for (const watcher of watchers) this.#forget(this.#byWatcher, watcher, path);
    return [...watchers];
  }

  removeAll(watcher: Watcher): void {
    const paths = this.#byWatcher.get(watcher);
    if (paths === undefined) return;
    this.#byWatcher.delete(watcher);
    this.#count -= paths.size;
    for (const path of paths) this.#forget(this.#byPath, path, watcher);
  }

  #forget<Key, Item>(index: Map<Key, Set<Item>>, key: Key, item: Item): void {
    const items = index.get(key);
    items?.delete(item);
    if (items?.size === 0) index.delete(key);
  }
}

function union<Item>(first: readonly Item[], second: readonly Item[]): readonly Item[] {
  if (second.length === 0) return first;
  return first.length === 0 ? second : [...new Set([...first, ...second])];
}
