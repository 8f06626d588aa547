/** Values of znodes between base64, bytes, text and hexadecimal, without loss in any direction. */
import type { EncodedBytes } from '../../cluster/api/bytes.ts';

/** The bytes that an encoded value stands for. */
export function decodeBytes(encoded: EncodedBytes): Uint8Array<ArrayBuffer> {
  const binary = atob(encoded.base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** String.fromCharCode takes this many arguments safely on every engine. */
const charCodesMax = 8_192;

/** Bytes as they travel: base64 with their length. */
export function encodeBytes(bytes: Uint8Array): EncodedBytes {
  let binary = '';
  for (let at = 0; at < bytes.length; at += charCodesMax) {
    binary += String.fromCharCode(...bytes.subarray(at, at + charCodesMax));
  }
  return { base64: btoa(binary), length: bytes.length };
}

/** The text of well-formed UTF-8 including a byte order mark, or null: it never replaces a byte. */
export function strictUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Not UTF-8: an answer, not a failure.
    return null;
  }
}

/** UTF-8 bytes of a text. */
export function utf8Bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** RFC 1952: the two magic bytes, then deflate as the method. */
export function looksGzipped(bytes: Uint8Array): boolean {
  return bytes.length >= 18 && bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08;
}

export interface HexRow {
  readonly offset: string;
  readonly hex: string;
  readonly ascii: string;
}

export const hexRowBytes = 16;

/** One line of a hex dump: the bytes from `row × 16` on. */
export function hexRow(bytes: Uint8Array, row: number): HexRow {
  const slice = bytes.subarray(row * hexRowBytes, (row + 1) * hexRowBytes);
  const cells = Array.from(slice, (byte) => byte.toString(16).padStart(2, '0'));
  const left = cells.slice(0, 8).join(' ');
  const right = cells.slice(8).join(' ');
  return {
    offset: (row * hexRowBytes).toString(16).padStart(8, '0'),
    hex: `${left}  ${right}`.padEnd(3 * hexRowBytes),
    ascii: Array.from(slice, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join(
      '',
    ),
  };
}

/** Bytes as editable hexadecimal, sixteen to a line. */
export function toHexText(bytes: Uint8Array): string {
  const rows: string[] = [];
  for (let row = 0; row * hexRowBytes < bytes.length; row += 1) {
    const slice = bytes.subarray(row * hexRowBytes, (row + 1) * hexRowBytes);
    rows.push(Array.from(slice, (byte) => byte.toString(16).padStart(2, '0')).join(' '));
  }
  return rows.join('\n');
}

/** Bytes of hexadecimal text, white space ignored; null when it is not pairs of digits. */
export function fromHexText(text: string): Uint8Array<ArrayBuffer> | null {
  const digits = text.replaceAll(/\s+/g, '');
  if (digits.length % 2 !== 0 || /[^0-9a-fA-F]/.test(digits)) return null;
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
