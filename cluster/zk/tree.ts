/**
 * The znodes (`org.apache.zookeeper.server.DataTree`). Every change of a znode goes through
 * `#beforeChange` and `#afterChange`, or through `#attach` and `#detach`: the one place where the
 * digest, the byte count, the undo journal and an image under way follow.
 */
import { assert, unreachable } from '../base/assert.ts';
import { type SessionId, sessionId, type Zxid, zxid } from '../base/ids.ts';
import { openAcl, readOnlyAcl } from './acl.ts';
import type { SharedAcl } from './acl-cache.ts';
import { DigestSum, RecordHash } from './digest.ts';
import { EphemeralTable } from './ephemerals.ts';
import { fieldsOf, restoreFields, type Undo } from './journal.ts';
import { configPath, quotaPath, rootPath, systemPath } from './path.ts';
import type { Acl } from './records.ts';
import { TreeImage } from './tree-image.ts';
import { type Znode, ZnodeRow } from './znode.ts';
import { hashContent, hashZnode } from './znode-digest.ts';
import { type LoadedZnode, newborn, writeFields } from './znode-fields.ts';
import { ZnodeHeap } from './znode-heap.ts';
import { numberAt, wordAt } from './znode-rows.ts';

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

export class Tree {
  readonly digest = new DigestSum();
  readonly #heap = new ZnodeHeap();
  readonly #ephemerals = new EphemeralTable();
  readonly #hash = new RecordHash();
  #dataBytes = 0;
  #journal: Undo[] | null = null;
  #image: TreeImage | null = null;
  /** Images begun so far. */
  #images = 0;

  /** A tree with what every tree has from the start. */
  static founded(): Tree {
    const tree = new Tree();
    const acl = tree.internAcl(openAcl);
    const fields = newborn({ zxid: zxid(0), timeMs: 0 }, nobody);
    for (const path of [rootPath, systemPath, quotaPath, configPath]) {
      tree.load({ path, data: emptyData, acl, fields });
    }
    const config = tree.get(configPath);
    assert(config !== undefined, 'a tree without its configuration');
    // ZooKeeper leaves this trace of how it write-protects the configuration (`addConfigNode`).
    tree.setAcl(config, { acl: readOnlyAcl, aversion: -1 });
    return tree;
  }

  get count(): number {
    return this.#heap.count;
  }

  get ephemeralCount(): number {
    return this.#ephemerals.count;
  }

  /** Path characters plus data bytes of all znodes (`approximateDataSize`). */
  get dataBytes(): number {
    return this.#dataBytes;
  }

  /** Different ACLs in use (`aclCacheSize`), the open one included. */
  get aclCount(): number {
    return this.#heap.acls.size;
  }

  get(path: string): Znode | undefined {
    if (path.length === 0) return undefined;
    return this.#heap.find(path, path === rootPath ? 0 : path.length);
  }

  /** The znode above `path`, which need not exist itself. */
  parentOf(path: string): Znode | undefined {
    return this.#heap.find(path, Math.max(path.lastIndexOf('/'), 0));
  }

