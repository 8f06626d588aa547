/**
 * Where names and data of znodes lie: slots of a few sizes in slabs of bytes, so that a million
 * values are not a million objects. A slab without values goes back, and may serve another size.
 */
import { assert } from '../base/assert.ts';
import { CopyPool } from './pooled-bytes.ts';

/** The place of a value. Negative for large ones, which are arrays of their own. */
export type ArenaAt = number;

/** All slots of a slab are of one size. */
interface Slab {
  readonly number: number;
  readonly bytes: Uint8Array;
  slotBytes: number;
  /** Slots never used yet begin here. */
  fresh: number;
  readonly free: number[];
  used: number;
  /** Where it stands in the list of its size, -1 while it is full. */
  openAt: number;
}

const slabBytes = 32 * 1024;
const slotStep = 16;
/** Larger values have arrays of their own. */
const slotBytesMax = 2_048;
/** A place is the number of its slab, then that of its slot in so many bits. */
const slotBits = 11;
const slotMask = 2 ** slotBits - 1;
/** In steps to 256 bytes, then by a quarter: a fifth of a slot is wasted at most. */
const slotSizes = makeSizes();
const classes = makeClasses();
const emptyBytes = new Uint8Array(0);

export class ByteArena {
  readonly #slabs: Slab[] = [];
  /** Slabs with room, by the class of their size. */
  readonly #open: Slab[][] = slotSizes.map(() => []);
  readonly #spare: Slab[] = [];
  readonly #large: Uint8Array[] = [];
  readonly #largeFree: number[] = [];
  readonly #copies = new CopyPool();

  /** Keeps a copy. */
  store(bytes: Uint8Array): ArenaAt {
    if (bytes.length > slotBytesMax) return this.#storeLarge(bytes);
    if (bytes.length === 0) return 0;
    const at = this.reserve(bytes.length);
    const target = this.arrayOf(at);
    const offset = this.offsetOf(at);
    target.set(bytes, offset);
    return at;
  }

  /** Room for a value of 1 to any number of bytes, to be filled in through `arrayOf`. */
  reserve(length: number): ArenaAt {
    if (length > slotBytesMax) return this.#keepLarge(new Uint8Array(length));
    const sizeClass = classOf(length);
    const open = this.#open[sizeClass] as Slab[];
    const slab = open.at(-1) ?? this.#openSlab(sizeClass);
    const slot = slab.free.pop() ?? this.#freshSlot(slab);
    slab.used += 1;
    if (slab.free.length === 0 && (slab.fresh + 1) * slab.slotBytes > slabBytes) {
      open.pop();
      slab.openAt = -1;
    }
    return (slab.number << slotBits) | slot;
  }

  /** Gives a value's room back. `length` is that of the value. */
  free(at: ArenaAt, length: number): void {
    if (length === 0) return;
    if (at < 0) {
      this.#large[-at - 1] = emptyBytes;
      this.#largeFree.push(-at - 1);
      return;
    }
    const slab = this.#slabs[at >> slotBits] as Slab;
    slab.free.push(at & slotMask);
    slab.used -= 1;
    const open = this.#open[classOf(length)] as Slab[];
    if (slab.openAt === -1) slab.openAt = open.push(slab) - 1;
    if (slab.used === 0) this.#close(slab, open);
  }

  /** The array that holds a value, from `offsetOf` on. Not to be kept: the room may be given away. */
  arrayOf(at: ArenaAt): Uint8Array {
    return at < 0 ? (this.#large[-at - 1] as Uint8Array) : (this.#slabs[at >> slotBits] as Slab).bytes;
  }

  offsetOf(at: ArenaAt): number {
    return at < 0 ? 0 : (at & slotMask) * (this.#slabs[at >> slotBits] as Slab).slotBytes;
  }

  /** The value, which nothing changes afterwards: a copy, unless it is large. */
  read(at: ArenaAt, length: number): Uint8Array {
    if (length === 0) return emptyBytes;
    if (at < 0) return this.arrayOf(at);
    return this.#copies.copy(this.arrayOf(at), this.offsetOf(at), length);
  }

  /** The value, as long as it is there. */
  view(at: ArenaAt, length: number): Uint8Array {
    if (length === 0) return emptyBytes;
    const offset = this.offsetOf(at);
    return this.arrayOf(at).subarray(offset, offset + length);
  }

  #storeLarge(bytes: Uint8Array): ArenaAt {
    return this.#keepLarge(bytes.slice());
  }

  #keepLarge(bytes: Uint8Array): ArenaAt {
    const at = this.#largeFree.pop() ?? this.#large.length;
    this.#large[at] = bytes;
    return -1 - at;
  }

  #freshSlot(slab: Slab): number {
    const slot = slab.fresh;
    slab.fresh += 1;
    assert(slab.fresh * slab.slotBytes <= slabBytes, 'a full slab was open');
    return slot;
  }

  #openSlab(sizeClass: number): Slab {
    const slab = this.#spare.pop() ?? this.#newSlab();
    slab.slotBytes = slotSizes[sizeClass] as number;
    slab.openAt = (this.#open[sizeClass] as Slab[]).push(slab) - 1;
    return slab;
  }

  #newSlab(): Slab {
    const bytes = new Uint8Array(slabBytes);
    const slab = { number: this.#slabs.length, bytes, slotBytes: 0, fresh: 0, free: [], used: 0, openAt: -1 };
    this.#slabs.push(slab);
    return slab;
  }

  #close(slab: Slab, open: Slab[]): void {
    const last = open.pop() as Slab;
    if (last !== slab) {
      open[slab.openAt] = last;
      last.openAt = slab.openAt;
    }
    slab.openAt = -1;
    slab.fresh = 0;
    slab.free.length = 0;
    this.#spare.push(slab);
  }
}

function makeSizes(): readonly number[] {
  const made: number[] = [];
  for (let size = slotStep; size <= slotBytesMax; size += size < 256 ? slotStep : size >> 2) {
    size -= size % slotStep;
    made.push(size);
  }
  if (made.at(-1) !== slotBytesMax) made.push(slotBytesMax);
  return made;
}

/** The smallest size that holds a length, by the steps that the length takes. */
function makeClasses(): Uint8Array {
  return Uint8Array.from({ length: slotBytesMax / slotStep + 1 }, (_, steps) =>
    slotSizes.findIndex((size) => size >= steps * slotStep),
  );
}

function classOf(length: number): number {
  return classes[Math.ceil(length / slotStep)] as number;
}
