/**
 * What a session's watches are promised: every change of what is watched is told, once, of the right
 * kind, and before the session is shown anything newer (ZooKeeper's programmer's guide, "What
 * ZooKeeper guarantees about watches"). One-shot watches only.
 */
import { unreachable } from '../base/assert.ts';
import { Violation } from './violation.ts';

/** Data watches come from getData and exists, child watches from getChildren. */
export type WatchTableName = 'data' | 'child';
export type WatchedEvent = 'nodeCreated' | 'nodeDeleted' | 'nodeDataChanged' | 'nodeChildrenChanged';

/** A change that watches of a table are told of. */
export interface Change {
  readonly zxid: number;
  readonly kind: WatchedEvent;
}

/** The first change of a path after a zxid, or null: the log knows. */
export type FirstChange = (table: WatchTableName, path: string, after: number) => Change | null;

interface Watch {
  readonly table: WatchTableName;
  readonly path: string;
  /** Left on a znode that did not exist. */
  readonly onAbsent: boolean;
  /** Changes after this zxid are to be told. */
  since: number;
  /** The client came back since: the server may tell of several changes by one event. */
  renewed: boolean;
}

export class SessionWatches {
  readonly #client: string;
  readonly #firstChange: FirstChange;
  readonly #watches = new Map<string, Watch>();

  constructor(client: string, firstChange: FirstChange) {
    this.#client = client;
    this.#firstChange = firstChange;
  }

  /** A read that was answered at `zxid` left a watch. */
  left(watch: {
    readonly table: WatchTableName;
    readonly path: string;
    readonly onAbsent: boolean;
    readonly zxid: number;
  }): void {
    const name = `${watch.table} ${watch.path}`;
    if (this.#watches.has(name)) return;
    const { table, path, onAbsent, zxid } = watch;
    this.#watches.set(name, { table, path, onAbsent, since: zxid, renewed: false });
  }

  /** An event arrived. */
  told(kind: WatchedEvent, path: string): void {
    const used = tablesOf(kind).filter((table) => this.#use(table, path, kind));
    if (used.length === 0) {
      throw new Violation('watches fire once', `${this.#client}: ${kind} of ${path}, which is not watched`);
    }
  }

  /** An answer at `zxid` arrived: every change up to there must have been told before. */
  answered(zxid: number): void {
    for (const { table, path, since } of this.#watches.values()) {
      const change = this.#firstChange(table, path, since);
      if (change === null || change.zxid > zxid) continue;
      throw new Violation(
        'watches are not missed',
        `${this.#client}: answered at ${zxid} and not told of ${change.kind} of ${path} at ${change.zxid}`,
      );
    }
  }

  /** The client came back and leaves its watches again (`setWatches`): these. */
  leaveAgain(): { readonly data: string[]; readonly exist: string[]; readonly child: string[] } {
    const lists = { data: [] as string[], exist: [] as string[], child: [] as string[] };
    for (const watch of this.#watches.values()) {
      watch.renewed = true;
      const { table, path, onAbsent } = watch;
      if (table === 'child') lists.child.push(path);
      else if (onAbsent) lists.exist.push(path);
      else lists.data.push(path);
    }
    return lists;
  }

  /**
   * They are left again, at a server that knew of everything up to `zxid`. What was created and deleted
   * meanwhile is not told to who waited for its creation.
   */
  leftAgain(zxid: number): void {
    for (const watch of this.#watches.values()) {
      if (watch.onAbsent) watch.since = Math.max(watch.since, zxid);
    }
    this.answered(zxid);
  }

  /** The session is over, and its watches with it. */
  ended(): void {
    this.#watches.clear();
  }

  #use(table: WatchTableName, path: string, kind: WatchedEvent): boolean {
    const name = `${table} ${path}`;
    const watch = this.#watches.get(name);
    if (watch === undefined) return false;
    this.#watches.delete(name);
    const change = this.#firstChange(table, path, watch.since);
    if (change === null || (change.kind !== kind && !watch.renewed)) {
      const first = change === null ? 'nothing' : `${change.kind} at ${change.zxid}`;
      throw new Violation(
        'watches tell what happened',
        `${this.#client}: ${kind} of ${path}, watched since ${watch.since}, but ${first} happened first`,
      );
    }
    return true;
  }
}

function tablesOf(kind: WatchedEvent): readonly WatchTableName[] {
  switch (kind) {
    case 'nodeCreated':
    case 'nodeDataChanged':
      return ['data'];
    case 'nodeChildrenChanged':
      return ['child'];
    case 'nodeDeleted':
      return ['data', 'child'];
    default:
      return unreachable(kind);
  }
}
