/** The znodes in memory: their rows, what varies in length, how they hang together, and how to find them. */
import { AclCache, type SharedAcl } from './acl-cache.ts';
import { ByteArena } from './byte-arena.ts';
import { freeName, matchName, type StoredName, storeName } from './names.ts';
import { hashPath, secondHashOfPath } from './path-hash.ts';
import { PathIndex } from './path-index.ts';
import { ZnodeRow } from './znode.ts';
import { type RowNumber, wordAt, ZnodeRows } from './znode-rows.ts';

export class ZnodeHeap {
  readonly rows = new ZnodeRows();
  readonly arena = new ByteArena();
  readonly acls = new AclCache();
  readonly #index = new PathIndex(this.rows);

  /** Znodes that are attached. */
  get count(): number {
    return this.#index.count;
  }

  /** The znode whose path is the first `end` units; 0 stands for the root. */
  find(path: string, end: number): ZnodeRow | undefined {
    const hash = hashPath(path, end);
    let row = this.#index.first(hash);
    while (row !== 0) {
      if (this.rows.word(row, wordAt.pathA) === hash && this.#isPathOf(row, path, end)) break;
      row = this.rows.word(row, wordAt.next);
    }
    return row === 0 ? undefined : new ZnodeRow(this, row);
  }

  /** A znode with this path and parent and nothing else, not attached yet. */
  allocate(path: string, parent: ZnodeRow | null): ZnodeRow {
    const znode = new ZnodeRow(this, this.rows.allocate());
    const end = parent === null ? 0 : path.length;
    znode.setWord(wordAt.pathA, hashPath(path, end));
    znode.setWord(wordAt.pathB, secondHashOfPath(path));
    znode.setWord(wordAt.pathLength, path.length);
    if (parent === null) return znode;
    znode.setWord(wordAt.parent, parent.row);
    const name = storeName(this.arena, path, path.lastIndexOf('/') + 1);
    znode.setWord(wordAt.nameAt, name.at);
    znode.setWord(wordAt.nameLength, name.length);
    return znode;
  }

  replaceAcl(znode: ZnodeRow, acl: SharedAcl): void {
    const before = znode.acl;
    znode.setWord(wordAt.acl, this.acls.retain(acl));
    this.acls.release(before);
  }

  /** Gives back all room of a znode that is not attached. */
  release(znode: ZnodeRow): void {
    if (znode.word(wordAt.parent) !== 0) freeName(this.arena, this.#nameOf(znode.row));
    this.arena.free(znode.word(wordAt.dataAt), znode.dataLength);
    this.acls.release(znode.acl);
    this.rows.release(znode.row);
  }

  /** Makes a znode findable, and the last child of its parent. */
  attach(znode: ZnodeRow): void {
    this.#index.add(znode.row);
    const { parent } = znode;
    if (parent === null) return;
    const first = parent.word(wordAt.firstChild);
    parent.setWord(wordAt.childCount, parent.childCount + 1);
    znode.setWord(wordAt.nextSibling, 0);
    if (first === 0) {
      parent.setWord(wordAt.firstChild, znode.row);
      znode.setWord(wordAt.previousSibling, znode.row);
      return;
    }
    const last = this.rows.word(first, wordAt.previousSibling);
    this.rows.setWord(last, wordAt.nextSibling, znode.row);
    this.rows.setWord(first, wordAt.previousSibling, znode.row);
    znode.setWord(wordAt.previousSibling, last);
  }

  detach(znode: ZnodeRow): void {
    this.#index.delete(znode.row);
    const { parent } = znode;
    if (parent === null) return;
    parent.setWord(wordAt.childCount, parent.childCount - 1);
    const first = parent.word(wordAt.firstChild);
    const before = znode.word(wordAt.previousSibling);
    const after = znode.word(wordAt.nextSibling);
    if (first === znode.row) parent.setWord(wordAt.firstChild, after);
    else this.rows.setWord(before, wordAt.nextSibling, after);
    if (after !== 0) this.rows.setWord(after, wordAt.previousSibling, before);
    else if (first !== znode.row) this.rows.setWord(first, wordAt.previousSibling, before);
  }

  #isPathOf(row: RowNumber, path: string, end: number): boolean {
    let left = end;
    for (let at = row; ; ) {
      const parent = this.rows.word(at, wordAt.parent);
      if (parent === 0) return left === 0;
      left = matchName(this.arena, this.#nameOf(at), { path, end: left });
      if (left === -1) return false;
      left -= 1;
      at = parent;
    }
  }

  #nameOf(row: RowNumber): StoredName {
    return { at: this.rows.word(row, wordAt.nameAt), length: this.rows.word(row, wordAt.nameLength) };
  }
}
