/**
 * Pages of a znode's children. ZooKeeper only gives all names at once, so the last few lists are kept
 * and reused while the parent's `cversion` says that nothing came or went.
 */
import type { CommandInput } from '../api/commands.ts';
import type { ChildrenPage } from '../api/znode.ts';
import { ok } from '../base/result.ts';
import type { Outcome, ZkClient } from '../client/client.ts';
import type { Stat } from '../zk/records.ts';
import { statView } from './znode-convert.ts';

/** Lists kept, and names in all of them together: about 20 MB of short names. */
const listsMax = 16;
const namesMax = 500_000;

interface List {
  readonly stat: Stat;
  readonly names: readonly string[];
}

export class ChildrenPages {
  readonly #client: ZkClient;
  /** Least recently used first. */
  readonly #lists = new Map<string, List>();

  constructor(client: ZkClient) {
    this.#client = client;
  }

  /** One page, as of now. */
  async page(input: CommandInput<'znode.children'>): Outcome<ChildrenPage> {
    const { path, offset, limit, detail } = input;
    const list = await this.#list(path);
    if (!list.ok) return list;
    const { names, stat } = list.value;
    const shown = names.slice(offset, offset + limit);
    const children = await Promise.all(shown.map((name) => this.#child(path, { name, detail })));
    return ok({ path, stat: statView(stat), total: names.length, offset, children });
  }

  async #list(path: string): Promise<Awaited<Outcome<List>>> {
    const known = this.#lists.get(path);
    if (known !== undefined) {
      const stat = await this.#client.exists(path);
      if (!stat.ok) return stat;
      if (stat.value !== null && sameList(stat.value, known.stat))
        return ok(this.#keep(path, { ...known, stat: stat.value }));
    }
    const read = await this.#client.getChildrenWithStat(path);
    if (!read.ok) return read;
    return ok(this.#keep(path, { stat: read.value.stat, names: [...read.value.names].sort() }));
  }

  async #child(
    parent: string,
    { name, detail }: { readonly name: string; readonly detail: 'names' | 'stats' },
  ): Promise<ChildrenPage['children'][number]> {
    if (detail === 'names') return { name, stat: null };
    const found = await this.#client.exists(parent === '/' ? `/${name}` : `${parent}/${name}`);
    return { name, stat: found.ok && found.value !== null ? statView(found.value) : null };
  }

  #keep(path: string, list: List): List {
    this.#lists.delete(path);
    this.#lists.set(path, list);
    let names = [...this.#lists.values()].reduce((sum, kept) => sum + kept.names.length, 0);
    for (const [oldest, kept] of this.#lists) {
      if (this.#lists.size <= listsMax && names <= namesMax) break;
      if (oldest === path) break;
      this.#lists.delete(oldest);
      names -= kept.names.length;
    }
    return list;
  }
}

/** The same znode, and no child came or went. */
function sameList(one: Stat, other: Stat): boolean {
  return one.czxid === other.czxid && one.cversion === other.cversion && one.pzxid === other.pzxid;
}
