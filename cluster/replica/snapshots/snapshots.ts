/**
 * A member's snapshots: taking them, giving them to members that lag, and getting one when this member
 * lags itself.
 *
 *   leader offers ──► fetch (chunks, on disk) ──► load (beside the store) ──► install (log and store)
 */
import type { Entry } from '../../base/entry.ts';
import type { LogIndex, MemberId } from '../../base/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SnapshotOffer, SnapshotPoint } from '../../ports/consensus.ts';
import { DiskFailure } from '../../ports/disk.ts';
import type { Trace } from '../../ports/trace.ts';
import type { SnapshotFiles } from '../../wal/snapshot-files.ts';
import type { SnapshotInfo, SnapshotReader } from '../../wal/snapshot-reader.ts';
import type { Store } from '../../zk/store.ts';
import type { LoadedState } from '../../zk/store-loader.ts';
import type { SnapshotSettings } from '../config.ts';
import type { PeerMessageOf } from '../peers/peer-message.ts';
import type { Post } from '../peers/post.ts';
import { SnapshotFetch } from './fetch.ts';
import { loadBetweenTurns } from './loading.ts';
import { SnapshotSource } from './source.ts';
import { type SnapshotRefusal, SnapshotTaker } from './taker.ts';

/** Ticks between signs of life to the source while what it sent is loaded: it keeps the log behind it. */
const holdTicks = 100;
/** A snapshot that is offered and cannot be given is taken anew at most this often: the disk may be full. */
const renewPeriodMs = 5_000;

export interface SnapshotsHost {
  /** A snapshot of this point was taken here. */
  taken(point: SnapshotPoint): void;
  /** Puts this in the place of log and store, unless the log has got there meanwhile; then calls back. */
  install(
    point: SnapshotPoint,
    loaded: LoadedState,
    done: (outcome: 'installed' | 'notNeeded') => void,
  ): void;
}

export interface SnapshotsOptions {
  readonly store: Store;
  readonly files: SnapshotFiles;
  readonly post: Post;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly settings: SnapshotSettings;
  readonly host: SnapshotsHost;
}

interface Installing {
  readonly offer: SnapshotOffer;
  stop: () => void;
  ticks: number;
}

export class Snapshots {
  readonly #options: SnapshotsOptions;
  readonly #taker: SnapshotTaker;
  readonly #source: SnapshotSource;
  readonly #fetch: SnapshotFetch;
  #installing: Installing | null = null;
  /** The one that consensus offers as a leader: the newest that it was told of. */
  #offering: LogIndex | null;
  #renewedMs = Number.NEGATIVE_INFINITY;

  constructor(options: SnapshotsOptions) {
    const { files, clock, trace } = options;
    this.#options = options;
    this.#offering = files.list()[0]?.index ?? null;
    this.#taker = new SnapshotTaker({ ...options, taken: (point) => this.#taken(point) });
    this.#source = new SnapshotSource({
      files,
      clock,
      damaged: ({ what }, index) => {
        trace.emit('warn', 'snapshotSetAside', { index, reason: what });
        discard(files, index);
      },
    });
    this.#fetch = new SnapshotFetch({
      ...options,
      fetched: (offer, reader) => this.#load(offer, reader),
    });
  }

  /** Newest first. */
  get list(): readonly SnapshotInfo[] {
    return this.#options.files.list();
  }

  /** Indexes of snapshots that are being sent, which must stay. */
  get held(): SnapshotSource['held'] {
    return this.#source.held;
  }

  /** The store has applied this entry. */
  applied(entry: Entry): void {
    this.#taker.applied(entry);
  }

  /** Takes one now. Answers why not, or null. */
  request(): SnapshotRefusal | null {
    return this.#taker.request();
  }

  offered(offer: SnapshotOffer): void {
    if (this.#installing === null) this.#fetch.offered(offer);
  }

  answer(from: MemberId, request: PeerMessageOf<'snapshotRequest'>): void {
    const answer = this.#source.answer(from, request);
    if (answer.kind === 'snapshotGone' && request.index === this.#offering) this.#renew();
    this.#options.post.send(from, answer);
  }

  chunk(from: MemberId, chunk: PeerMessageOf<'snapshotChunk'>): void {
    this.#fetch.chunk(from, chunk);
  }

  gone(from: MemberId, message: PeerMessageOf<'snapshotGone'>): void {
    this.#fetch.gone(from, message);
  }

  tick(): void {
    this.#fetch.tick();
    const installing = this.#installing;
    if (installing === null) return;
    installing.ticks += 1;
    if (installing.ticks % holdTicks !== 0) return;
    const { index, from } = installing.offer;
    this.#options.post.send(from, { kind: 'snapshotRequest', index, offset: 0, lengthMax: 0 });
  }

  stop(): void {
    this.#taker.abandon();
    this.#fetch.stop();
    this.#installing?.stop();
    this.#installing = null;
  }

  /** What is offered is not there: it rotted, or made room for one that was fetched and never installed. */
  #renew(): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#renewedMs < renewPeriodMs) return;
    this.#renewedMs = nowMs;
    this.#taker.renew();
  }

  #taken(point: SnapshotPoint): void {
    if (this.#offering === null || this.#offering < point.index) this.#offering = point.index;
    this.#options.host.taken(point);
  }

  #load(offer: SnapshotOffer, reader: SnapshotReader): void {
    const { store, clock, files, host, trace } = this.#options;
    const { index } = offer;
    const stop = loadBetweenTurns({ store, reader, clock }, (loaded) => {
      const flaw = loaded.ok ? flawOf(loaded.value, offer) : loaded.error;
      if (!loaded.ok || flaw !== null) {
        this.#installing = null;
        trace.emit('warn', 'snapshotFetchFailed', { index, from: offer.from, reason: flaw });
        discard(files, index);
        return;
      }
      // An image of what is about to go is of no use.
      this.#taker.abandon();
      const { term, membership } = loaded.value;
      host.install({ index, term, membership }, loaded.value, (outcome) => {
        this.#installing = null;
        const { sizeBytes } = reader.info;
        if (outcome !== 'installed') return;
        this.#offering = index;
        trace.emit('info', 'snapshotInstalled', { index, sizeBytes, from: offer.from });
      });
    });
    this.#installing = { offer, stop, ticks: 0 };
  }
}

function flawOf(loaded: LoadedState, { index, term }: SnapshotOffer): string | null {
  if (loaded.index === index && loaded.term === term) return null;
  return `it is of entry ${loaded.index} in term ${loaded.term}`;
}

/** A disk that cannot even move the file leaves it to the next start, which checks it again. */
function discard(files: SnapshotFiles, index: LogIndex): void {
  try {
    files.discard(index);
  } catch (failure) {
    if (!(failure instanceof DiskFailure)) throw failure;
  }
}
