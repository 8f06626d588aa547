/** Builds a tree from the znodes of an image, in which a parent comes before its children. */
import { MalformedInput } from '../base/bytes.ts';
import type { SessionId } from '../base/ids.ts';
import { isResolvedAcl } from './acl.ts';
import type { SharedAcl } from './acl-cache.ts';
import { configPath, quotaPath, rootPath, systemPath } from './path.ts';
import type { Acl } from './records.ts';
import { Tree } from './tree.ts';
import type { LoadedZnode } from './znode-fields.ts';

export class TreeLoader {
  readonly tree = new Tree();
  readonly #aclKeys = new Set<string>();

  /** The shared form of a list, of which each is told once. Throws `MalformedInput`. */
  aclOf(acl: readonly Acl[]): SharedAcl {
    if (!isResolvedAcl(acl)) throw new MalformedInput('an impossible ACL');
    const shared = this.tree.internAcl(acl);
    if (this.#aclKeys.has(shared.key)) throw new MalformedInput('an ACL told twice');
    this.#aclKeys.add(shared.key);
    return shared;
  }

  /** Throws `MalformedInput` when the znode is there already, or cannot be where it says. */
  add(znode: LoadedZnode): void {
    if (this.tree.load(znode) === null) throw new MalformedInput('a znode told twice, or before its parent');
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
