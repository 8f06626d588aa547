import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteArena } from './byte-arena.ts';

interface Kept {
  readonly at: number;
  readonly bytes: Uint8Array;
}

describe('an arena', () => {
  it('keeps every value as it was, whatever comes and goes around it', () => {
    const length = fc.oneof(fc.nat(300), fc.nat(5_000), fc.constantFrom(0, 16, 256, 2_048, 2_049));
    const step = fc.record({ length, frees: fc.nat(2), at: fc.nat() });
    const property = fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const arena = new ByteArena();
      const kept: Kept[] = [];
      steps.forEach((move, n) => {
        const bytes = new Uint8Array(move.length).fill(n);
        kept.push({ at: arena.store(bytes), bytes });
        for (let count = 0; count < move.frees && kept.length > 0; count += 1) {
          const [gone] = kept.splice(move.at % kept.length, 1);
          if (gone !== undefined) arena.free(gone.at, gone.bytes.length);
        }
        for (const { at, bytes: expected } of kept) {
          expect(arena.view(at, expected.length).every((byte, i) => byte === expected[i])).toBe(true);
        }
      });
    });
    fc.assert(property, { numRuns: 50 });
  });

  it('uses room again: for the same size at once, for another when a slab is empty', () => {
    const arena = new ByteArena();
    const buffers = new Set<ArrayBufferLike>();
    for (const length of [100, 100, 500, 20, 100]) {
      const places = Array.from({ length: 1_000 }, () => arena.store(new Uint8Array(length).fill(1)));
      for (const at of places) buffers.add(arena.arrayOf(at).buffer);
      for (const at of places) arena.free(at, length);
    }
    // What the largest of them take, a fifth of every slot wasted.
    expect(buffers.size).toBeLessThanOrEqual(Math.ceil((1_000 * 500 * 1.25) / (32 * 1024)));
  });

  it('gives out values that later ones do not touch', () => {
    const arena = new ByteArena();
    for (const length of [1, 100, 200, 5_000]) {
      const at = arena.store(new Uint8Array(length).fill(7));
      const value = arena.read(at, length);
      arena.free(at, length);
      arena.store(new Uint8Array(length).fill(8));
      expect(value).toEqual(new Uint8Array(length).fill(7));
    }
  });
});
