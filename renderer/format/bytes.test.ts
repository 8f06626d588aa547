import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeBytes,
  encodeBytes,
  fromHexText,
  hexRow,
  looksGzipped,
  strictUtf8,
  toHexText,
} from './bytes.ts';
import { bytesOfText, textForm } from './text-form.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

describe('bytes', () => {
  it('survive base64 and hexadecimal in both directions, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20_000 }), (value) => {
        expect(decodeBytes(encodeBytes(value))).toEqual(new Uint8Array(value));
        expect(fromHexText(toHexText(value))).toEqual(new Uint8Array(value));
      }),
      { numRuns: 50 },
    );
  });

  it('are text only when they are well-formed UTF-8, byte order mark included', () => {
    expect(strictUtf8(bytes(0xef, 0xbb, 0xbf, 0x61))).toBe('\uFEFFa');
    expect(strictUtf8(bytes(0xc3, 0x28))).toBeNull();
  });

  it('refuse hexadecimal that is no pairs of digits', () => {
    expect(fromHexText('0g')).toBeNull();
    expect(fromHexText('abc')).toBeNull();
    expect(fromHexText(' 0A\n ff')).toEqual(bytes(10, 255));
  });

  it('look gzipped by their magic, not by two bytes alone', () => {
    expect(looksGzipped(bytes(0x1f, 0x8b))).toBe(false);
    expect(looksGzipped(Uint8Array.from([0x1f, 0x8b, 8, ...new Array(15).fill(0)]))).toBe(true);
  });

  it('show as a dump with dots for what does not print', () => {
    expect(hexRow(bytes(0x41, 0x00, 0x7f), 0)).toEqual({
      offset: '00000000',
      hex: '41 00 7f'.padEnd(48),
      ascii: 'A··',
    });
  });
});

describe('text for editing', () => {
  it('gives back the very bytes it was made from, or is not offered', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\r\n', '中', '\u0000') }), (text) => {
        const value = new TextEncoder().encode(text);
        const form = textForm(value);
        if (form.kind === 'text') expect(bytesOfText(form.text, form.lineEnd)).toEqual(value);
        else expect(text.includes('\r') || text.includes('\u0000')).toBe(true);
      }),
    );
  });

  it('keeps CRLF line ends', () => {
    expect(textForm(new TextEncoder().encode('a\r\nb'))).toEqual({
      kind: 'text',
      text: 'a\nb',
      lineEnd: 'crlf',
    });
  });

  it('is not offered for mixed line ends, which a text field would make alike', () => {
    expect(textForm(new TextEncoder().encode('a\r\nb\nc')).kind).toBe('readOnlyText');
  });
});
