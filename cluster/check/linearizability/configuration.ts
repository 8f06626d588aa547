/**
 * One way the history so far may have gone: the object's state, and which of the open operations have not taken
 * effect yet.
 */
import type { Trail } from './trail.ts';

/** Bits of slots, 32 a word. All of one search have the same number of words. */
export type Bits = readonly number[];

/** How many optional operations of each sort took effect: sort, count, sort, count …, the sorts ascending. */
export type Used = readonly number[];

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
  readonly used: Used;
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

/** Whether of every sort as many or fewer are used. */
export function isPart(part: Used, whole: Used): boolean {
  if (part === whole) return true;
  if (part.length > whole.length) return false;
  let at = 0;
  for (let index = 0; index < part.length; index += 2) {
    const sort = part[index] as number;
    while (at < whole.length && (whole[at] as number) < sort) at += 2;
    if (whole[at] !== sort || (whole[at + 1] as number) < (part[index + 1] as number)) return false;
    at += 2;
  }
  return true;
}

export function countSort(used: Used, sort: number): number {
  for (let at = 0; at < used.length; at += 2) if (used[at] === sort) return used[at + 1] as number;
  return 0;
}

export function withSort(used: Used, sort: number): Used {
  let at = 0;
  while (at < used.length && (used[at] as number) < sort) at += 2;
  const count = used[at] === sort ? (used[at + 1] as number) : 0;
  return [...used.slice(0, at), sort, count + 1, ...used.slice(count === 0 ? at : at + 2)];
}

export function withoutSorts(used: Used, sorts: readonly number[]): Used {
  const kept: number[] = [];
  for (let at = 0; at < used.length; at += 2)
    if (!sorts.includes(used[at] as number)) kept.push(used[at] as number, used[at + 1] as number);
  return kept.length === used.length ? used : kept;
}

export function countUsed(used: Used): number {
  let count = 0;
  for (let at = 1; at < used.length; at += 2) count += used[at] as number;
  return count;
}
