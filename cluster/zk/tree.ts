/**
 * The znodes (`org.apache.zookeeper.server.DataTree`). Every change of a znode goes through
 * `#beforeChange` and `#afterChange`, or through `#attach` and `#detach`: the one place where the
 * digest, the byte count and the undo journal follow.
 */
import { assert, unreachable } from '../base/assert.ts';
import { type SessionId, sessionId, type Zxid, zxid } from '../base/ids.ts';
import { openAcl, readOnlyAcl } from './acl.ts';
import { AclCache, type SharedAcl } from './acl-cache.ts';
import { DigestSum, RecordHash } from './digest.ts';
import { imageOf, type Undo, type ZnodeImage } from './journal.ts';
import { configPath, nameOf, parentPath, quotaPath, rootPath, systemPath } from './path.ts';
import type { Acl } from './records.ts';
import { TreeImage } from './tree-image.ts';
import { type Znode, ZnodeState } from './znode.ts';
import { hashContent, hashZnode } from './znode-digest.ts';

/** When a change happens: the same for all parts of a `multi`. */
export interface Moment {
  readonly zxid: Zxid;
  readonly timeMs: number;
}

export interface NewZnode {
  readonly path: string;
  readonly parent: Znode;
  readonly data: Uint8Array;
  readonly acl: readonly Acl[];
  /** 0 unless ephemeral. */
  readonly owner: SessionId;
}

const emptyData = new Uint8Array(0);
const nobody = sessionId(0);
const noZnodes: ReadonlySet<Znode> = new Set();

export class Tree {
  readonly digest = new DigestSum();
  readonly #znodes = new Map<string, ZnodeState>();
  readonly #ephemerals = new Map<SessionId, Set<ZnodeState>>();
  readonly #acls = new AclCache();
  readonly #hash = new RecordHash();
  #ephemeralCount = 0;
  #dataBytes = 0;
  #journal: Undo[] | null = null;
  #image: TreeImage | null = null;
  /** Images begun so far. */
  #images = 0;
  /** The parent of the last created znode: creates come in runs under one parent. */
  #lastParent: ZnodeState;

  constructor() {
    this.#lastParent = this.#addSystemZnodes();
  }

  /** Without even a root: for a loader to fill. */
  static empty(): Tree {
    const tree = new Tree();
    for (const path of [configPath, quotaPath, systemPath, rootPath]) {
      const znode = tree.#znodes.get(path);
      if (znode !== undefined) tree.#detach(znode);
    }
    return tree;
  }

