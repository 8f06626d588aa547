/** Reads one snapshot: what it stands for at once, its chunks one by one, each verified. */
import { ByteReader, MalformedInput } from '../base/bytes.ts';
import { crc32c } from '../base/checksum.ts';
import type { ClusterId, LogIndex, Term, Zxid } from '../base/ids.ts';
import type { Membership } from '../base/membership.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { type Disk, DiskFailure } from '../ports/disk.ts';
import { corrupt, failedDisk, type WalError } from './error.ts';
import {
  chunkHeaderBytes,
  decodeSnapshotFooter,
  decodeSnapshotHeader,
  headerChecksum,
  type SnapshotFooter,
  type SnapshotTitle,
  snapshotFooterBytes,
  snapshotHeaderLength,
  snapshotPrefixBytes,
} from './snapshot-format.ts';

export interface SnapshotInfo {
  readonly index: LogIndex;
  readonly term: Term;
  readonly zxid: Zxid;
  /** Of the whole store, 16 hexadecimal digits. */
  readonly digest: string;
  readonly sizeBytes: number;
  /** Relative to the member's data directory. */
  readonly path: string;
}

export class SnapshotReader {
  readonly info: SnapshotInfo;
  readonly membership: Membership;
  readonly #disk: Disk;
  readonly #headerBytes: number;
  readonly #headerChecksum: number;
  readonly #footer: SnapshotFooter;
  /** What was read raw so far, without a gap. */
  #raw = { bytes: 0, checksum: 0 };

  private constructor(
    disk: Disk,
    read: {
      readonly info: SnapshotInfo;
      readonly title: SnapshotTitle;
      readonly header: Uint8Array;
      readonly footer: SnapshotFooter;
    },
  ) {
    this.#disk = disk;
    this.info = read.info;
    this.membership = read.title.membership;
    this.#headerBytes = read.header.length;
    this.#headerChecksum = headerChecksum(read.header);
    this.#footer = read.footer;
  }

  /** Reads header and footer, and refuses a file that they do not fit. */
  static open(disk: Disk, path: string, cluster: ClusterId): Result<SnapshotReader, WalError> {
    return checked(path, 0, () => {
      const sizeBytes = disk.sizeBytes(path);
      const prefix = disk.read(path, { offset: 0, length: snapshotPrefixBytes });
      const header = disk.read(path, { offset: 0, length: snapshotHeaderLength(prefix) });
      const title = decodeSnapshotHeader(header, cluster);
      const footerAt = Math.max(0, sizeBytes - snapshotFooterBytes);
      const tail = disk.read(path, { offset: footerAt, length: snapshotFooterBytes });
      const footer = decodeSnapshotFooter(tail);
      if (footer.bytes !== footerAt)
        throw new MalformedInput('the length of the file is not the one it was written with');
      const { index, term, zxid, digest } = title;
      const info = { index, term, zxid, digest, sizeBytes, path };
      return new SnapshotReader(disk, { info, title, header, footer });
    });
  }

  /** The chunks in order. Ends with the first one that is damaged, which is an error. */
  *chunks(): Generator<Result<Uint8Array, WalError>, void> {
    const { path } = this.info;
    const end = this.#footer.bytes;
    let checksum = this.#headerChecksum;
    let count = 0;
    for (let offset = this.#headerBytes; offset < end; ) {
      const read = checked(path, offset, () => this.#readChunk(offset, checksum));
      if (!read.ok) {
        yield read;
        return;
      }
      offset += chunkHeaderBytes + read.value.bytes.length;
      checksum = read.value.checksum;
      count += 1;
      yield ok(read.value.bytes);
    }
    if (count === this.#footer.chunks) return;
    const what = `the snapshot has ${count} chunks of ${this.#footer.chunks}`;
    yield fail(corrupt({ file: path, offset: end, what }));
  }

  /** Reads everything. Null: it is whole. */
  verify(): WalError | null {
    for (const chunk of this.chunks()) if (!chunk.ok) return chunk.error;
    return null;
  }

  /**
   * Bytes of the file as they are, for a member that fetches it. Who reads the file from its begin to
   * its end learns with the last bytes when it was damaged since it was opened, and must not offer it
   * again (`SnapshotFiles.discard`).
   */
  readRaw(range: { readonly offset: number; readonly length: number }): Result<Uint8Array, WalError> {
    return checked(this.info.path, range.offset, () => {
      const bytes = this.#disk.read(this.info.path, range);
      this.#checkRaw(range.offset, bytes);
      return bytes;
    });
  }

  #checkRaw(offset: number, bytes: Uint8Array): void {
    if (offset === 0) this.#raw = { bytes: 0, checksum: 0 };
    const { bytes: read, checksum: before } = this.#raw;
    if (offset !== read) return;
    const checksum = crc32c(bytes.subarray(0, Math.max(0, this.#footer.bytes - offset)), before);
    this.#raw = { bytes: offset + bytes.length, checksum };
    if (this.#raw.bytes >= this.info.sizeBytes && checksum !== this.#footer.checksum)
      throw new MalformedInput('the checksum of the snapshot does not match its bytes');
  }

  #readChunk(offset: number, before: number): { readonly bytes: Uint8Array; readonly checksum: number } {
    const { path } = this.info;
    const header = new ByteReader(this.#disk.read(path, { offset, length: chunkHeaderBytes }));
    const length = header.readUint32();
    const checksum = header.readUint32();
    if (length === 0 || offset + chunkHeaderBytes + length > this.#footer.bytes)
      throw new MalformedInput('the length of a chunk is damaged');
    const bytes = this.#disk.read(path, { offset: offset + chunkHeaderBytes, length });
    if (crc32c(bytes, before) !== checksum)
      throw new MalformedInput("a chunk's checksum does not match its bytes");
    return { bytes, checksum };
  }
}

function checked<Value>(file: string, offset: number, read: () => Value): Result<Value, WalError> {
  try {
    return ok(read());
  } catch (failure) {
    if (failure instanceof MalformedInput) return fail(corrupt({ file, offset, what: failure.message }));
    if (failure instanceof DiskFailure) return failedDisk(failure);
    throw failure;
  }
}
