/**
 * Which znodes an image still needs. It goes through the rows bit by bit; a znode that is about to
 * change or to go is taken out of turn, as it is. So the image is that of the moment it began, and
 * nothing is copied but what changes meanwhile. A parent always comes before its children.
 */
import { assert } from '../base/assert.ts';
import { ZnodeRow } from './znode.ts';
import type { ZnodeHeap } from './znode-heap.ts';
import { type RowNumber, wordAt } from './znode-rows.ts';

interface Begin {
  /** Larger than that of every znode in the tree. */
  readonly number: number;
  readonly keep: (znode: ZnodeRow) => void;
}

export class TreeImage {
  readonly #heap: ZnodeHeap;
  readonly #number: number;
  readonly #keep: (znode: ZnodeRow) => void;
  /** Znodes of the moment it began that it does not have yet. */
  #missing: number;
  #next: RowNumber = 1;

  constructor(heap: ZnodeHeap, { number, keep }: Begin) {
    this.#heap = heap;
    this.#number = number;
    this.#missing = heap.count;
    this.#keep = keep;
  }

  get isComplete(): boolean {
    return this.#missing === 0;
  }

  /** Takes a znode as it is now, unless the image has it or began before it was there. */
  keep(znode: ZnodeRow): void {
    if (znode.word(wordAt.imaged) === this.#number) return;
    const { parent } = znode;
    if (parent !== null) this.keep(parent);
    znode.setWord(wordAt.imaged, this.#number);
    this.#missing -= 1;
    this.#keep(znode);
  }

  /** Looks at the next row in turn. */
  step(): void {
    const row = this.#next;
    this.#next += 1;
    const { rows } = this.#heap;
    assert(row < rows.end, 'an image misses a znode that is gone', { missing: this.#missing });
    if (rows.isInUse(row)) this.keep(new ZnodeRow(this.#heap, row));
  }
}
