/** Images for tests: taken whole, loaded whole, and all that a store can tell, for comparison. */
import type { Origin } from '../command.ts';
import { createStore, type Store } from '../store.ts';
import type { StoreImage } from '../store-image.ts';
import { dump } from './log.ts';

/** Every chunk that is left, each after looking at one more znode. */
export function chunksOf(image: StoreImage): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let chunk = image.next(1); chunk !== null; chunk = image.next(1)) chunks.push(chunk);
  return chunks;
}

export function bytesOf(image: StoreImage): Uint8Array {
  return concatenate(chunksOf(image));
}

export function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** A new store with the content of an image. Throws `MalformedInput`. */
export function load(...slices: readonly Uint8Array[]): Store {
  const store = createStore();
  const loader = store.loader();
  for (const slice of slices) loader.push(slice);
  store.install(loader.finish());
  return store;
}

/** Everything that a store can tell, in an order of its own. */
export function everythingOf(store: Store, origins: readonly Origin[]): unknown {
  const { zxid, appliedIndex, membership, sessionCount, znodeCount, ephemeralCount, dataBytes } = store;
  return {
    digest: store.digest(),
    zxid,
    appliedIndex,
    membership,
    counts: { sessionCount, znodeCount, ephemeralCount, dataBytes },
    sessions: [...store.sessions()].sort((one, other) => one.id - other.id),
    sequences: origins.map((origin) => store.lastSequence(origin)),
    znodes: dump(store),
  };
}
