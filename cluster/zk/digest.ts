/**
 * The digest of replicated state: a sum of record hashes, so that it follows changes at a constant
 * cost and depends on the content alone, never on how it came about (`DataTree`'s `AdHash`).
 * A hash is two 32-bit lanes with different constants: 64 bits without a BigInt. It finds
 * divergence by accident, not by an attacker.
 */

const prime1 = 0x9e3779b1;
const prime2 = 0x85ebca77;
const prime3 = 0xc2b2ae3d;
const prime4 = 0x27d4eb2f;

/** Hash of one record, fed field by field. One instance is reused: `start` … `value`. */
export class RecordHash {
  /** The two lanes, signed 32-bit. */
  a = 0;
  b = 0;

  /** Begins a record. `kind` keeps records of different kinds apart. */
  start(kind: number): void {
    this.a = Math.imul(kind + 1, prime1);
    this.b = Math.imul(kind + 1, prime3);
  }

  /** One 32-bit word. */
  word(value: number): void {
    const a = Math.imul(this.a ^ value, prime1);
    const b = Math.imul(this.b + value, prime2);
    this.a = (a << 13) | (a >>> 19);
    this.b = b ^ (b >>> 15);
  }

  /** A safe integer: ids and times are larger than 32 bits. */
  integer(value: number): void {
    this.word(value | 0);
    this.word(Math.floor(value / 0x1_0000_0000) | 0);
  }

  text(text: string): void {
    const length = text.length;
    for (let i = 0; i < length; i += 1) this.word(text.charCodeAt(i));
    this.word(~length);
  }

  bytes(bytes: Uint8Array): void {
    const length = bytes.length;
    const whole = length & ~3;
    let i = 0;
    for (; i < whole; i += 4) {
      this.word(
        byteAt(bytes, i) |
          (byteAt(bytes, i + 1) << 8) |
          (byteAt(bytes, i + 2) << 16) |
          (byteAt(bytes, i + 3) << 24),
      );
    }
    for (; i < length; i += 1) this.word(byteAt(bytes, i));
    this.word(~length);
  }

  /** Ends a record: spreads the last words over all bits. */
  finish(): void {
    this.a = avalanche(this.a);
    this.b = avalanche(this.b ^ this.a);
  }
}

/** The sum over all records present. */
export class DigestSum {
  a = 0;
  b = 0;

  add(record: RecordHash): void {
    this.a = (this.a + record.a) | 0;
    this.b = (this.b + record.b) | 0;
  }

  subtract(record: RecordHash): void {
    this.a = (this.a - record.a) | 0;
    this.b = (this.b - record.b) | 0;
  }

  /** The sum of several sums as 16 hexadecimal digits. */
  static hex(sums: readonly DigestSum[]): string {
    let a = 0;
    let b = 0;
    for (const sum of sums) {
      a = (a + sum.a) | 0;
      b = (b + sum.b) | 0;
    }
    return hexWord(a) + hexWord(b);
  }
}

/** Kinds of records, so that a session never cancels a znode. */
export const recordKinds = { content: 1, znode: 2, session: 3, origin: 4, acl: 5, membership: 6 } as const;

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

/** The finaliser of MurmurHash3. */
function avalanche(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, prime2);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, prime4);
  return mixed ^ (mixed >>> 16);
}

function hexWord(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
