/**
 * Gets a snapshot from another member, chunk by chunk, one question at a time. A lost question is
 * asked again; a source that falls silent is given up, and the next offer, from whoever leads then,
 * goes on where this one stopped: what came so far is on disk.
 */
import type { MemberId } from '../../base/ids.ts';
import { snapshotTransferBytesMax } from '../../base/limits.ts';
import type { SnapshotOffer } from '../../ports/consensus.ts';
import { DiskFailure } from '../../ports/disk.ts';
import type { Trace } from '../../ports/trace.ts';
import type { SnapshotFiles } from '../../wal/snapshot-files.ts';
import type { SnapshotReader } from '../../wal/snapshot-reader.ts';
import type { SnapshotReceiver } from '../../wal/snapshot-receiver.ts';
import type { PeerMessageOf } from '../peers/peer-message.ts';
import type { Post } from '../peers/post.ts';

/** Ticks without an answer before the question is asked again. */
const retryTicks = 20;
/** Questions without an answer before the source is given up. */
const retriesMax = 10;
/** Ticks after a failure during which offers are passed over: leaders repeat them with every heartbeat. */
const pauseTicks = 50;

interface Fetching {
  readonly offer: SnapshotOffer;
  /** Null until the source has said how long the file is. */
  receiver: SnapshotReceiver | null;
  totalBytes: number;
  /** A chunk is being written: its end asks for the next. */
  writing: boolean;
  quietTicks: number;
  retries: number;
}

export interface FetchOptions {
  readonly files: SnapshotFiles;
  readonly trace: Trace;
  readonly post: Pick<Post, 'send'>;
  /** It is here, whole and verified. */
  readonly fetched: (offer: SnapshotOffer, reader: SnapshotReader) => void;
}

export class SnapshotFetch {
  readonly #files: SnapshotFiles;
  readonly #trace: Trace;
  readonly #post: Pick<Post, 'send'>;
  readonly #fetched: FetchOptions['fetched'];
  #fetching: Fetching | null = null;
  #pausedTicks = 0;

  constructor(options: FetchOptions) {
    this.#files = options.files;
    this.#trace = options.trace;
    this.#post = options.post;
    this.#fetched = options.fetched;
  }

  /** A leader offers what this member needs; repeated while it does. One at a time is fetched. */
  offered(offer: SnapshotOffer): void {
    if (this.#fetching !== null || this.#pausedTicks > 0) return;
    this.#fetching = { offer, receiver: null, totalBytes: 0, writing: false, quietTicks: 0, retries: 0 };
    this.#trace.emit('info', 'snapshotFetching', { index: offer.index, from: offer.from });
    this.#ask();
  }

  chunk(from: MemberId, { index, totalBytes, offset, bytes }: PeerMessageOf<'snapshotChunk'>): void {
    const fetching = this.#fetching;
    if (fetching === null || fetching.offer.from !== from || fetching.offer.index !== index) return;
    fetching.quietTicks = 0;
    fetching.retries = 0;
    if (fetching.receiver === null) {
      this.#begin(fetching, totalBytes);
      return;
    }
    // Doubled on the way, or the answer to a question that was asked twice.
    if (fetching.writing || offset !== fetching.receiver.offset || bytes.length === 0) return;
    if (totalBytes !== fetching.totalBytes) {
      this.#giveUp('the snapshot changed while it was sent');
      return;
    }
    this.#write(fetching, fetching.receiver, bytes);
  }

  gone(from: MemberId, { index }: PeerMessageOf<'snapshotGone'>): void {
    const offer = this.#fetching?.offer;
    if (offer?.from === from && offer.index === index) this.#giveUp('the source no longer has it');
  }

  tick(): void {
    if (this.#pausedTicks > 0) this.#pausedTicks -= 1;
    const fetching = this.#fetching;
    if (fetching === null || fetching.writing) return;
    fetching.quietTicks += 1;
    if (fetching.quietTicks < retryTicks) return;
    fetching.quietTicks = 0;
    fetching.retries += 1;
    if (fetching.retries > retriesMax) this.#giveUp('the source is silent');
    else this.#ask();
  }

  /** What came so far stays on disk. */
  stop(): void {
    this.#fetching?.receiver?.close();
    this.#fetching = null;
  }

  #ask(): void {
    const fetching = this.#fetching;
    if (fetching === null) return;
    const { offer, receiver } = fetching;
    this.#post.send(offer.from, {
      kind: 'snapshotRequest',
      index: offer.index,
      offset: receiver?.offset ?? 0,
      lengthMax: receiver === null ? 0 : snapshotTransferBytesMax,
    });
  }

  #begin(fetching: Fetching, totalBytes: number): void {
    const { index, term } = fetching.offer;
    try {
      fetching.totalBytes = totalBytes;
      fetching.receiver = this.#files.receive({ index, term, totalBytes });
    } catch (failure) {
      if (!(failure instanceof DiskFailure)) throw failure;
      this.#giveUp(failure.message);
      return;
    }
    this.#goOn(fetching, fetching.receiver);
  }

  #write(fetching: Fetching, receiver: SnapshotReceiver, bytes: Uint8Array): void {
    fetching.writing = true;
    receiver.append(bytes, (failure) => {
      if (this.#fetching !== fetching) return;
      fetching.writing = false;
      if (failure !== null) this.#giveUp(failure.message);
      else this.#goOn(fetching, receiver);
    });
  }

  #goOn(fetching: Fetching, receiver: SnapshotReceiver): void {
    if (receiver.offset < fetching.totalBytes) {
      this.#ask();
      return;
    }
    this.#fetching = null;
    const finished = receiver.finish();
    if (finished.ok) this.#fetched(fetching.offer, finished.value);
    else this.#failed(fetching.offer, finished.error.what);
  }

  #giveUp(reason: string): void {
    const fetching = this.#fetching;
    this.#fetching = null;
    fetching?.receiver?.close();
    if (fetching !== null) this.#failed(fetching.offer, reason);
  }

  #failed({ index, from }: SnapshotOffer, reason: string): void {
    this.#pausedTicks = pauseTicks;
    this.#trace.emit('warn', 'snapshotFetchFailed', { index, from, reason });
  }
}
