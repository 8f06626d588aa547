/** A set of configurations without those that another one makes superfluous. */
import { type Bits, type Configuration, isPart, isSubset } from './configuration.ts';

/** Which slots hold open reads, and which open operations that are not. */
export interface OpenSlots {
  readonly reads: Bits;
  readonly updates: Bits;
}

export class Antichain {
  readonly #buckets = new Map<number, Configuration[]>();
  readonly #open: OpenSlots;
  #size = 0;

  constructor(open: OpenSlots) {
    this.#open = open;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds it unless one is there that can do all it can; removes those of which that is true of it. */
  add(added: Configuration): boolean {
    const hash = this.#hashOf(added);
    const bucket = this.#buckets.get(hash);
    if (bucket === undefined) {
      this.#buckets.set(hash, [added]);
      this.#size += 1;
      return true;
    }
    let kept = 0;
    for (const one of bucket) {
      const alike = one.state === added.state && this.#sameObligations(one, added);
      if (alike && this.#serves(one, added)) return false;
      if (!(alike && this.#serves(added, one))) {
        bucket[kept] = one;
        kept += 1;
      }
    }
    this.#size += kept + 1 - bucket.length;
    bucket.length = kept;
    bucket.push(added);
    return true;
  }

  *[Symbol.iterator](): Iterator<Configuration> {
    for (const bucket of this.#buckets.values()) yield* bucket;
  }

  /** What must still take effect and would be noticed. */
  #obligation({ pending, covered }: Configuration, word: number): number {
    return (pending[word] as number) & ~(covered[word] as number) & (this.#open.updates[word] as number);
  }

  #hashOf(configuration: Configuration): number {
    let hash = Math.imul(configuration.state + 1, 0x9e3779b1);
    for (let word = 0; word < configuration.pending.length; word += 1) {
      hash = Math.imul(hash ^ this.#obligation(configuration, word), 0x85ebca6b);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  #sameObligations(a: Configuration, b: Configuration): boolean {
    for (let word = 0; word < a.pending.length; word += 1)
      if (this.#obligation(a, word) !== this.#obligation(b, word)) return false;
    return true;
  }

  /** With the same state and obligations: fewer reads to serve, more left to use. */
  #serves(a: Configuration, b: Configuration): boolean {
    return (
      isSubset(a.pending, b.pending, this.#open.reads) &&
      isSubset(b.covered, a.covered, this.#open.updates) &&
      isPart(a.used, b.used)
    );
  }
}
