/**
 * A segment: one file of the log, with whose it is in its header. Each begins with what holds there
 * (life, hard state, last entry), so that an older one can be dropped once its entries are in a
 * snapshot, and with how much of the one before it counts, so that a loss there is noticed. That first
 * frame stands there twice, and the header follows from the identity and the file's name: damage to
 * either is healed. A segment's file comes into being whole (`Disk.replace`), so a torn start is not a
 * thing.
 */
import { ByteReader, ByteWriter } from '../base/bytes.ts';
import { crc32c } from '../base/checksum.ts';
import type { Disk } from '../ports/disk.ts';
import { encodeFrame, readFrame } from './frame.ts';
import type { Identity } from './identity.ts';
import type { Item, SegmentStart } from './item.ts';

export const logFolder = 'log';
export const segmentHeaderBytes = 40;
const magic = 0x4d55_5354;
const version = 2;
const name = /^log\/(\d{12})\.wal$/;

/** Path of the `sequence`-th segment, counted from 1. */
export function segmentPath(sequence: number): string {
  return `${logFolder}/${String(sequence).padStart(12, '0')}.wal`;
}

/** The sequence in a segment's path, or null for any other file. */
export function segmentSequence(path: string): number | null {
  const match = name.exec(path);
  return match === null ? null : Number(match[1]);
}

/** Checksum seed of a segment's frames: its header, so that a frame belongs to one place only. */
export function segmentSeed(identity: Identity, sequence: number): number {
  return crc32c(encodeHeader(identity, sequence));
}

/** The bytes of a new segment: header, and twice what holds at its start. */
export function encodeSegmentStart(identity: Identity, sequence: number, start: SegmentStart): Uint8Array {
  const items: Item[] = [{ kind: 'start', start }];
  const seed = segmentSeed(identity, sequence);
  const writer = new ByteWriter();
  writer.writeBytes(encodeHeader(identity, sequence));
  writer.writeBytes(encodeFrame(items, { seed, offset: writer.length }, start.last));
  writer.writeBytes(encodeFrame(items, { seed, offset: writer.length }, start.last));
  return writer.finish();
}

export interface StartReading {
  readonly start: SegmentStart;
  /** Where the appended frames begin. */
  readonly end: number;
  /** False when one of the two copies is damaged. */
  readonly isWhole: boolean;
}

/** What holds at the start of a segment; null when neither copy can be read. */
export function readSegmentStart(bytes: Uint8Array, seed: number): StartReading | null {
  if (bytes.length <= segmentHeaderBytes) return null;
  const first = readStart(bytes, { seed, offset: segmentHeaderBytes });
  const second = first === null ? null : readStart(bytes, { seed, offset: first.end });
  if (first !== null) return { ...first, end: 2 * first.end - segmentHeaderBytes, isWhole: second !== null };
  const found = readFrame(bytes, { seed, offset: segmentHeaderBytes });
  const at = found.kind === 'bad' ? found.resume : null;
  const copy = at === null ? null : readStart(bytes, { seed, offset: at });
  return copy === null ? null : { ...copy, isWhole: false };
}

function readStart(
  bytes: Uint8Array,
  place: { readonly seed: number; readonly offset: number },
): { readonly start: SegmentStart; readonly end: number } | null {
  if (place.offset >= bytes.length) return null;
  const reading = readFrame(bytes, place);
  if (reading.kind !== 'whole') return null;
  const [item] = reading.items;
  return item?.kind === 'start' ? { start: item.start, end: reading.end } : null;
}

/** Writes header and both copies of the start again. Throws `DiskFailure`. */
export function healSegmentStart(disk: Disk, identity: Identity, sequence: number): void {
  const path = segmentPath(sequence);
  const bytes = disk.read(path, { offset: 0, length: disk.sizeBytes(path) });
  const reading = readSegmentStart(bytes, segmentSeed(identity, sequence));
  if (reading === null) return;
  const start = encodeSegmentStart(identity, sequence, reading.start);
  const healed = new Uint8Array(Math.max(bytes.length, start.length));
  healed.set(bytes);
  healed.set(start);
  disk.replace(path, healed);
}

/** `otherFormat`: whole, but of another version of this format. */
export type HeaderReading = 'ours' | 'foreign' | 'otherFormat' | 'damaged';

/** Whether a file begins as this segment of this directory does. */
export function readSegmentHeader(bytes: Uint8Array, identity: Identity, sequence: number): HeaderReading {
  if (bytes.length < segmentHeaderBytes) return 'damaged';
  const reader = new ByteReader(bytes.subarray(segmentHeaderBytes - 4, segmentHeaderBytes));
  if (crc32c(bytes.subarray(0, segmentHeaderBytes - 4)) !== reader.readUint32()) return 'damaged';
  const start = new ByteReader(bytes.subarray(0, 8));
  if (start.readUint32() === magic && start.readUint32() !== version) return 'otherFormat';
  const expected = encodeHeader(identity, sequence);
  return expected.every((byte, at) => byte === bytes[at]) ? 'ours' : 'foreign';
}

function encodeHeader(identity: Identity, sequence: number): Uint8Array {
  const writer = new ByteWriter(segmentHeaderBytes);
  writer.writeUint32(magic);
  writer.writeUint32(version);
  writer.writeInt64(identity.cluster);
  writer.writeUint32(identity.member);
  writer.writeInt64(identity.incarnation);
  writer.writeInt64(sequence);
  writer.writeUint32(crc32c(writer.written()));
  return writer.finish();
}
