import { describe, expect, it } from 'vitest';
import { MalformedInput } from '../base/bytes.ts';
import { imageChunkBytesMax } from '../base/limits.ts';
import { createStore, type Store } from './store.ts';
import type { StoreImage } from './store-image.ts';
import { create, dump, logWith, remove, setAcl, setData } from './testing/log.ts';

describe('an image', () => {
  it('loads to what the store was when it began', () => {
    const { log, session } = logWith(
      create('/a', { data: 'x' }),
      create('/a/b', { mode: 'ephemeral' }),
      create('/a/s-', { mode: 'persistentSequential' }),
    );
    const before = dump(log.store);
    const image = log.store.beginImage();
    log.write(session, setData('/a', 'y'));
    log.write(session, remove('/a/b'));
    log.write(session, create('/a/b'));
    log.write(session, create('/c'));
    const loaded = load(bytesOf(image));
    expect(dump(loaded)).toEqual(before);
    expect(loaded.digest()).toBe(image.digest);
    for (const entry of log.entries.slice(image.index)) loaded.apply(entry);
    expect(dump(loaded)).toEqual(dump(log.store));
    expect(loaded.digest()).toBe(log.store.digest());
  });

  it('cuts what is larger than a chunk', () => {
    const { log } = logWith(create('/big', { data: 'x'.repeat(900_000) }), create('/small'));
    const image = log.store.beginImage();
    const chunks = chunksOf(image);
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(imageChunkBytesMax);
    expect(load(concatenate(chunks)).digest()).toBe(log.store.digest());
  });

  it('is one at a time, and free to begin again once it is complete or abandoned', () => {
    const { log, session } = logWith(create('/a'));
    const first = log.store.beginImage();
    expect(() => log.store.beginImage()).toThrow('under way');
    first.abandon();
    expect(first.next(1)).toBeNull();
    log.write(session, setAcl('/a'));
    const second = log.store.beginImage();
    first.abandon();
    expect(() => log.store.beginImage()).toThrow('under way');
    expect(dump(load(bytesOf(second)))).toEqual(dump(log.store));
    expect(load(bytesOf(log.store.beginImage())).digest()).toBe(log.store.digest());
  });

  it('of a store before its first entry is one too', () => {
    const store = createStore();
    expect(load(bytesOf(store.beginImage())).digest()).toBe(store.digest());
  });
});

describe('a loader', () => {
  it('takes the bytes cut anywhere', () => {
    const { log } = logWith(create('/big', { data: 'x'.repeat(300_000) }), create('/a'));
    const bytes = bytesOf(log.store.beginImage());
    for (const size of [1, 7, 1_000, bytes.length]) {
      const store = createStore();
      const loader = store.loader();
      for (let at = 0; at < bytes.length; at += size) loader.push(bytes.subarray(at, at + size));
      store.install(loader.finish());
      expect(store.digest()).toBe(log.store.digest());
    }
  });

  it('refuses every truncation', () => {
    const { log } = logWith(create('/a', { data: 'x' }));
    const bytes = bytesOf(log.store.beginImage());
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => load(bytes.subarray(0, length))).toThrow(MalformedInput);
    }
  });
});

function chunksOf(image: StoreImage): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let chunk = image.next(1); chunk !== null; chunk = image.next(1)) chunks.push(chunk);
  return chunks;
}

function bytesOf(image: StoreImage): Uint8Array {
  return concatenate(chunksOf(image));
}

function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function load(bytes: Uint8Array): Store {
  const store = createStore();
  const loader = store.loader();
  loader.push(bytes);
  store.install(loader.finish());
  return store;
}