  #addSystemZnodes(): ZnodeState {
    const root = this.#addSystemZnode(rootPath, null);
    const system = this.#addSystemZnode(systemPath, root);
    this.#addSystemZnode(quotaPath, system);
    const config = this.#addSystemZnode(configPath, system);
    // ZooKeeper leaves this trace of how it write-protects the configuration (`addConfigNode`).
    this.setAcl(config, { acl: readOnlyAcl, aversion: -1 });
    return root;
  }

  get count(): number {
    return this.#znodes.size;
  }

  get ephemeralCount(): number {
    return this.#ephemeralCount;
  }

  /** Path characters plus data bytes of all znodes (`approximateDataSize`). */
  get dataBytes(): number {
    return this.#dataBytes;
  }

  /** Different ACLs in use (`aclCacheSize`), the open one included. */
  get aclCount(): number {
    return this.#acls.size;
  }

  get(path: string): Znode | undefined {
    return this.#znodes.get(path);
  }

  /** The znode above `path`, which need not exist itself. `path` holds a slash. */
  parentOf(path: string): Znode | undefined {
    const last = this.#lastParent.path;
    if (path.lastIndexOf('/') === last.length && path.startsWith(last)) return this.#lastParent;
    return this.#znodes.get(parentPath(path));
  }

  ephemeralsOf(session: SessionId): ReadonlySet<Znode> {
    return this.#ephemerals.get(session) ?? noZnodes;
  }

  /** Sessions with ephemeral znodes. */
  owners(): Iterable<SessionId> {
    return this.#ephemerals.keys();
  }

  /** The shared form of a list, to load znodes with. */
  internAcl(acl: readonly Acl[]): SharedAcl {
    return this.#acls.intern(acl);
  }

  /** Takes a loaded znode in, without its parent. */
  adopt(znode: ZnodeState): void {
    hashContent(this.#hash, znode);
    this.#attach(znode);
    if (znode.path === rootPath) this.#lastParent = znode;
  }

  /** Puts a loaded znode under its parent; false when that is missing or cannot have children. */
  link(znode: ZnodeState): boolean {
    const parent = this.#znodes.get(parentPath(znode.path));
    if (parent === undefined || parent.owner !== nobody) return false;
    znode.parent = parent;
    parent.children ??= new Set();
    parent.children.add(nameOf(znode.path));
    return true;
  }

  /** Adds a znode (`createNode`). The data is copied: it is a view on a much larger buffer. */
  create(birth: NewZnode, moment: Moment): Znode {
    const parent = mutable(birth.parent);
    const znode = new ZnodeState({
      path: birth.path,
      parent,
      data: copyOf(birth.data),
      acl: this.#acls.intern(birth.acl),
      owner: birth.owner,
      zxid: moment.zxid,
      timeMs: moment.timeMs,
      imaged: this.#images,
    });
    hashContent(this.#hash, znode);
    this.#beforeChange(parent);
    parent.childrenCreated = (parent.childrenCreated + 1) | 0;
    parent.pzxid = moment.zxid;
    this.#afterChange(parent);
    this.#attach(znode);
    this.#journal?.push({ kind: 'attached', znode });
    this.#lastParent = parent;
    return znode;
  }

  /** Removes a znode without children (`deleteNode`). */
  remove(target: Znode, at: Zxid): void {
    const znode = mutable(target);
    assert(znode.children === null || znode.children.size === 0, 'a parent cannot be removed');
    const parent = znode.parent;
    assert(parent !== null, 'the root cannot be removed');
    this.#beforeChange(parent);
    parent.pzxid = at;
    this.#afterChange(parent);
    this.#detach(znode);
    this.#journal?.push({ kind: 'detached', znode });
  }

  /** Replaces the data, of which it keeps a copy. */
  setData(target: Znode, change: { readonly data: Uint8Array; readonly version: number } & Moment): void {
    const znode = mutable(target);
    this.#beforeChange(znode);
    this.#dataBytes += change.data.length - znode.data.length;
    znode.data = copyOf(change.data);
    znode.version = change.version;
    znode.mzxid = change.zxid;
    znode.mtimeMs = change.timeMs;
    hashContent(this.#hash, znode);
    this.#afterChange(znode);
  }

  setAcl(target: Znode, change: { readonly acl: readonly Acl[]; readonly aversion: number }): void {
    const znode = mutable(target);
    this.#beforeChange(znode);
    const shared = this.#acls.intern(change.acl);
    this.#acls.retain(shared);
    this.#acls.release(znode.acl);
    znode.acl = shared;
    znode.aversion = change.aversion;
    this.#afterChange(znode);
  }

  /** From here on, changes can be taken back together. */
  beginJournal(): void {
    assert(this.#journal === null, 'journals do not nest');
    this.#journal = [];
  }

  keepChanges(): void {
    assert(this.#journal !== null, 'no journal to keep');
    this.#journal = null;
  }

  undoChanges(): void {
    const journal = this.#journal;
    assert(journal !== null, 'no journal to undo');
    this.#journal = null;
    for (let undo = journal.pop(); undo !== undefined; undo = journal.pop()) this.#undo(undo);
  }

  /**
   * Begins an image of the znodes as they are now. From here on `keep` gets every znode once, before
   * its first change or removal, unless the image has it already.
   */
  beginImage(keep: (znode: ZnodeState) => void): TreeImage {
    assert(this.#image === null, 'an image is under way');
    this.#images += 1;
    const { count } = this;
    this.#image = new TreeImage({ number: this.#images, count, znodes: this.#znodes.values(), keep });
    return this.#image;
  }

  /** The image is complete or given up: changes cost nothing more. */
  endImage(): void {
    this.#image = null;
  }

  #undo(undo: Undo): void {
    switch (undo.kind) {
      case 'attached':
        this.#detach(undo.znode);
        break;
      case 'detached':
        this.#attach(undo.znode);
        break;
      case 'changed':
        this.#restore(undo.znode, undo.before);
        break;
      default:
        unreachable(undo);
    }
  }

  #restore(znode: ZnodeState, before: ZnodeImage): void {
    this.#beforeChange(znode);
    this.#dataBytes += before.data.length - znode.data.length;
    this.#acls.retain(before.acl);
    this.#acls.release(znode.acl);
    Object.assign(znode, before);
    this.#afterChange(znode);
  }

  #attach(znode: ZnodeState): void {
    this.#znodes.set(znode.path, znode);
    this.#acls.retain(znode.acl);
    this.#dataBytes += znode.path.length + znode.data.length;
    this.#addHash(znode);
    if (znode.parent !== null) {
      znode.parent.children ??= new Set();
      znode.parent.children.add(nameOf(znode.path));
    }
    if (znode.owner !== 0) this.#attachEphemeral(znode);
  }

  #detach(znode: ZnodeState): void {
    this.#image?.keep(znode);
    this.#znodes.delete(znode.path);
    this.#acls.release(znode.acl);
    this.#dataBytes -= znode.path.length + znode.data.length;
    this.#subtractHash(znode);
    if (znode.parent !== null) znode.parent.children?.delete(nameOf(znode.path));
    if (znode.owner !== 0) this.#detachEphemeral(znode);
    if (this.#lastParent === znode) this.#lastParent = znode.parent ?? znode;
  }

  #attachEphemeral(znode: ZnodeState): void {
    const owned = this.#ephemerals.get(znode.owner);
    if (owned === undefined) this.#ephemerals.set(znode.owner, new Set([znode]));
    else owned.add(znode);
    this.#ephemeralCount += 1;
  }

  #detachEphemeral(znode: ZnodeState): void {
    const owned = this.#ephemerals.get(znode.owner);
    assert(owned?.delete(znode) === true, 'an ephemeral znode without its owner', { path: znode.path });
    if (owned.size === 0) this.#ephemerals.delete(znode.owner);
    this.#ephemeralCount -= 1;
  }

  #beforeChange(znode: ZnodeState): void {
    this.#image?.keep(znode);
    this.#subtractHash(znode);
    this.#journal?.push({ kind: 'changed', znode, before: imageOf(znode) });
  }

  #afterChange(znode: ZnodeState): void {
    this.#addHash(znode);
  }

  #addHash(znode: ZnodeState): void {
    hashZnode(this.#hash, znode);
    this.digest.add(this.#hash);
  }

  #subtractHash(znode: ZnodeState): void {
    hashZnode(this.#hash, znode);
    this.digest.subtract(this.#hash);
  }

  #addSystemZnode(path: string, parent: ZnodeState | null): ZnodeState {
    const znode = new ZnodeState({
      path,
      parent,
      data: emptyData,
      acl: this.#acls.intern(openAcl),
      owner: nobody,
      zxid: zxid(0),
      timeMs: 0,
      imaged: this.#images,
    });
    hashContent(this.#hash, znode);
    this.#attach(znode);
    return znode;
  }
}

function copyOf(data: Uint8Array): Uint8Array {
  return data.length === 0 ? emptyData : data.slice();
}

/** A znode handed out earlier, to change it: only the tree may. */
function mutable(znode: Znode): ZnodeState {
  return znode as ZnodeState;
}
