/**
 * Bounds-checked binary reading and growing binary writing, big-endian as in ZooKeeper's Jute.
 * Every decoder of the project goes through `ByteReader`, so truncated or hostile input can only
 * end in a `MalformedInput`.
 */
import { assert } from './assert.ts';
import { decodeUtf8, encodeUtf8Into, utf8ByteLength } from './utf8.ts';

/** The input does not follow its format. Thrown inside a decoder, turned into a value at its edge. */
export class MalformedInput extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MalformedInput';
  }
}

const emptyBytes = new Uint8Array(0);

/**
 * Writers take their room from slabs that they share: a typed array of its own costs a microsecond, a view
 * on one a twentieth of it. A slab lives as long as anything written on it: who keeps bytes for long copies them.
 */
const slabBytes = 8 * 1024;
/** A writer that asks for more gets an array of its own. */
const slabShareBytesMax = 1024;
let slab = new Uint8Array(slabBytes);
let slabUsed = 0;

/** Reads numbers, buffers and strings from one byte array, never past its end. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  get offset(): number {
    return this.#offset;
  }

  readUint8(): number {
    return this.#bytes[this.#advance(1)] as number;
  }

  readBoolean(): boolean {
    return this.readUint8() !== 0;
  }

  readInt32(): number {
    return int32At(this.#bytes, this.#advance(4));
  }

  readUint32(): number {
    return int32At(this.#bytes, this.#advance(4)) >>> 0;
  }

  /**
   * A 64-bit integer as a number. Values beyond 2⁵³ lose their low bits: no id that Muster gave out
   * is that large, so such a value simply names nothing.
   */
  readInt64(): number {
    const at = this.#advance(8);
    return int32At(this.#bytes, at) * 2 ** 32 + (int32At(this.#bytes, at + 4) >>> 0);
  }

  /** A 64-bit integer that must be a non-negative safe integer (our own formats). */
  readSafeInteger(): number {
    const value = this.readInt64();
    if (!Number.isSafeInteger(value) || value < 0) throw new MalformedInput('integer out of range');
    return value;
  }

  /**
   * `length` bytes, as a view on the input: no copy. Always a plain array, whatever the input is:
   * `slice` of a Node Buffer is a view too, and who keeps bytes relies on it to copy.
   */
  readBytes(length: number): Uint8Array {
    if (length < 0) throw new MalformedInput(`negative length ${length}`);
    const at = this.#advance(length);
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + at, length);
  }

  /** Jute `buffer`: 32-bit length, then bytes; length -1 is null. */
  readBuffer(): Uint8Array | null {
    const length = this.readInt32();
    if (length === -1) return null;
    return length === 0 ? emptyBytes : this.readBytes(length);
  }

  /** Jute `ustring`: a buffer of UTF-8; null reads as null. */
  readString(): string | null {
    const bytes = this.readBuffer();
    return bytes === null ? null : decodeUtf8(bytes);
  }

  /**
   * The length of a Jute `vector`; null (-1) reads as 0. `bytesPerItemMin` bounds the length by what
   * the input can still hold, so that a hostile length allocates nothing.
   */
  readCount(bytesPerItemMin: number): number {
    const count = this.readInt32();
    if (count === -1) return 0;
    if (count < 0 || count * bytesPerItemMin > this.remaining) {
      throw new MalformedInput(`impossible vector length ${count}`);
    }
    return count;
  }

  /** Refuses input that goes on after its end. */
  expectEnd(): void {
    if (this.remaining !== 0) throw new MalformedInput(`${this.remaining} bytes after the end`);
  }

  #advance(length: number): number {
    const at = this.#offset;
    if (length > this.#bytes.length - at) {
      throw new MalformedInput(`needs ${length} bytes, has ${this.#bytes.length - at}`);
    }
    this.#offset = at + length;
    return at;
  }
}

/** Writes into room that grows by doubling. `finish` hands the bytes over; the writer is then spent. */
export class ByteWriter {
  #bytes: Uint8Array;
  /** Where this writer's room begins in `#bytes`, and where it ends. */
  #start: number;
  #end: number;
  #at: number;

  constructor(capacityBytes = 256) {
    if (capacityBytes > slabShareBytesMax) {
      this.#bytes = new Uint8Array(capacityBytes);
      this.#start = 0;
    } else {
      if (slabUsed + capacityBytes > slabBytes) {
        slab = new Uint8Array(slabBytes);
        slabUsed = 0;
      }
      this.#bytes = slab;
      this.#start = slabUsed;
      slabUsed += capacityBytes;
    }
    this.#end = this.#start + capacityBytes;
    this.#at = this.#start;
  }

  get length(): number {
    return this.#at - this.#start;
  }

  writeUint8(value: number): void {
    const at = this.#reserve(1);
    this.#bytes[at] = value;
  }

  writeBoolean(value: boolean): void {
    this.writeUint8(value ? 1 : 0);
  }

  writeInt32(value: number): void {
    const at = this.#reserve(4);
    putInt32(this.#bytes, at, value);
  }

  writeUint32(value: number): void {
    this.writeInt32(value);
  }

  /** A safe integer as 64 bits, two's complement. */
  writeInt64(value: number): void {
    assert(Number.isSafeInteger(value), 'not a safe integer', { value });
    const at = this.#reserve(8);
    putInt32(this.#bytes, at, Math.floor(value / 2 ** 32));
    putInt32(this.#bytes, at + 4, value);
  }

  /** Bytes as they are, without a length. */
  writeBytes(bytes: Uint8Array): void {
    const at = this.#reserve(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Jute `buffer`; null is length -1. */
  writeBuffer(bytes: Uint8Array | null): void {
    if (bytes === null) {
      this.writeInt32(-1);
      return;
    }
    this.writeInt32(bytes.length);
    this.writeBytes(bytes);
  }

  /** Jute `ustring`. */
  writeString(text: string | null): void {
    if (text === null) {
      this.writeInt32(-1);
      return;
    }
    const length = utf8ByteLength(text);
    this.writeInt32(length);
    const at = this.#reserve(length);
    encodeUtf8Into(text, this.#bytes, at);
  }

  /** Overwrites a 32-bit integer written earlier: a length that is known only at the end. */
  patchInt32(offset: number, value: number): void {
    assert(offset >= 0 && offset + 4 <= this.length, 'patch outside what was written', { offset });
    putInt32(this.#bytes, this.#start + offset, value);
  }

  /** The bytes written so far, as a view: valid until the next write. */
  written(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#at);
  }

  /** The bytes written; the writer must not be used afterwards. What it did not need, the next writer gets. */
  finish(): Uint8Array {
    if (this.#bytes === slab && this.#end === slabUsed) slabUsed = this.#at;
    this.#end = this.#at;
    return this.written();
  }

  /** Makes room for `length` bytes. May replace `#bytes`: call it before reading that. */
  #reserve(length: number): number {
    if (this.#at + length > this.#end) this.#grow(length);
    const at = this.#at;
    this.#at = at + length;
    return at;
  }

  #grow(more: number): void {
    const written = this.written();
    const grown = new Uint8Array(Math.max(written.length + more, (this.#end - this.#start) * 2));
    grown.set(written);
    this.#bytes = grown;
    this.#start = 0;
    this.#at = written.length;
    this.#end = grown.length;
  }
}

function int32At(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
}

/** The low 32 bits of `value`, a safe integer. */
function putInt32(bytes: Uint8Array, at: number, value: number): void {
  const word = value | 0;
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}
