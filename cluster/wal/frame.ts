/**
 * What one append writes: a frame. A group commit is one frame, so a frame is acknowledged whole or
 * not at all, and the next one is only written after its fsync. That is what tells a torn tail from
 * corruption (see `recovery.ts`).
 *
 *   magic u32 │ offset u32 │ payload length u32 │ CRC-32C of the payload u32
 *   last index u64 │ last term u32 │ CRC-32C of the header u32
 *   payload: items
 *
 * The header has a checksum of its own, begun with its segment's seed, and says where it stands: a
 * header that checks out belongs exactly here, and its length can be believed even when the payload
 * is damaged. So can the last entry that the log had with this frame: what was promised stays known
 * when what was stored is lost. Data of a client that looks like a frame is none.
 */
import { ByteReader, ByteWriter, MalformedInput } from '../base/bytes.ts';
import { crc32c } from '../base/checksum.ts';
import { type Item, readItems, readPoint, writeItem, writePoint } from './item.ts';
import type { LogPoint } from './point.ts';

export const frameHeaderBytes = 32;
const magic = 0x4d57_414c;
const lengthAt = 8;
const payloadChecksumAt = 12;
const lastAt = 16;
const headerChecksumAt = 28;

/** Where a frame stands: the seed of its segment, and its offset there in bytes. */
export interface Place {
  readonly seed: number;
  readonly offset: number;
}

/** A frame as it goes to disk, at this place and no other; `last` is the log's last entry with it. */
export function encodeFrame(items: Iterable<Item>, place: Place, last: LogPoint): Uint8Array {
  const writer = new ByteWriter(1024);
  writer.writeUint32(magic);
  writer.writeUint32(place.offset);
  for (let at = lengthAt; at < frameHeaderBytes; at += 4) writer.writeUint32(0);
  for (const item of items) writeItem(writer, item);
  const point = new ByteWriter(headerChecksumAt - lastAt);
  writePoint(point, last);
  const bytes = writer.written();
  bytes.set(point.finish(), lastAt);
  writer.patchInt32(lengthAt, bytes.length - frameHeaderBytes);
  writer.patchInt32(payloadChecksumAt, crc32c(bytes.subarray(frameHeaderBytes)) | 0);
  writer.patchInt32(headerChecksumAt, crc32c(bytes.subarray(0, headerChecksumAt), place.seed) | 0);
  return writer.finish();
}

/** What stands at an offset of a segment. */
export type FrameReading =
  | { readonly kind: 'whole'; readonly items: readonly Item[]; readonly last: LogPoint; readonly end: number }
  | {
      readonly kind: 'bad';
      readonly reason: string;
      /** `wasDurable`: something was written behind it later, so it was once whole and durable. */
      readonly proof: 'wasDurable' | 'none';
      /** What its header says, when that is whole: the log's last entry, and where the frame ends. */
      readonly known: { readonly last: LogPoint; readonly end: number } | null;
      /** Where to read on; null: nothing behind it can be read. */
      readonly resume: number | null;
    };

/** Reads the frame at `place`, which is before the end of `bytes`, the whole segment. */
export function readFrame(bytes: Uint8Array, place: Place): FrameReading {
  const header = readHeader(bytes, place);
  if (header === null) {
    const resume = findHeader(bytes, place);
    const proof = resume === null ? 'none' : 'wasDurable';
    return { kind: 'bad', reason: 'no frame begins here', proof, known: null, resume };
  }
  const begin = place.offset + frameHeaderBytes;
  const end = begin + header.length;
  const bad = (reason: string, proof: 'wasDurable' | 'none'): FrameReading => ({
    kind: 'bad',
    reason,
    proof,
    known: { last: header.last, end },
    resume: end < bytes.length ? end : null,
  });
  if (end > bytes.length) return bad('the file ends inside a frame', 'none');
  const payload = bytes.subarray(begin, end);
  if (crc32c(payload) !== header.checksum) {
    const reason = "a frame's checksum does not match its bytes";
    return bad(reason, end < bytes.length ? 'wasDurable' : 'none');
  }
  try {
    return { kind: 'whole', items: readItems(new ByteReader(payload)), last: header.last, end };
  } catch (failure) {
    // The checksum holds, so these bytes are what was written: not a torn write, but not ours to read.
    if (failure instanceof MalformedInput) return bad(failure.message, 'wasDurable');
    throw failure;
  }
}

interface Header {
  readonly length: number;
  readonly checksum: number;
  readonly last: LogPoint;
}

function readHeader(bytes: Uint8Array, { offset, seed }: Place): Header | null {
  if (bytes.length - offset < frameHeaderBytes) return null;
  const reader = new ByteReader(bytes.subarray(offset, offset + frameHeaderBytes));
  if (reader.readUint32() !== magic || reader.readUint32() !== offset) return null;
  const checksum = crc32c(bytes.subarray(offset, offset + headerChecksumAt), seed);
  const stored = new ByteReader(bytes.subarray(offset + headerChecksumAt, offset + frameHeaderBytes));
  if (stored.readUint32() !== checksum) return null;
  return { length: reader.readUint32(), checksum: reader.readUint32(), last: readPoint(reader) };
}

/** Where the next frame begins after this place, or null: then what stands here may be the last write. */
function findHeader(bytes: Uint8Array, { offset, seed }: Place): number | null {
  const first = magic >>> 24;
  for (let at = bytes.indexOf(first, offset + 1); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (readHeader(bytes, { offset: at, seed }) !== null) return at;
  }
  return null;
}
