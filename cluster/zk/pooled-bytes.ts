/**
 * Copies of small values, many of them in one buffer: a buffer of its own for each would cost more
 * than reading it. They are meant to live as long as an answer; whoever keeps one keeps its buffer.
 */
const poolBytes = 16 * 1024;
/** Copied byte by byte: less than the price of a view to copy from. */
const loopBytesMax = 128;

export class CopyPool {
  #pool = new Uint8Array(0);
  #used = 0;

  /** `length` bytes of `source` from `offset` on. */
  copy(source: Uint8Array, offset: number, length: number): Uint8Array {
    if (length > poolBytes / 4) return source.slice(offset, offset + length);
    if (this.#used + length > this.#pool.length) {
      this.#pool = new Uint8Array(poolBytes);
      this.#used = 0;
    }
    const pool = this.#pool;
    const at = this.#used;
    this.#used += length;
    if (length > loopBytesMax) pool.set(source.subarray(offset, offset + length), at);
    else for (let i = 0; i < length; i += 1) pool[at + i] = source[offset + i] as number;
    return new Uint8Array(pool.buffer, at, length);
  }
}
