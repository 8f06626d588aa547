/**
 * Writes one snapshot beside the others: under another name, chunk by chunk, each synced and read back,
 * and only with its footer under the name of a snapshot.
 */
import { assert } from '../base/assert.ts';
import { crc32c } from '../base/checksum.ts';
import type { ClusterId } from '../base/ids.ts';
import { type AppendFile, type Disk, DiskFailure } from '../ports/disk.ts';
import {
  chunkHeaderBytes,
  encodeChunkHeader,
  encodeSnapshotFooter,
  encodeSnapshotHeader,
  headerChecksum,
  type SnapshotTitle,
} from './snapshot-format.ts';

type Done = (failure: DiskFailure | null) => void;

export class SnapshotWriter {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #finished: () => void;
  readonly #file: AppendFile;
  /** What was not written yet: the header goes out with the first chunk. */
  #unwritten: readonly Uint8Array[];
  #bytes: number;
  #chunks = 0;
  /** Of the last chunk, which the next one begins with. */
  #chain: number;
  /** Of the whole file so far. */
  #checksum: number;
  #state: 'open' | 'writing' | 'ended' = 'open';

  /** `path`: the final one. Throws `DiskFailure`. */
  constructor(options: {
    readonly disk: Disk;
    readonly path: string;
    readonly title: SnapshotTitle;
    readonly cluster: ClusterId;
    /** The file stands under its name now. */
    readonly finished: () => void;
  }) {
    this.#disk = options.disk;
    this.#path = options.path;
    this.#finished = options.finished;
    const header = encodeSnapshotHeader(options.title, options.cluster);
    this.#unwritten = [header];
    this.#bytes = header.length;
    this.#checksum = crc32c(header);
    this.#chain = headerChecksum(header);
    if (this.#disk.exists(this.#temporary)) this.#disk.remove(this.#temporary);
    this.#file = this.#disk.openAppend(this.#temporary);
  }

  /** Bytes of the unfinished file. */
  get unfinishedBytes(): number {
    return this.#state === 'ended' ? 0 : this.#bytes;
  }

  /** Adds a chunk of the image; one at a time. After a failure the snapshot is given up. */
  append(chunk: Uint8Array, done: Done): void {
    assert(chunk.length > 0, 'an empty chunk');
    const offset = this.#bytes + chunkHeaderBytes;
    this.#chain = crc32c(chunk, this.#chain);
    this.#chunks += 1;
    const bytes = [encodeChunkHeader(chunk.length, this.#chain), chunk];
    for (const part of bytes) {
      this.#bytes += part.length;
      this.#checksum = crc32c(part, this.#checksum);
    }
    this.#write(bytes, (failure) => {
      done(failure ?? this.#readBack({ offset, length: chunk.length }, crc32c(chunk)));
    });
  }

  /** Completes the file: footer, sync, rename. */
  finish(done: Done): void {
    const footer = { chunks: this.#chunks, bytes: this.#bytes, checksum: this.#checksum };
    this.#write([encodeSnapshotFooter(footer)], (failure) => done(failure ?? this.#name()));
  }

  /** Gives the snapshot up and removes what was written. */
  abandon(): void {
    if (this.#state === 'ended') return;
    this.#end();
    attempt(() => this.#disk.remove(this.#temporary));
  }

  get #temporary(): string {
    return `${this.#path}.new`;
  }

  #write(chunks: readonly Uint8Array[], done: Done): void {
    assert(this.#state === 'open', 'one append at a time, and none after the end', { state: this.#state });
    const all = [...this.#unwritten, ...chunks];
    this.#unwritten = [];
    this.#state = 'writing';
    this.#file.append(all, (failure) => {
      if (this.#state === 'ended') return;
      this.#state = 'open';
      if (failure !== null) this.abandon();
      done(failure);
    });
  }

  #readBack(
    range: { readonly offset: number; readonly length: number },
    expected: number,
  ): DiskFailure | null {
    const failure = attempt(() => {
      if (crc32c(this.#disk.read(this.#temporary, range)) === expected) return;
      throw new DiskFailure('ioError', this.#temporary, 'what was written does not read back');
    });
    if (failure !== null) this.abandon();
    return failure;
  }

  #name(): DiskFailure | null {
    const failure = attempt(() => this.#disk.rename(this.#temporary, this.#path));
    if (failure !== null) {
      this.abandon();
      return failure;
    }
    this.#end();
    this.#finished();
    return null;
  }

  #end(): void {
    this.#state = 'ended';
    this.#file.close();
  }
}

function attempt(act: () => void): DiskFailure | null {
  try {
    act();
    return null;
  } catch (failure) {
    if (failure instanceof DiskFailure) return failure;
    throw failure;
  }
}
