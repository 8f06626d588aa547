import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedInput } from '../base/bytes.ts';
import { readOnlyAcl } from './acl.ts';
import { createStore } from './store.ts';
import { bytesOf, chunksOf, concatenate, everythingOf, load } from './testing/image.ts';
import { create, logWith, originOne, setAcl, setData } from './testing/log.ts';

/** One of everything. */
function smallImage(): Uint8Array {
  const { log, session } = logWith(
    create('/a', { data: 'some data' }),
    create('/a/e-', { mode: 'ephemeralSequential' }),
    create('/b', { acl: readOnlyAcl }),
  );
  const image = log.store.beginImage();
  log.write(session, setData('/a', 'changed'));
  return bytesOf(image);
}

describe('a loader', () => {
  it('takes the bytes cut anywhere', () => {
    const { log } = logWith(create('/big', { data: 'x'.repeat(300_000) }), create('/a'));
    const bytes = bytesOf(log.store.beginImage());
    for (const size of [1, 7, 1_000, bytes.length]) {
      const loader = createStore().loader();
      for (let at = 0; at < bytes.length; at += size) loader.push(bytes.subarray(at, at + size));
      expect(loader.finish().digest).toBe(log.store.digest());
    }
  });

  it('keeps nothing of the bytes it was given', () => {
    const bytes = smallImage();
    const store = load(bytes);
    const before = everythingOf(store, [originOne]);
    bytes.fill(0);
    expect(everythingOf(store, [originOne])).toEqual(before);
  });

  it('leaves the store as it is until the whole is installed', () => {
    const { log, session } = logWith(create('/mine'));
    const loader = log.store.loader();
    loader.push(smallImage());
    log.write(session, create('/later'));
    const loaded = loader.finish();
    expect(log.store.stat('/later')).not.toBeNull();
    log.store.install(loaded);
    expect(log.store.stat('/later')).toBeNull();
    expect(log.store.stat('/a')).not.toBeNull();
    expect(log.store.zxid).toBe(loaded.zxid);
  });

  it('lets an image under way finish with what the store held before', () => {
    const { log } = logWith(create('/mine'));
    const image = log.store.beginImage();
    const loader = log.store.loader();
    loader.push(smallImage());
    log.store.install(loader.finish());
    const other = log.store.beginImage();
    expect(load(bytesOf(image)).stat('/mine')).not.toBeNull();
    expect(load(bytesOf(other)).stat('/a')).not.toBeNull();
  });

  it('takes znodes before their parents', () => {
    const { log, session } = logWith(create('/a'), create('/a/b'), create('/a/b/c'));
    const image = log.store.beginImage();
    log.write(session, setAcl('/a/b/c'));
    log.write(session, setAcl('/a/b'));
    expect(load(bytesOf(image)).stat('/a/b/c')).not.toBeNull();
  });

  it('refuses every truncation, and anything behind the end', () => {
    const bytes = smallImage();
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => load(bytes.subarray(0, length))).toThrow(MalformedInput);
    }
    expect(() => load(bytes, Uint8Array.of(0))).toThrow(MalformedInput);
    expect(() => load(bytes, bytes)).toThrow(MalformedInput);
  });

  it('refuses every flipped bit', () => {
    const bytes = smallImage();
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const damaged = bytes.slice();
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => load(damaged), `bit ${bit}`).toThrow(MalformedInput);
    }
  });

  it('refuses chunks that are missing or doubled', () => {
    const { log } = logWith(create('/a', { data: 'x' }), create('/a/b'), create('/c'));
    const chunks = chunksOf(log.store.beginImage());
    const isWeighty = (chunk: Uint8Array): boolean => chunk.length > 5;
    chunks.forEach((chunk, at) => {
      if (!isWeighty(chunk)) return;
      expect(() => load(...chunks.toSpliced(at, 1)), `without ${at}`).toThrow(MalformedInput);
      expect(() => load(...chunks.toSpliced(at, 0, chunk)), `twice ${at}`).toThrow(MalformedInput);
    });
  });

  it('ends in the image’s digest or in malformed input, whatever is done to the bytes', () => {
    const bytes = smallImage();
    const digest = load(bytes).digest();
    const position = fc.nat(bytes.length);
    const damage = fc.oneof(
      fc.record({ kind: fc.constant('set' as const), at: position, value: fc.nat(255) }),
      fc.record({ kind: fc.constant('swap' as const), at: position, to: position, length: fc.nat(64) }),
      fc.record({ kind: fc.constant('repeat' as const), at: position, length: fc.nat(200) }),
      fc.record({ kind: fc.constant('drop' as const), at: position, length: fc.nat(200) }),
    );
    const property = fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (damages) => {
      const damaged = damages.reduce(inflict, bytes);
      let outcome: string;
      try {
        outcome = load(damaged).digest();
      } catch (error) {
        if (!(error instanceof MalformedInput)) throw error;
        outcome = digest;
      }
      expect(outcome).toBe(digest);
    });
    fc.assert(property, { numRuns: 1_500 });
  });
});

type Damage =
  | { readonly kind: 'set'; readonly at: number; readonly value: number }
  | { readonly kind: 'swap'; readonly at: number; readonly to: number; readonly length: number }
  | { readonly kind: 'repeat' | 'drop'; readonly at: number; readonly length: number };

function inflict(bytes: Uint8Array, damage: Damage): Uint8Array {
  const { at } = damage;
  if (damage.kind === 'set') return bytes.map((byte, offset) => (offset === at ? damage.value : byte));
  if (damage.kind === 'swap') {
    const [first, second] = at < damage.to ? [at, damage.to] : [damage.to, at];
    const middle = bytes.subarray(first + damage.length, second);
    const [one, other] = [
      bytes.subarray(first, first + damage.length),
      bytes.subarray(second, second + damage.length),
    ];
    return concatenate([
      bytes.subarray(0, first),
      other,
      middle,
      one,
      bytes.subarray(second + damage.length),
    ]);
  }
  const end = at + damage.length;
  return concatenate([
    bytes.subarray(0, damage.kind === 'repeat' ? end : at),
    bytes.subarray(damage.kind === 'repeat' ? at : end),
  ]);
}
