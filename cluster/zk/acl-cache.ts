/**
 * Znodes share their ACLs: a million of them use a handful of lists (`ReferenceCountedACLCache`).
 * A list leaves the cache with its last user.
 */
import { assert } from '../base/assert.ts';
import { openAcl } from './acl.ts';
import { RecordHash, recordKinds } from './digest.ts';
import type { Acl } from './records.ts';

/** One ACL with all its users. */
export interface SharedAcl {
  readonly acl: readonly Acl[];
  readonly key: string;
  /** Its part of a znode's digest. */
  readonly hashA: number;
  readonly hashB: number;
  uses: number;
  /** Stands for it in rows, as long as it is in use. */
  id: number;
}

export class AclCache {
  readonly #byKey = new Map<string, SharedAcl>();
  readonly #byId: SharedAcl[] = [];
  readonly #freeIds: number[] = [];
  readonly #open = share(openAcl);

  get size(): number {
    return this.#byKey.size;
  }

  /** The shared form of a list. It stays in the cache once `retain` has counted a user. */
  intern(acl: readonly Acl[]): SharedAcl {
    if (acl === openAcl) return this.#open;
    const key = keyOf(acl);
    if (key === this.#open.key) return this.#open;
    return this.#byKey.get(key) ?? share(acl);
  }

  /** One of those in use. */
  at(id: number): SharedAcl {
    return this.#byId[id] as SharedAcl;
  }

  /** Counts a user, and gives the id it is known by. */
  retain(shared: SharedAcl): number {
    if (shared.uses === 0) {
      this.#byKey.set(shared.key, shared);
      shared.id = this.#freeIds.pop() ?? this.#byId.length;
      this.#byId[shared.id] = shared;
    }
    shared.uses += 1;
    return shared.id;
  }

  release(shared: SharedAcl): void {
    assert(shared.uses > 0, 'an ACL was released more often than retained', { key: shared.key });
    shared.uses -= 1;
    if (shared.uses > 0) return;
    this.#byKey.delete(shared.key);
    this.#freeIds.push(shared.id);
  }
}

function share(acl: readonly Acl[]): SharedAcl {
  const key = keyOf(acl);
  const hash = new RecordHash();
  hash.start(recordKinds.acl);
  hash.text(key);
  hash.finish();
  return { acl, key, hashA: hash.a, hashB: hash.b, uses: 0, id: -1 };
}

function keyOf(acl: readonly Acl[]): string {
  return JSON.stringify(acl.map((entry) => [entry.permissions, entry.scheme, entry.id]));
}
