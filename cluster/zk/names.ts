/** Names in the arena: a byte for each UTF-16 unit, or two where one has more than eight bits. */
import type { ByteArena } from './byte-arena.ts';

/** Where a name lies. */
export interface StoredName {
  readonly at: number;
  /** In units; negative when they take two bytes each. */
  readonly length: number;
}

const slash = 0x2f;
/** Units turned into text at once: engines bound the number of arguments. */
const unitsAtOnce = 4_096;

/** Stores the name that begins at `from` and ends the path. */
export function storeName(arena: ByteArena, path: string, from: number): StoredName {
  const units = path.length - from;
  const isWide = needsTwoBytes(path, from);
  const at = arena.reserve(isWide ? units * 2 : units);
  const bytes = arena.arrayOf(at);
  let offset = arena.offsetOf(at);
  for (let i = from; i < path.length; i += 1) {
    const unit = path.charCodeAt(i);
    bytes[offset] = unit;
    if (isWide) bytes[offset + 1] = unit >> 8;
    offset += isWide ? 2 : 1;
  }
  return { at, length: isWide ? -units : units };
}

export function freeName(arena: ByteArena, { at, length }: StoredName): void {
  arena.free(at, length < 0 ? length * -2 : length);
}

/** Where the name begins if the first `end` units of a path end with a slash and it; else -1. */
export function matchName(arena: ByteArena, name: StoredName, ending: { path: string; end: number }): number {
  const { path, end } = ending;
  const isWide = name.length < 0;
  const start = end - Math.abs(name.length);
  if (start < 1 || path.charCodeAt(start - 1) !== slash) return -1;
  const bytes = arena.arrayOf(name.at);
  let offset = arena.offsetOf(name.at);
  for (let i = start; i < end; i += 1) {
    if (path.charCodeAt(i) !== unitAt(bytes, offset, isWide)) return -1;
    offset += isWide ? 2 : 1;
  }
  return start;
}

export function readName(arena: ByteArena, { at, length }: StoredName): string {
  const isWide = length < 0;
  const bytes = arena.arrayOf(at);
  const offset = arena.offsetOf(at);
  const count = Math.abs(length);
  let text = '';
  for (let done = 0; done < count; done += unitsAtOnce) {
    const units = new Array<number>(Math.min(unitsAtOnce, count - done));
    for (let i = 0; i < units.length; i += 1) {
      units[i] = unitAt(bytes, offset + (done + i) * (isWide ? 2 : 1), isWide);
    }
    text += String.fromCharCode.apply(null, units);
  }
  return text;
}

function unitAt(bytes: Uint8Array, offset: number, isWide: boolean): number {
  const low = bytes[offset] as number;
  return isWide ? low | ((bytes[offset + 1] as number) << 8) : low;
}

function needsTwoBytes(path: string, from: number): boolean {
  for (let i = from; i < path.length; i += 1) if (path.charCodeAt(i) > 0xff) return true;
  return false;
}
