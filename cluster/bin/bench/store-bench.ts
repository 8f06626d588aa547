/** What a large tree costs: to fill, to write to, to take an image of while it is written to, and to load. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Entry } from '../../base/entry.ts';
import { createStore, type Store } from '../../zk/store.ts';
import { measurePauses, type Pauses } from './pauses.ts';
import { StoreFeed } from './store-feed.ts';

export interface StoreBenchOptions {
  readonly znodes: number;
  readonly dataBytes: number;
  readonly childrenPerParent: number;
  readonly progress: (text: string) => void;
}

export interface StoreBenchResult {
  readonly znodes: number;
  /** Filled by applying creates, 256 in a turn. */
  readonly fill: Pauses;
  /** Of the process, per znode, heap and buffers together. */
  readonly bytesPerZnode: number;
  readonly createsPerSecond: number;
  readonly setsPerSecond: number;
  /** With an image under way, whose work is taken off. */
  readonly image: Pauses & { readonly bytes: number; readonly writesMeanwhile: number };
  readonly load: Pauses & { readonly digestAsExpected: boolean };
}

const fillSlice = 256;
/** Writes applied between two slices of the image: about as many as a busy member commits at once. */
const writesPerSlice = 32;
const imageSlice = 500;
/** Loaded in one turn. */
const loadSliceBytes = 64 * 1024;
const rateCount = 100_000;

export async function benchStore(options: StoreBenchOptions): Promise<StoreBenchResult> {
  const { progress, znodes } = options;
  const collect = garbageCollector();
  const store = createStore();
  const feed = new StoreFeed(store, options.dataBytes);
  const paths = new Paths(options.childrenPerParent);
  const emptyBytes = collect();
  progress('filling');
  const fill = await measureFill(feed, paths, znodes);
  const bytesPerZnode = (collect() - emptyBytes) / store.znodeCount;
  progress('writing');
  const setsPerSecond = rateOf(feed, (at) => feed.set(paths.at(spread(at, znodes))));
  const createsPerSecond = rateOf(feed, (at) => feed.create(paths.at(znodes + at)));
  rateOf(feed, (at) => feed.remove(paths.at(znodes + at)));
  progress('image');
  const { image, chunks, digest } = await measureImage({ store, feed, paths, znodes });
  progress('loading');
  const load = await measureLoad(chunks, digest);
  return { znodes, fill, bytesPerZnode, createsPerSecond, setsPerSecond, image, load };
}

/** The path of the n-th znode below its parent. */
class Paths {
  readonly #childrenPerParent: number;

  constructor(childrenPerParent: number) {
    this.#childrenPerParent = childrenPerParent;
  }

  /** Not null where a new parent is needed first. */
  parentBefore(at: number): string | null {
    return at % this.#childrenPerParent === 0 ? this.#parent(at) : null;
  }

  at(at: number): string {
    return `${this.#parent(at)}/node-${String(at).padStart(8, '0')}`;
  }

  #parent(at: number): string {
    return `/folder-${String(Math.floor(at / this.#childrenPerParent)).padStart(6, '0')}`;
  }
}

async function measureFill(feed: StoreFeed, paths: Paths, znodes: number): Promise<Pauses> {
  // Room for the creates of the rate as well.
  const parents = znodes + rateCount;
  const folders: Entry[] = [];
  for (let at = 0; at < parents; at += 1) {
    const parent = paths.parentBefore(at);
    if (parent !== null) folders.push(feed.create(parent));
  }
  feed.apply(folders);
  let made = 0;
  return await measurePauses(() => {
    const entries: Entry[] = [];
    for (; entries.length < fillSlice && made < znodes; made += 1) entries.push(feed.create(paths.at(made)));
    feed.apply(entries);
    return made < znodes;
  });
}

/** Entries applied per second, the time to make them not counted. */
function rateOf(feed: StoreFeed, make: (at: number) => Entry): number {
  let spentMs = 0;
  for (let at = 0; at < rateCount; at += 1_000) {
    const entries = Array.from({ length: 1_000 }, (_, offset) => make(at + offset));
    const begun = performance.now();
    feed.apply(entries);
    spentMs += performance.now() - begun;
  }
  return (rateCount / spentMs) * 1_000;
}

interface ImageSubject {
  readonly store: Store;
  readonly feed: StoreFeed;
  readonly paths: Paths;
  readonly znodes: number;
}

async function measureImage({ store, feed, paths, znodes }: ImageSubject): Promise<{
  readonly image: StoreBenchResult['image'];
  readonly chunks: readonly Uint8Array[];
  readonly digest: string;
}> {
  const chunks: Uint8Array[] = [];
  const image = store.beginImage();
  let writes = 0;
  const pauses = await measurePauses(() => {
    for (let count = 0; count < writesPerSlice; count += 1) {
      feed.apply([feed.set(paths.at(spread(writes, znodes)))]);
      writes += 1;
    }
    const chunk = image.next(imageSlice);
    if (chunk !== null) chunks.push(chunk);
    return chunk !== null;
  });
  const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
  return { image: { ...pauses, bytes, writesMeanwhile: writes }, chunks, digest: image.digest };
}

async function measureLoad(chunks: readonly Uint8Array[], digest: string): Promise<StoreBenchResult['load']> {
  const store = createStore();
  const loader = store.loader();
  const slices = chunks.flatMap((chunk) => slicesOf(chunk, loadSliceBytes));
  const pauses = await measurePauses((turn) => {
    const slice = slices[turn];
    if (slice !== undefined) loader.push(slice);
    else store.install(loader.finish());
    return slice !== undefined;
  });
  return { ...pauses, digestAsExpected: store.digest() === digest };
}

function slicesOf(bytes: Uint8Array, lengthMax: number): readonly Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / lengthMax) }, (_, at) =>
    bytes.subarray(at * lengthMax, (at + 1) * lengthMax),
  );
}

/** Far apart for neighbours, and each of `count` once in `count` steps. */
function spread(at: number, count: number): number {
  return (at * 7_919) % count;
}

/** Collects all garbage, and answers the bytes still in use. */
function garbageCollector(): () => number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  return () => {
    collect();
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
}
