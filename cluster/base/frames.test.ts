/** The splitter against every way a stream can be cut into pieces. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameSplitter } from './frames.ts';

const frameBytesMax = 64;

describe('createFrameSplitter', () => {
  it('gives the same frames however the stream is cut', () => {
    const frames = fc.array(fc.uint8Array({ maxLength: frameBytesMax }), { maxLength: 12 });
    const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(frames, cuts, (sent, sizes) => {
        const splitter = createFrameSplitter({ frameBytesMax });
        const received = cut(stream(sent), sizes).flatMap((piece) => {
          const split = splitter.push(piece);
          return split.ok ? [...split.value] : [];
        });
        expect(received.map((frame) => [...frame])).toEqual(sent.map((frame) => [...frame]));
      }),
    );
  });

  it('does not copy frames that lie whole in what came in', () => {
    const bytes = stream([Uint8Array.of(1, 2, 3), Uint8Array.of(4)]);
    const split = createFrameSplitter({ frameBytesMax }).push(bytes);
    expect(split.ok && split.value.map((frame) => frame.buffer === bytes.buffer)).toEqual([true, true]);
  });

  it.each([
    ['negative', [0xff, 0xff, 0xff, 0xff], -1],
    ['one too large', [0, 0, 0, frameBytesMax + 1], frameBytesMax + 1],
    ['text', [...'abcd'].map((letter) => letter.charCodeAt(0)), 0x61626364],
  ])('refuses a length that is %s, and everything after it', (_name, header, length) => {
    const expected = { ok: false, error: `frame length ${length} is not between 0 and 64 bytes` };
    const whole = createFrameSplitter({ frameBytesMax });
    expect(whole.push(Uint8Array.from(header))).toEqual(expected);
    expect(whole.push(stream([Uint8Array.of(1)]))).toEqual(expected);
    const pieces = createFrameSplitter({ frameBytesMax });
    expect(pieces.push(Uint8Array.from(header.slice(0, 3)))).toEqual({ ok: true, value: [] });
    expect(pieces.push(Uint8Array.from(header.slice(3)))).toEqual(expected);
  });

  it('takes the largest frame', () => {
    const frame = new Uint8Array(frameBytesMax).fill(7);
    const split = createFrameSplitter({ frameBytesMax }).push(stream([frame]));
    expect(split).toEqual({ ok: true, value: [frame] });
  });

  it('makes no room for bytes that a length only announces', () => {
    const before = process.memoryUsage().arrayBuffers;
    const splitters = Array.from({ length: 200 }, () => {
      const splitter = createFrameSplitter({ frameBytesMax: 0xfffff });
      splitter.push(Uint8Array.of(0, 0x0f, 0xff, 0xff, 1));
      return splitter;
    });
    const grown = process.memoryUsage().arrayBuffers - before;
    expect(splitters).toHaveLength(200);
    expect(grown).toBeLessThan(4 * 1024 * 1024);
  });
});

function stream(frames: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(frames.flatMap((frame) => [0, 0, 0, frame.length, ...frame]));
}

/** Cuts into pieces of these sizes, over and over. */
function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}
