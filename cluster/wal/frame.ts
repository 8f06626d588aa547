/**
 * What one append writes: a frame, with one checksum over everything in it. A group commit is one
 * frame, so a frame is acknowledged whole or not at all, and the next one is only written after its
 * fsync. That is what tells a torn tail from corruption (see `recovery.ts`).
 *
 *   magic u32 │ payload length u32 │ CRC-32C u32 over (segment's seed, length, payload) │ payload
 *   payload: items, each a kind byte and a body
 */
import { ByteReader, ByteWriter, MalformedInput } from '../base/bytes.ts';
import { crc32c } from '../base/checksum.ts';
import type { Entry, EntryKind } from '../base/entry.ts';
import { logIndex, term } from '../base/ids.ts';

export const frameHeaderBytes = 12;
const magic = 0x4d57_414c;
const entryKinds: readonly EntryKind[] = ['command', 'noop'];

export type Item =
  | { readonly kind: 'life'; readonly life: number }
  | { readonly kind: 'hardState'; readonly bytes: Uint8Array }
  | { readonly kind: 'entry'; readonly entry: Entry };

const itemKinds = { life: 1, hardState: 2, entry: 3 } as const;

/** A frame as it goes to disk. `seed` is its segment's: a frame does not pass in another segment. */
export function encodeFrame(items: Iterable<Item>, seed: number): Uint8Array {
  const writer = new ByteWriter(1024);
  writer.writeUint32(magic);
  writer.writeUint32(0);
  writer.writeUint32(0);
  for (const item of items) writeItem(writer, item);
  writer.patchInt32(4, writer.length - frameHeaderBytes);
  const bytes = writer.finish();
  writer.patchInt32(8, checksumOf(bytes, seed) | 0);
  return bytes;
}

/** Where a frame's bytes end, or what is wrong with them. */
export type FrameReading =
  | { readonly kind: 'whole'; readonly items: readonly Item[]; readonly end: number }
  /** The bytes end before the frame does. */
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'damaged'; readonly reason: string };

/** Reads the frame that starts at `offset`, which is before the end of `bytes`. */
export function readFrame(bytes: Uint8Array, offset: number, seed: number): FrameReading {
  const head = new ByteReader(bytes.subarray(offset, offset + frameHeaderBytes));
  if (head.remaining < frameHeaderBytes) return { kind: 'incomplete' };
  if (head.readUint32() !== magic) return { kind: 'damaged', reason: 'no frame begins here' };
  const end = offset + frameHeaderBytes + head.readUint32();
  if (end > bytes.length) return { kind: 'incomplete' };
  const frame = bytes.subarray(offset, end);
  if (head.readUint32() !== checksumOf(frame, seed))
    return { kind: 'damaged', reason: 'the checksum does not match' };
  try {
    return { kind: 'whole', items: readItems(new ByteReader(frame.subarray(frameHeaderBytes))), end };
  } catch (failure) {
    if (failure instanceof MalformedInput) return { kind: 'damaged', reason: failure.message };
    throw failure;
  }
}

/** True when a whole frame begins anywhere after `offset`: what is at `offset` was not the last write. */
export function hasFrameAfter(bytes: Uint8Array, offset: number, seed: number): boolean {
  const first = magic >>> 24;
  for (let at = bytes.indexOf(first, offset + 1); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (readFrame(bytes, at, seed).kind === 'whole') return true;
  }
  return false;
}

function checksumOf(frame: Uint8Array, seed: number): number {
  const length = frame.subarray(4, 8);
  return crc32c(frame.subarray(frameHeaderBytes), crc32c(length, seed));
}

function writeItem(writer: ByteWriter, item: Item): void {
  writer.writeUint8(itemKinds[item.kind]);
  if (item.kind === 'life') {
    writer.writeInt64(item.life);
  } else if (item.kind === 'hardState') {
    writer.writeBuffer(item.bytes);
  } else {
    writer.writeInt64(item.entry.index);
    writer.writeInt32(item.entry.term);
    writer.writeUint8(entryKinds.indexOf(item.entry.kind));
    writer.writeBuffer(item.entry.payload);
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
    case itemKinds.life:
      return { kind: 'life', life: reader.readSafeInteger() };
    case itemKinds.hardState:
      return { kind: 'hardState', bytes: readRest(reader) };
    case itemKinds.entry: {
      const index = logIndex(reader.readSafeInteger());
      const at = reader.readInt32();
      const entryKind = entryKinds[reader.readUint8()];
      if (entryKind === undefined || at < 0 || at >= 2 ** 21) throw new MalformedInput('not an entry');
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
