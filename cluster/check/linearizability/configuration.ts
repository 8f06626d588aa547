/**
 * One way the history so far may have gone: the object's state, and which of the open operations have not taken
 * effect yet.
 */
import type { Trail } from './trail.ts';

/** Bits of slots, 32 a word. All of one search have the same number of words. */
export type Bits = readonly number[];

export interface Configuration {
  readonly state: number;
  /** Required operations that are open and have not taken effect. */
  readonly pending: Bits;
  /**
   * Those of them that may as well have: blind ones that were open when another blind one took effect, right before
   * which they would have gone unnoticed. Both possibilities in one configuration; nothing need be decided until
   * the return.
   */
  readonly covered: Bits;
  /** Sorts of the optional operations that took effect, ascending; twice when two of a sort did. */
  readonly used: readonly number[];
  readonly trail: Trail | null;
}

export const hasBit = (bits: Bits, slot: number): boolean =>
  (((bits[slot >> 5] as number) >>> (slot & 31)) & 1) === 1;

export function withBit(bits: Bits, slot: number): Bits {
  const copy = bits.slice();
  copy[slot >> 5] = (copy[slot >> 5] as number) | (1 << (slot & 31));
  return copy;
}

export function withoutBit(bits: Bits, slot: number): Bits {
  const copy = bits.slice();
  copy[slot >> 5] = (copy[slot >> 5] as number) & ~(1 << (slot & 31));
  return copy;
}

export function isSubset(part: Bits, whole: Bits, mask: Bits): boolean {
  for (let word = 0; word < part.length; word += 1)
    if (((part[word] as number) & (mask[word] as number) & ~(whole[word] as number)) !== 0) return false;
  return true;
}

export function intersection(a: Bits, b: Bits): Bits {
  return a.map((word, at) => word & (b[at] as number));
}

export function countBits(bits: Bits): number {
  let count = 0;
  for (let word of bits) for (; word !== 0; word &= word - 1) count += 1;
  return count;
}

/** Whether one sorted list with repetitions is part of another. */
export function isPart(part: readonly number[], whole: readonly number[]): boolean {
  if (part === whole) return true;
  if (part.length > whole.length) return false;
  let at = 0;
  for (const item of part) {
    while (at < whole.length && (whole[at] as number) < item) at += 1;
    if (whole[at] !== item) return false;
    at += 1;
  }
  return true;
}

export function withSort(used: readonly number[], sort: number): readonly number[] {
  let at = used.length;
  while (at > 0 && (used[at - 1] as number) > sort) at -= 1;
  return [...used.slice(0, at), sort, ...used.slice(at)];
}

export function countSort(used: readonly number[], sort: number): number {
  let count = 0;
  for (const item of used) if (item === sort) count += 1;
  return count;
}
