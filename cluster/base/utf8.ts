/**
 * UTF-8 for the pure folders, which compile without Node or DOM types. The platform's coders do the
 * general case; short ASCII, the common case of paths, takes a loop that beats crossing into them.
 */
import { assert } from './assert.ts';

// WHATWG Encoding is part of every runtime we support (Node, Electron, browsers); only its types
// live in the libraries that pure folders leave out.
declare class TextEncoder {
  encodeInto(source: string, destination: Uint8Array): { readonly read: number; readonly written: number };
}
declare class TextDecoder {
  decode(bytes: Uint8Array): string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const shortBytesMax = 48;

/** Number of bytes `text` takes in UTF-8; a lone surrogate counts as U+FFFD (3 bytes). */
export function utf8ByteLength(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) {
      length += 1;
      continue;
    }
    length += 2;
    if (isHighSurrogate(unit) && isLowSurrogate(text.charCodeAt(i + 1))) i += 1;
  }
  return length;
}

/** Writes `text` at `offset`; the caller reserved `utf8ByteLength(text)` bytes. */
export function encodeUtf8Into(text: string, target: Uint8Array, offset: number): void {
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) {
      const { read } = encoder.encodeInto(text.slice(i), target.subarray(offset + i));
      assert(read === text.length - i, 'no room for a string');
      return;
    }
    target[offset + i] = unit;
  }
}

/** The text of UTF-8 bytes; malformed sequences read as U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  if (bytes.length > shortBytesMax) return decoder.decode(bytes);
  // All units at once: adding them up one by one leaves a chain of pieces behind for every path.
  const units = new Array<number>(bytes.length);
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i] as number;
    if (byte >= 0x80) return decoder.decode(bytes);
    units[i] = byte;
  }
  return String.fromCharCode.apply(null, units);
}

/** UTF-8 bytes of `text`. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8ByteLength(text));
  encodeUtf8Into(text, bytes, 0);
  return bytes;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
