import { describe, expect, it } from 'vitest';
import { imageChunkBytesMax } from '../base/limits.ts';
import { createStore } from './store.ts';
import { bytesOf, chunksOf, load } from './testing/image.ts';
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
    expect(load(...chunks).digest()).toBe(log.store.digest());
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
