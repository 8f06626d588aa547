/**
 * Gives snapshots to members that lag, chunk by chunk, as they ask: the asker sets the pace, so that
 * heartbeats and other members never wait. What is being sent stays on disk until the asker is done or
 * has been silent for a while.
 */
import type { LogIndex, MemberId } from '../../base/ids.ts';
import { snapshotTransferBytesMax } from '../../base/limits.ts';
import type { Clock } from '../../ports/clock.ts';
import type { WalError } from '../../wal/error.ts';
import type { SnapshotFiles } from '../../wal/snapshot-files.ts';
import type { SnapshotReader } from '../../wal/snapshot-reader.ts';
import type { PeerMessageOf } from '../peers/peer-message.ts';

type Answer = PeerMessageOf<'snapshotChunk'> | PeerMessageOf<'snapshotGone'>;

/** A snapshot nobody asked for during this time is held no longer: the asker is gone, or done. */
const holdMs = 10_000;

interface Transfer {
  readonly reader: SnapshotReader;
  readonly index: LogIndex;
  askedMs: number;
}

export class SnapshotSource {
  readonly #files: SnapshotFiles;
  readonly #clock: Clock;
  readonly #damaged: (error: WalError, index: LogIndex) => void;
  /** One per member: it needs no more than one. */
  readonly #transfers = new Map<MemberId, Transfer>();

  constructor(options: {
    readonly files: SnapshotFiles;
    readonly clock: Clock;
    /** This one turned out to be damaged while it was read. */
    readonly damaged: (error: WalError, index: LogIndex) => void;
  }) {
    this.#files = options.files;
    this.#clock = options.clock;
    this.#damaged = options.damaged;
  }

  /** Snapshots that are being sent, which must stay. */
  get held(): readonly LogIndex[] {
    const nowMs = this.#clock.monotonicMs();
    for (const [member, { askedMs }] of this.#transfers) {
      if (nowMs - askedMs > holdMs) this.#transfers.delete(member);
    }
    return [...this.#transfers.values()].map(({ index }) => index);
  }

  answer(from: MemberId, request: PeerMessageOf<'snapshotRequest'>): Answer {
    const { index, offset, lengthMax } = request;
    const reader = this.#reader(from, index);
    if (reader === null || offset > reader.info.sizeBytes) return this.#gone(index);
    const totalBytes = reader.info.sizeBytes;
    const length = Math.min(lengthMax, snapshotTransferBytesMax, totalBytes - offset);
    const bytes = reader.readRaw({ offset, length });
    if (!bytes.ok) {
      if (bytes.error.code === 'corrupt') this.#damaged(bytes.error, index);
      return this.#gone(index);
    }
    return { kind: 'snapshotChunk', index, totalBytes, offset, bytes: bytes.value };
  }

  /** Whoever else gets it opens it anew: another may take its place. */
  #gone(index: LogIndex): Answer {
    for (const [member, transfer] of this.#transfers) {
      if (transfer.index === index) this.#transfers.delete(member);
    }
    return { kind: 'snapshotGone', index };
  }

  #reader(from: MemberId, index: LogIndex): SnapshotReader | null {
    const askedMs = this.#clock.monotonicMs();
    const known = this.#transfers.get(from);
    if (known?.index === index) {
      known.askedMs = askedMs;
      return known.reader;
    }
    const opened = this.#files.open(index);
    if (!opened.ok) {
      if (opened.error.code === 'corrupt') this.#damaged(opened.error, index);
      return null;
    }
    this.#transfers.set(from, { reader: opened.value, index, askedMs });
    return opened.value;
  }
}
