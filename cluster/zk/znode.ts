/** One znode (`DataNode` with its `StatPersisted`) as a window on its row, and the Stat that clients see. */
import type { SessionId, Zxid } from '../base/ids.ts';
import type { AclCache, SharedAcl } from './acl-cache.ts';
import type { ByteArena } from './byte-arena.ts';
import { readName } from './names.ts';
import type { Stat } from './records.ts';
import { numberAt, numbersPerRow, type RowNumber, wordAt, wordsPerRow, ZnodeRows } from './znode-rows.ts';

/** A znode for everyone but the tree. Good as long as the znode is there: not to be kept. */
export interface Znode {
  readonly row: RowNumber;
  readonly path: string;
  /** Null for the root. */
  readonly parent: Znode | null;
  /** A value that later writes do not touch. */
  readonly data: Uint8Array;
  readonly acl: SharedAcl;
  readonly czxid: Zxid;
  readonly ctimeMs: number;
  readonly mzxid: Zxid;
  readonly mtimeMs: number;
  readonly pzxid: Zxid;
  /** 0 unless ephemeral. */
  readonly owner: SessionId;
  readonly version: number;
  readonly aversion: number;
  /** Children ever created: `StatPersisted.cversion`, and the next sequential name. */
  readonly childrenCreated: number;
  readonly childCount: number;
  readonly dataLength: number;
  /** In the order they came. */
  childNames(): readonly string[];
}

/** Where rows are, and what they refer to. */
interface ZnodeMemory {
  readonly rows: ZnodeRows;
  readonly arena: ByteArena;
  readonly acls: AclCache;
}

/** The mutable form: only the tree, its journal and its images use it. */
export class ZnodeRow implements Znode {
  readonly row: RowNumber;
  readonly #memory: ZnodeMemory;
  readonly #numbers: Float64Array;
  readonly #words: Int32Array;
  readonly #firstNumber: number;
  readonly #firstWord: number;

  constructor(memory: ZnodeMemory, row: RowNumber) {
    const { numbers, words } = memory.rows.pageOf(row);
    this.row = row;
    this.#memory = memory;
    this.#numbers = numbers;
    this.#words = words;
    this.#firstNumber = ZnodeRows.inPage(row) * numbersPerRow;
    this.#firstWord = ZnodeRows.inPage(row) * wordsPerRow;
  }

  get path(): string {
    const { rows } = this.#memory;
    let path = '';
    for (let row = this.row; ; ) {
      const parent = rows.word(row, wordAt.parent);
      if (parent === 0) return path === '' ? '/' : path;
      path = `/${this.#nameOf(row)}${path}`;
      row = parent;
    }
  }

  get parent(): ZnodeRow | null {
    const parent = this.word(wordAt.parent);
    return parent === 0 ? null : new ZnodeRow(this.#memory, parent);
  }

  get data(): Uint8Array {
    return this.#memory.arena.read(this.word(wordAt.dataAt), this.dataLength);
  }

  /** The data without a copy: good until anything changes. */
  peekData(): Uint8Array {
    return this.#memory.arena.view(this.word(wordAt.dataAt), this.dataLength);
  }

  get acl(): SharedAcl {
    return this.#memory.acls.at(this.word(wordAt.acl));
  }

  get czxid(): Zxid {
    return this.number(numberAt.czxid) as Zxid;
  }

  get mzxid(): Zxid {
    return this.number(numberAt.mzxid) as Zxid;
  }

  get pzxid(): Zxid {
    return this.number(numberAt.pzxid) as Zxid;
  }

  get ctimeMs(): number {
    return this.number(numberAt.ctimeMs);
  }

  get mtimeMs(): number {
    return this.number(numberAt.mtimeMs);
  }

  get owner(): SessionId {
    return this.number(numberAt.owner) as SessionId;
  }

  get version(): number {
    return this.word(wordAt.version);
  }

  get aversion(): number {
    return this.word(wordAt.aversion);
  }

  get childrenCreated(): number {
    return this.word(wordAt.childrenCreated);
  }

  get childCount(): number {
    return this.word(wordAt.childCount);
  }

  get dataLength(): number {
    return this.word(wordAt.dataLength);
  }

  childNames(): readonly string[] {
    const { rows } = this.#memory;
    const names: string[] = [];
    for (let row = this.word(wordAt.firstChild); row !== 0; row = rows.word(row, wordAt.nextSibling)) {
      names.push(this.#nameOf(row));
    }
    return names;
  }

  /** One of `numberAt`. */
  number(at: number): number {
    return this.#numbers[this.#firstNumber + at] as number;
  }

  setNumber(at: number, value: number): void {
    this.#numbers[this.#firstNumber + at] = value;
  }

  /** One of `wordAt`. */
  word(at: number): number {
    return this.#words[this.#firstWord + at] as number;
  }

  setWord(at: number, value: number): void {
    this.#words[this.#firstWord + at] = value;
  }

  #nameOf(row: RowNumber): string {
    const { rows, arena } = this.#memory;
    return readName(arena, { at: rows.word(row, wordAt.nameAt), length: rows.word(row, wordAt.nameLength) });
  }
}

/**
 * The Stat of a znode (`DataNode.copyStat`). The tree counts created children; clients expect the
 * count of changes, creates and deletes: every created child that is gone was deleted once.
 */
export function statOf(znode: Znode): Stat {
  const numChildren = znode.childCount;
  return {
    czxid: znode.czxid,
    mzxid: znode.mzxid,
    ctimeMs: znode.ctimeMs,
    mtimeMs: znode.mtimeMs,
    version: znode.version,
    cversion: (znode.childrenCreated * 2 - numChildren) | 0,
    aversion: znode.aversion,
    ephemeralOwner: znode.owner,
    dataLength: znode.dataLength,
    numChildren,
    pzxid: znode.pzxid,
  };
}
