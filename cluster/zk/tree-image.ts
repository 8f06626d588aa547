/**
 * Which znodes an image still needs. It goes through the tree bit by bit; a znode that is about to
 * change or to go is taken out of turn, as it is. So the image is that of the moment it began, and
 * nothing is copied but what changes meanwhile.
 */
import type { ZnodeState } from './znode.ts';

interface Begin {
  /** Larger than that of every znode in the tree. */
  readonly number: number;
  /** Znodes in the tree. */
  readonly count: number;
  readonly znodes: Iterator<ZnodeState>;
  readonly keep: (znode: ZnodeState) => void;
}

export class TreeImage {
  readonly #number: number;
  readonly #znodes: Iterator<ZnodeState>;
  readonly #keep: (znode: ZnodeState) => void;
  /** Znodes of the moment it began that it does not have yet. */
  #missing: number;

  constructor({ number, count, znodes, keep }: Begin) {
    this.#number = number;
    this.#missing = count;
    this.#znodes = znodes;
    this.#keep = keep;
  }

  get isComplete(): boolean {
    return this.#missing === 0;
  }

  /** Takes a znode as it is now, unless the image has it or began before it was there. */
  keep(znode: ZnodeState): void {
    if (znode.imaged === this.#number) return;
    znode.imaged = this.#number;
    this.#missing -= 1;
    this.#keep(znode);
  }

  /** Looks at the next znode in turn. */
  step(): void {
    const next = this.#znodes.next();
    if (next.done !== true) this.keep(next.value);
  }
}
