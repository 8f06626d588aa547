/**
 * The znodes as rows of numbers: what would be a dozen objects for each is one row of 128 bytes, in
 * pages that the garbage collector need not look into, and that neither move nor go: there are as many
 * rows as there ever were znodes at once. This file knows where in a row what stands; `znode.ts` gives
 * it names.
 */

/** Number of a row. 0 is none. */
export type RowNumber = number;

export interface Page {
  /** The rows as 64-bit floats: times and ids. */
  readonly numbers: Float64Array;
  /** The same rows as 32-bit integers. */
  readonly words: Int32Array;
}

const rowBits = 8;
const rowsPerPage = 2 ** rowBits;
const rowMask = rowsPerPage - 1;
export const numbersPerRow = 16;
export const wordsPerRow = 32;

/** Places of 64-bit floats in a row. */
export const numberAt = { czxid: 0, mzxid: 1, pzxid: 2, ctimeMs: 3, mtimeMs: 4, owner: 5 } as const;

/** Places of 32-bit integers in a row, behind the floats. */
export const wordAt = {
  version: 12,
  aversion: 13,
  childrenCreated: 14,
  pathA: 15,
  pathB: 16,
  contentA: 17,
  contentB: 18,
  /** Of the index; of a free row, the next free one. */
  next: 19,
  parent: 20,
  firstChild: 21,
  nextSibling: 22,
  /** Of the first child: the last one. */
  previousSibling: 23,
  childCount: 24,
  acl: 25,
  dataAt: 26,
  dataLength: 27,
  nameAt: 28,
  /** In units; negative when they take two bytes each. */
  nameLength: 29,
  imaged: 30,
  /** In units; 0 for a free row. */
  pathLength: 31,
} as const;

export class ZnodeRows {
  readonly #pages: Page[] = [];
  #firstFree: RowNumber = 0;
  /** Rows below were in use at some time. */
  #fresh: RowNumber = 1;

  /** One more than the largest number ever given out. */
  get end(): RowNumber {
    return this.#fresh;
  }

  pageOf(row: RowNumber): Page {
    return this.#pages[row >> rowBits] as Page;
  }

  /** Which row of its page. */
  static inPage(row: RowNumber): number {
    return row & rowMask;
  }

  word(row: RowNumber, at: number): number {
    return this.pageOf(row).words[(row & rowMask) * wordsPerRow + at] as number;
  }

  setWord(row: RowNumber, at: number, value: number): void {
    this.pageOf(row).words[(row & rowMask) * wordsPerRow + at] = value;
  }

  isInUse(row: RowNumber): boolean {
    return this.word(row, wordAt.pathLength) !== 0;
  }

  /** A row of zeros. */
  allocate(): RowNumber {
    const row = this.#firstFree;
    if (row === 0) return this.#allocateFresh();
    const { words } = this.pageOf(row);
    const base = (row & rowMask) * wordsPerRow;
    this.#firstFree = words[base + wordAt.next] as number;
    words.fill(0, base, base + wordsPerRow);
    return row;
  }

  release(row: RowNumber): void {
    this.setWord(row, wordAt.next, this.#firstFree);
    this.setWord(row, wordAt.pathLength, 0);
    this.#firstFree = row;
  }

  #allocateFresh(): RowNumber {
    const row = this.#fresh;
    if (row >> rowBits >= this.#pages.length) {
      const numbers = new Float64Array(rowsPerPage * numbersPerRow);
      this.#pages.push({ numbers, words: new Int32Array(numbers.buffer) });
    }
    this.#fresh += 1;
    return row;
  }
}
