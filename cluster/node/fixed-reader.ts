/** Reads a socket's first messages, each of a known length; what comes after them stays unread. */
export class FixedReader {
  #held: Buffer = Buffer.alloc(0);

  /** Adds what the socket gave. */
  push(bytes: Buffer): void {
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
  }

  /** The next `length` bytes, or null while they are not all here. */
  take(length: number): Uint8Array | null {
    if (this.#held.length < length) return null;
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return taken;
  }

  /** Everything not taken. */
  rest(): Uint8Array {
    return this.#held;
  }
}
