/**
 * Finds rows by the hash of their path: linear hashing, with chains through the rows themselves.
 * It grows by one bucket at a time, so that no insertion ever waits for a rehash of everything.
 */
import { type RowNumber, wordAt, type ZnodeRows } from './znode-rows.ts';

const bucketsMin = 64;

export class PathIndex {
  readonly #rows: ZnodeRows;
  #buckets = new Int32Array(2 * bucketsMin);
  /** A power of two; buckets below `#split` are divided among twice as many. */
  #level = bucketsMin;
  #split = 0;
  #count = 0;

  constructor(rows: ZnodeRows) {
    this.#rows = rows;
  }

  get count(): number {
    return this.#count;
  }

  /** The first row that may have this hash; the others follow by `wordAt.next`. */
  first(hash: number): RowNumber {
    return this.#buckets[this.#bucketOf(hash)] as number;
  }

  add(row: RowNumber): void {
    this.#push(this.#bucketOf(this.#rows.word(row, wordAt.pathA)), row);
    this.#count += 1;
    if (this.#count > this.#level + this.#split) this.#splitOne();
  }

  delete(row: RowNumber): void {
    const bucket = this.#bucketOf(this.#rows.word(row, wordAt.pathA));
    const after = this.#rows.word(row, wordAt.next);
    let before = this.#buckets[bucket] as number;
    this.#count -= 1;
    if (before === row) {
      this.#buckets[bucket] = after;
      return;
    }
    while (this.#rows.word(before, wordAt.next) !== row) before = this.#rows.word(before, wordAt.next);
    this.#rows.setWord(before, wordAt.next, after);
  }

  #bucketOf(hash: number): number {
    const bucket = hash & (this.#level - 1);
    return bucket < this.#split ? hash & (2 * this.#level - 1) : bucket;
  }

  #push(bucket: number, row: RowNumber): void {
    this.#rows.setWord(row, wordAt.next, this.#buckets[bucket] as number);
    this.#buckets[bucket] = row;
  }

  #splitOne(): void {
    const bucket = this.#split;
    this.#split += 1;
    let row = this.#buckets[bucket] as number;
    this.#buckets[bucket] = 0;
    while (row !== 0) {
      const next = this.#rows.word(row, wordAt.next);
      this.#push(this.#bucketOf(this.#rows.word(row, wordAt.pathA)), row);
      row = next;
    }
    if (this.#split < this.#level) return;
    this.#level *= 2;
    this.#split = 0;
    const grown = new Int32Array(2 * this.#level);
    grown.set(this.#buckets);
    this.#buckets = grown;
  }
}
