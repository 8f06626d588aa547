/**
 * What one append writes: a frame. A group commit is one frame, so a frame is acknowledged whole or
 * not at all, and the next one is only written after its fsync. That is what tells a torn tail from
 * corruption (see `recovery.ts`).
 *
 *   magic u32 │ offset u32 │ payload length u32 │ CRC-32C of the payload u32 │ CRC-32C of the header u32
 *   payload: items, each a kind byte and a body
 *
 * The header has a checksum of its own, begun with its segment's seed, and says where it stands: a
 * header that checks out belongs exactly here, and its length can be believed even when the payload
 * is damaged. Data of a client that looks like a frame is none.
 */
import { unreachable } from '../base/assert.ts';
import { ByteReader, ByteWriter, MalformedInput } from '../base/bytes.ts';
import { crc32c } from '../base/checksum.ts';
import type { Entry, EntryKind } from '../base/entry.ts';
import { logIndex, term } from '../base/ids.ts';

export const frameHeaderBytes = 20;
const magic = 0x4d57_414c;
const lengthAt = 8;
const payloadChecksumAt = 12;
const headerChecksumAt = 16;
const entryKinds: readonly EntryKind[] = ['command', 'noop'];
const termLimit = 2 ** 21;

export type Item =
  /** Opens a segment: the life it was begun in, and the length of the segment before it, or 0. */
  | { readonly kind: 'start'; readonly life: number; readonly previousBytes: number }
  | { readonly kind: 'hardState'; readonly bytes: Uint8Array }
  | { readonly kind: 'entry'; readonly entry: Entry };

const itemKinds = { start: 1, hardState: 2, entry: 3 } as const;

/** Where a frame stands: the seed of its segment, and its offset there in bytes. */
export interface Place {
  readonly seed: number;
  readonly offset: number;
}

/** A frame as it goes to disk, at this place and no other. */
export function encodeFrame(items: Iterable<Item>, place: Place): Uint8Array {
  const writer = new ByteWriter(1024);
  writer.writeUint32(magic);
  writer.writeUint32(place.offset);
  for (let at = lengthAt; at < frameHeaderBytes; at += 4) writer.writeUint32(0);
  for (const item of items) writeItem(writer, item);
  writer.patchInt32(lengthAt, writer.length - frameHeaderBytes);
  writer.patchInt32(payloadChecksumAt, crc32c(writer.written().subarray(frameHeaderBytes)) | 0);
  writer.patchInt32(headerChecksumAt, crc32c(writer.written().subarray(0, headerChecksumAt), place.seed) | 0);
  return writer.finish();
}

/** What stands at an offset of a segment. */
export type FrameReading =
  | { readonly kind: 'whole'; readonly items: readonly Item[]; readonly end: number }
  /** `wasDurable`: something was written behind it later, so it was once whole and durable. */
  | { readonly kind: 'bad'; readonly reason: string; readonly proof: 'wasDurable' | 'none' };

/** Reads the frame at `place`, which is before the end of `bytes`, the whole segment. */
export function readFrame(bytes: Uint8Array, place: Place): FrameReading {
  const header = readHeader(bytes, place);
  if (header === null) {
    const reason = 'no frame begins here';
    return { kind: 'bad', reason, proof: hasHeaderAfter(bytes, place) ? 'wasDurable' : 'none' };
  }
  const begin = place.offset + frameHeaderBytes;
  const end = begin + header.length;
  if (end > bytes.length) return { kind: 'bad', reason: 'the file ends inside a frame', proof: 'none' };
  const payload = bytes.subarray(begin, end);
  if (crc32c(payload) !== header.checksum) {
    const reason = "a frame's checksum does not match its bytes";
    return { kind: 'bad', reason, proof: end < bytes.length ? 'wasDurable' : 'none' };
  }
  try {
    return { kind: 'whole', items: readItems(new ByteReader(payload)), end };
  } catch (failure) {
    // The checksum holds, so these bytes are what was written: not a torn write, but not ours to read.
    if (failure instanceof MalformedInput)
      return { kind: 'bad', reason: failure.message, proof: 'wasDurable' };
    throw failure;
  }
}

function readHeader(
  bytes: Uint8Array,
  { offset, seed }: Place,
): { readonly length: number; readonly checksum: number } | null {
  if (bytes.length - offset < frameHeaderBytes) return null;
  const reader = new ByteReader(bytes.subarray(offset, offset + frameHeaderBytes));
  if (reader.readUint32() !== magic || reader.readUint32() !== offset) return null;
  const length = reader.readUint32();
  const checksum = reader.readUint32();
  const expected = crc32c(bytes.subarray(offset, offset + headerChecksumAt), seed);
  return reader.readUint32() === expected ? { length, checksum } : null;
}

/** True when a frame begins anywhere after this place: what stands here was then not the last write. */
function hasHeaderAfter(bytes: Uint8Array, { offset, seed }: Place): boolean {
  const first = magic >>> 24;
  for (let at = bytes.indexOf(first, offset + 1); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (readHeader(bytes, { offset: at, seed }) !== null) return true;
  }
  return false;
}

function writeItem(writer: ByteWriter, item: Item): void {
  writer.writeUint8(itemKinds[item.kind]);
  switch (item.kind) {
    case 'start':
      writer.writeInt64(item.life);
      writer.writeInt64(item.previousBytes);
      break;
    case 'hardState':
      writer.writeBuffer(item.bytes);
      break;
    case 'entry':
      writer.writeInt64(item.entry.index);
      writer.writeInt32(item.entry.term);
      writer.writeUint8(entryKinds.indexOf(item.entry.kind));
      writer.writeBuffer(item.entry.payload);
      break;
    default:
      unreachable(item);
  }
}

function readItems(reader: ByteReader): readonly Item[] {
  const items: Item[] = [];
  while (reader.remaining > 0) items.push(readItem(reader));
  return items;
}

function readItem(reader: ByteReader): Item {
  const kind = reader.readUint8();
  switch (kind) {
    case itemKinds.start:
      return { kind: 'start', life: reader.readSafeInteger(), previousBytes: reader.readSafeInteger() };
    case itemKinds.hardState:
      return { kind: 'hardState', bytes: readRest(reader) };
    case itemKinds.entry: {
      const index = logIndex(reader.readSafeInteger());
      const at = reader.readInt32();
      const entryKind = entryKinds[reader.readUint8()];
      if (entryKind === undefined || at < 0 || at >= termLimit) throw new MalformedInput('not an entry');
      return { kind: 'entry', entry: { index, term: term(at), kind: entryKind, payload: readRest(reader) } };
    }
    default:
      throw new MalformedInput(`unknown kind of item ${kind}`);
  }
}

function readRest(reader: ByteReader): Uint8Array {
  const bytes = reader.readBuffer();
  if (bytes === null) throw new MalformedInput('a buffer is missing');
  return bytes;
}
