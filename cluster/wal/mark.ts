/**
 * The mark: how far the log was durable when the last append was reported done. Written after every
 * fsync and before anybody is told, but not synced itself. It outlives the process: of a member that
 * was killed it tells the last append, which counts, from a torn one, which nobody was promised. After
 * a power cut it may be older, and then merely says less; it may also be newer than what a lying disk
 * kept of the log, and gives that away.
 */
import { ByteReader, ByteWriter, MalformedInput } from '../base/bytes.ts';
import { crc32c } from '../base/checksum.ts';
import { type Disk, DiskFailure, type NoteFile } from '../ports/disk.ts';
import { readPoint, writePoint } from './item.ts';
import type { Extent } from './point.ts';

export const markFile = 'mark';
const markBytes = 36;
const magic = 0x4d41_524b;

export class Mark {
  readonly #note: NoteFile;
  readonly #seed: number;

  /** Throws `DiskFailure`. */
  constructor(disk: Disk, seed: number) {
    this.#note = disk.openNote(markFile);
    this.#seed = seed;
  }

  /** Never fails: without a mark the log is as safe as it is after a power cut. */
  write(extent: Extent): void {
    try {
      this.#note.write(encodeMark(extent, this.#seed));
    } catch (failure) {
      if (!(failure instanceof DiskFailure)) throw failure;
    }
  }

  close(): void {
    this.#note.close();
  }
}

/** Null: absent, or torn by a power cut. Throws `DiskFailure`. */
export function readMark(disk: Disk, seed: number): Extent | null {
  if (!disk.exists(markFile)) return null;
  const bytes = disk.read(markFile, { offset: 0, length: markBytes });
  if (bytes.length !== markBytes) return null;
  const reader = new ByteReader(bytes);
  const checksum = new ByteReader(bytes.subarray(markBytes - 4)).readUint32();
  if (reader.readUint32() !== magic || crc32c(bytes.subarray(0, markBytes - 4), seed) !== checksum)
    return null;
  try {
    return { segment: reader.readSafeInteger(), bytes: reader.readSafeInteger(), last: readPoint(reader) };
  } catch (failure) {
    if (failure instanceof MalformedInput) return null;
    throw failure;
  }
}

function encodeMark({ segment, bytes, last }: Extent, seed: number): Uint8Array {
  const writer = new ByteWriter(markBytes);
  writer.writeUint32(magic);
  writer.writeInt64(segment);
  writer.writeInt64(bytes);
  writePoint(writer, last);
  writer.writeUint32(crc32c(writer.written(), seed));
  return writer.finish();
}
