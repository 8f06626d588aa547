/** Cuts a byte stream into frames: a 32-bit length, then that many bytes. */
import { fail, ok, type Result } from './result.ts';

const lengthBytes = 4;
/** First room for a frame that arrives in pieces; it doubles as bytes come in. */
const pieceBytesMin = 256;
const noBytes = new Uint8Array(0);

export interface FrameSplitter {
  /**
   * Takes the next bytes of the stream and gives the frames they complete, without their lengths. A
   * frame that lies whole in `bytes` is a view on it, not a copy: the caller must not reuse `bytes`.
   * A negative or too large length is an error that says so; the stream cannot be read any further
   * (ZooKeeper's "Len error" closes the connection) and every later push gives the error again.
   */
  push(bytes: Uint8Array): Result<readonly Uint8Array[], string>;
}

/**
 * Holds at most one unfinished frame of at most `frameBytesMax` bytes. Room is made for bytes that
 * arrived, never for bytes that a length merely announces.
 */
export function createFrameSplitter(options: { readonly frameBytesMax: number }): FrameSplitter {
  return new Splitter(options.frameBytesMax);
}

class Splitter implements FrameSplitter {
  readonly #frameBytesMax: number;
  /** The unfinished frame, its length included. */
  #piece: Uint8Array = noBytes;
  #pieceLength = 0;
  #refusal: string | null = null;

  constructor(frameBytesMax: number) {
    this.#frameBytesMax = frameBytesMax;
  }

  push(bytes: Uint8Array): Result<readonly Uint8Array[], string> {
    if (this.#refusal !== null) return fail(this.#refusal);
    const frames: Uint8Array[] = [];
    let at = this.#pieceLength === 0 ? 0 : this.#finishPiece(bytes, frames);
    while (this.#refusal === null && bytes.length - at >= lengthBytes) {
      const length = lengthAt(bytes, at);
      if (!this.#accepts(length)) break;
      const end = at + lengthBytes + length;
      if (end > bytes.length) break;
      frames.push(bytes.subarray(at + lengthBytes, end));
      at = end;
    }
    if (this.#refusal !== null) return fail(this.#refusal);
    if (at < bytes.length) this.#keep(bytes.subarray(at));
    return ok(frames);
  }

  /** Adds to the unfinished frame what it lacks. Returns how many of `bytes` it took. */
  #finishPiece(bytes: Uint8Array, frames: Uint8Array[]): number {
    let taken = Math.max(0, Math.min(lengthBytes - this.#pieceLength, bytes.length));
    this.#keep(bytes.subarray(0, taken));
    if (this.#pieceLength < lengthBytes) return taken;
    const length = lengthAt(this.#piece, 0);
    if (!this.#accepts(length)) return taken;
    const missing = Math.min(lengthBytes + length - this.#pieceLength, bytes.length - taken);
    this.#keep(bytes.subarray(taken, taken + missing));
    taken += missing;
    if (this.#pieceLength === lengthBytes + length) {
      frames.push(this.#piece.subarray(lengthBytes, this.#pieceLength));
      this.#piece = noBytes;
      this.#pieceLength = 0;
    }
    return taken;
  }

  #keep(bytes: Uint8Array): void {
    const needed = this.#pieceLength + bytes.length;
    if (needed > this.#piece.length) {
      const roomier = new Uint8Array(Math.max(needed, this.#piece.length * 2, pieceBytesMin));
      roomier.set(this.#piece.subarray(0, this.#pieceLength));
      this.#piece = roomier;
    }
    this.#piece.set(bytes, this.#pieceLength);
    this.#pieceLength = needed;
  }

  #accepts(length: number): boolean {
    if (length >= 0 && length <= this.#frameBytesMax) return true;
    this.#refusal = `frame length ${length} is not between 0 and ${this.#frameBytesMax} bytes`;
    this.#piece = noBytes;
    return false;
  }
}

function lengthAt(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16);
  return high | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
}
