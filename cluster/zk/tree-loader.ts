/** Builds a tree from znodes that come in any order: first all of them, then the links to their parents. */
import { MalformedInput } from '../base/bytes.ts';
import type { SessionId } from '../base/ids.ts';
import { isResolvedAcl } from './acl.ts';
import type { SharedAcl } from './acl-cache.ts';
import { configPath, quotaPath, rootPath, systemPath } from './path.ts';
import type { Acl } from './records.ts';
import { Tree } from './tree.ts';
import type { ZnodeState } from './znode.ts';

export class TreeLoader {
  readonly tree = Tree.empty();
  /** Came before their parents. */
  readonly #orphans: ZnodeState[] = [];
  readonly #aclKeys = new Set<string>();

  /** The shared form of a list, of which each is told once. */
  aclOf(acl: readonly Acl[]): SharedAcl {
    if (!isResolvedAcl(acl)) throw new MalformedInput('an impossible ACL');
    const shared = this.tree.internAcl(acl);
    if (this.#aclKeys.has(shared.key)) throw new MalformedInput('an ACL told twice');
    this.#aclKeys.add(shared.key);
    return shared;
  }

  /** Throws `MalformedInput` when the znode is there already. */
  add(znode: ZnodeState): void {
    if (this.tree.get(znode.path) !== undefined) throw new MalformedInput('a znode told twice');
    this.tree.adopt(znode);
    if (znode.path !== rootPath && !this.tree.link(znode)) this.#orphans.push(znode);
  }

  /** Throws `MalformedInput` when a parent is missing. */
  linkSome(znodesMax: number): 'more' | 'done' {
    for (let left = znodesMax; left > 0; left -= 1) {
      const orphan = this.#orphans.pop();
      if (orphan === undefined) return 'done';
      if (!this.tree.link(orphan)) throw new MalformedInput('a znode without a parent');
    }
    return this.#orphans.length === 0 ? 'done' : 'more';
  }

  /** Throws `MalformedInput` unless the tree has what every tree has, and every owner is a session. */
  check(isSession: (id: SessionId) => boolean): void {
    for (const path of [rootPath, systemPath, quotaPath, configPath]) {
      if (this.tree.get(path)?.owner !== 0) throw new MalformedInput(`a tree without ${path}`);
    }
    for (const owner of this.tree.owners()) {
      if (!isSession(owner)) throw new MalformedInput('an ephemeral znode of no session');
    }
  }
}