  ephemeralsOf(session: SessionId): readonly Znode[] {
    return [...this.#ephemerals.of(session)].map((row) => new ZnodeRow(this.#heap, row));
  }

  /** Sessions with ephemeral znodes. */
  owners(): Iterable<SessionId> {
    return this.#ephemerals.owners();
  }

  /** The shared form of a list. */
  internAcl(acl: readonly Acl[]): SharedAcl {
    return this.#heap.acls.intern(acl);
  }

  /** Adds a znode (`createNode`). The data is copied: it is a view on a much larger buffer. */
  create(birth: NewZnode, moment: Moment): Znode {
    const parent = mutable(birth.parent);
    const { path, data } = birth;
    const acl = this.internAcl(birth.acl);
    this.#beforeChange(parent);
    parent.setWord(wordAt.childrenCreated, parent.childrenCreated + 1);
    parent.setNumber(numberAt.pzxid, moment.zxid);
    this.#afterChange(parent);
    const znode = this.#make({ path, data, acl, fields: newborn(moment, birth.owner) }, parent);
    this.#journal?.push({ kind: 'attached', znode });
    return znode;
  }

  /** Adds a znode of an image; null when it is there already or cannot be where it says. */
  load(birth: LoadedZnode): Znode | null {
    const isRoot = birth.path === rootPath;
    const parent = isRoot ? null : this.parentOf(birth.path);
    if (parent === undefined || (parent !== null && parent.owner !== nobody)) return null;
    if (this.get(birth.path) !== undefined) return null;
    return this.#make(birth, parent === null ? null : mutable(parent));
  }

  /** Removes a znode without children (`deleteNode`). */
  remove(target: Znode, at: Zxid): void {
    const znode = mutable(target);
    assert(znode.childCount === 0, 'a parent cannot be removed');
    const { parent } = znode;
    assert(parent !== null, 'the root cannot be removed');
    this.#beforeChange(parent);
    parent.setNumber(numberAt.pzxid, at);
    this.#afterChange(parent);
    this.#detach(znode);
    if (this.#journal === null) this.#heap.release(znode);
    else this.#journal.push({ kind: 'detached', znode });
  }

  /** Replaces the data, of which it keeps a copy. */
  setData(target: Znode, change: { readonly data: Uint8Array; readonly version: number } & Moment): void {
    const znode = mutable(target);
    this.#beforeChange(znode);
    const before = { at: znode.word(wordAt.dataAt), length: znode.dataLength };
    if (this.#journal === null) this.#heap.arena.free(before.at, before.length);
    else this.#journal.push({ kind: 'dataReplaced', znode, before });
    this.#dataBytes += change.data.length - before.length;
    znode.setWord(wordAt.dataAt, this.#heap.arena.store(change.data));
    znode.setWord(wordAt.dataLength, change.data.length);
    znode.setWord(wordAt.version, change.version);
    znode.setNumber(numberAt.mzxid, change.zxid);
    znode.setNumber(numberAt.mtimeMs, change.timeMs);
    hashContent(this.#hash, znode, change.data);
    this.#afterChange(znode);
  }

  setAcl(target: Znode, change: { readonly acl: readonly Acl[]; readonly aversion: number }): void {
    const znode = mutable(target);
    this.#beforeChange(znode);
    this.#heap.replaceAcl(znode, this.internAcl(change.acl));
    znode.setWord(wordAt.aversion, change.aversion);
    this.#afterChange(znode);
  }

  /** From here on, changes can be taken back together. */
  beginJournal(): void {
    assert(this.#journal === null, 'journals do not nest');
    this.#journal = [];
  }

  keepChanges(): void {
    const journal = this.#journal;
    assert(journal !== null, 'no journal to keep');
    this.#journal = null;
    for (const undo of journal) {
      if (undo.kind === 'detached') this.#heap.release(undo.znode);
      else if (undo.kind === 'dataReplaced') this.#heap.arena.free(undo.before.at, undo.before.length);
    }
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
  beginImage(keep: (znode: ZnodeRow) => void): TreeImage {
    assert(this.#image === null, 'an image is under way');
    this.#images += 1;
    this.#image = new TreeImage(this.#heap, { number: this.#images, keep });
    return this.#image;
  }

  /** The image is complete or given up: changes cost nothing more. */
  endImage(): void {
    this.#image = null;
  }

  #undo(undo: Undo): void {
    const { znode } = undo;
    switch (undo.kind) {
      case 'attached':
        this.#detach(znode);
        this.#heap.release(znode);
        break;
      case 'detached':
        this.#attach(znode);
        break;
      case 'dataReplaced':
        this.#dataBytes += undo.before.length - znode.dataLength;
        this.#heap.arena.free(znode.word(wordAt.dataAt), znode.dataLength);
        znode.setWord(wordAt.dataAt, undo.before.at);
        znode.setWord(wordAt.dataLength, undo.before.length);
        break;
      case 'changed':
        this.#subtractHash(znode);
        this.#heap.replaceAcl(znode, undo.before.acl);
        restoreFields(znode, undo.before);
        this.#addHash(znode);
        break;
      default:
        unreachable(undo);
    }
  }

  /** A new znode in its place. */
  #make({ path, data, acl, fields }: LoadedZnode, parent: ZnodeRow | null): ZnodeRow {
    const znode = this.#heap.allocate(path, parent);
    znode.setWord(wordAt.acl, this.#heap.acls.retain(acl));
    znode.setWord(wordAt.dataAt, this.#heap.arena.store(data));
    znode.setWord(wordAt.dataLength, data.length);
    // No image needs it: the one under way began before, and all others are over.
    znode.setWord(wordAt.imaged, this.#images);
    writeFields(znode, fields);
    hashContent(this.#hash, znode, data);
    this.#attach(znode);
    return znode;
  }

  #attach(znode: ZnodeRow): void {
    this.#heap.attach(znode);
    this.#dataBytes += znode.word(wordAt.pathLength) + znode.dataLength;
    this.#addHash(znode);
    if (znode.owner !== nobody) this.#ephemerals.add(znode.owner, znode.row);
  }

  #detach(znode: ZnodeRow): void {
    this.#image?.keep(znode);
    this.#heap.detach(znode);
    this.#dataBytes -= znode.word(wordAt.pathLength) + znode.dataLength;
    this.#subtractHash(znode);
    if (znode.owner !== nobody) this.#ephemerals.delete(znode.owner, znode.row);
  }

  #beforeChange(znode: ZnodeRow): void {
    this.#image?.keep(znode);
    this.#subtractHash(znode);
    this.#journal?.push({ kind: 'changed', znode, before: fieldsOf(znode) });
  }

  #afterChange(znode: ZnodeRow): void {
    this.#addHash(znode);
  }

  #addHash(znode: ZnodeRow): void {
    hashZnode(this.#hash, znode);
    this.digest.add(this.#hash);
  }

  #subtractHash(znode: ZnodeRow): void {
    hashZnode(this.#hash, znode);
    this.digest.subtract(this.#hash);
  }
}

/** A znode handed out earlier, to change it: only the tree may. */
function mutable(znode: Znode): ZnodeRow {
  return znode as ZnodeRow;
}
