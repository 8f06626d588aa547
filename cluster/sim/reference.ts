/**
 * What the ensemble ought to be: one store more, fed with every entry once, in order, as it commits. It
 * never crashes and never loads a snapshot, so members are compared with it, and clients' answers with
 * what it remembers of every znode.
 */
import type { Entry } from '../base/entry.ts';
import type { LogIndex, SessionId, Zxid } from '../base/ids.ts';
import type { Membership } from '../base/membership.ts';
import { decodeUtf8 } from '../base/utf8.ts';
import type { Shown } from '../check/committed-only.ts';
import type { Change, WatchTableName } from '../check/watches.ts';
import type { WatchEvent } from '../zk/records.ts';
import { type Applied, createStore } from '../zk/store.ts';

interface Moment {
  readonly zxid: Zxid;
  readonly state: Shown;
}

export class Reference {
  readonly #store = createStore();
  /** By index minus one. */
  readonly #digests: string[] = [];
  readonly #changes = new Map<string, Change[]>();
  readonly #moments = new Map<string, Moment[]>();

  /** Zxid of the newest committed entry. */
  get zxid(): Zxid {
    return this.#store.zxid;
  }

  get index(): LogIndex {
    return this.#store.appliedIndex;
  }

  /** The next entry is committed. Returns what it did. */
  committed(entry: Entry): Applied {
    const applied = this.#store.apply(entry);
    this.#digests.push(this.#store.digest());
    for (const event of applied.events) this.#remember(event, applied.zxid);
    return applied;
  }

  get membership(): Membership {
    return this.#store.membership;
  }

  timeoutMs(session: SessionId): number {
    return this.#store.session(session)?.timeoutMs ?? 0;
  }

  /** Digest of a store that has applied exactly the entries up to `index`; null when that is not committed. */
  digestAt(index: LogIndex): string | null {
    return this.#digests[index - 1] ?? null;
  }

  /** A znode as every entry up to `zxid` left it. */
  stateAt(path: string, zxid: number): Shown {
    return lastUpTo(this.#moments.get(path) ?? [], zxid)?.state ?? null;
  }

  /** The first change after `zxid` that a watch is told of, or null. */
  firstChange(table: WatchTableName, path: string, after: number): Change | null {
    const changes = this.#changes.get(`${table} ${path}`);
    if (changes === undefined || (changes.at(-1)?.zxid ?? 0) <= after) return null;
    return changes[firstAbove(changes, after)] ?? null;
  }

  /** The children of a path, with their data. */
  children(path: string): ReadonlyMap<string, string> {
    const listed = this.#store.read({ kind: 'getChildren', path, watch: false, withStat: false }, []);
    const names = listed.kind === 'children' ? listed.names : [];
    return new Map(names.map((name) => [`${path}/${name}`, this.#dataOf(`${path}/${name}`)?.data ?? '']));
  }

  /** Who owns the ephemeral children of a path. */
  ephemeralsUnder(path: string): ReadonlyMap<string, SessionId> {
    const found = new Map<string, SessionId>();
    for (const child of this.children(path).keys()) {
      const owner = this.#store.stat(child)?.ephemeralOwner;
      if (owner !== undefined && owner !== 0) found.set(child, owner);
    }
    return found;
  }

  sessions(): ReadonlySet<SessionId> {
    return new Set([...this.#store.sessions()].map(({ id }) => id));
  }

  #remember({ kind, path }: WatchEvent, zxid: Zxid): void {
    if (kind === 'nodeChildrenChanged') {
      this.#addChange(`child ${path}`, { zxid, kind });
      return;
    }
    this.#addChange(`data ${path}`, { zxid, kind });
    if (kind === 'nodeDeleted') this.#addChange(`child ${path}`, { zxid, kind });
    const moment = { zxid, state: this.#dataOf(path) };
    const moments = this.#moments.get(path);
    if (moments === undefined) this.#moments.set(path, [moment]);
    else moments.push(moment);
  }

  #addChange(name: string, change: Change): void {
    const changes = this.#changes.get(name);
    if (changes === undefined) this.#changes.set(name, [change]);
    else changes.push(change);
  }

  #dataOf(path: string): Shown {
    const read = this.#store.read({ kind: 'getData', path, watch: false }, []);
    return read.kind === 'data' ? { data: decodeUtf8(read.data), version: read.stat.version } : null;
  }
}

/** Position of the first item above `zxid` in a list ordered by zxid. */
function firstAbove(items: readonly { readonly zxid: number }[], zxid: number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.zxid ?? 0) <= zxid) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lastUpTo<Item extends { readonly zxid: number }>(
  items: readonly Item[],
  zxid: number,
): Item | undefined {
  return items[firstAbove(items, zxid) - 1];
}
