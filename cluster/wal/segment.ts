/**
 * A segment: one file of the log, with whose it is in its header. Each begins with the life and the
 * hard state that hold there, so that an older one can be dropped once its entries are in a snapshot.
 * A segment's file comes into being whole (`Disk.replace`), so a torn header is not a thing.
 */
import { ByteReader, ByteWriter } from '../base/bytes.ts';
import { crc32c } from '../base/checksum.ts';
import { encodeFrame, type Item } from './frame.ts';
import type { Identity } from './identity.ts';

export const segmentHeaderBytes = 40;
const magic = 0x4d55_5354;
const version = 1;
const name = /^log\/(\d{12})\.wal$/;

/** Path of the `sequence`-th segment, counted from 1. */
export function segmentPath(sequence: number): string {
  return `log/${String(sequence).padStart(12, '0')}.wal`;
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

/** The bytes of a new segment: header, and what holds at its start. */
export function encodeSegmentStart(
  identity: Identity,
  sequence: number,
  start: { readonly life: number; readonly hardState: Uint8Array | null },
): Uint8Array {
  const items: Item[] = [{ kind: 'life', life: start.life }];
  if (start.hardState !== null) items.push({ kind: 'hardState', bytes: start.hardState });
  const writer = new ByteWriter();
  writer.writeBytes(encodeHeader(identity, sequence));
  writer.writeBytes(encodeFrame(items, segmentSeed(identity, sequence)));
  return writer.finish();
}

export type HeaderReading = 'ours' | 'foreign' | 'damaged';

/** Whether a file begins as this segment of this directory does. */
export function readSegmentHeader(bytes: Uint8Array, identity: Identity, sequence: number): HeaderReading {
  if (bytes.length < segmentHeaderBytes) return 'damaged';
  const reader = new ByteReader(bytes.subarray(segmentHeaderBytes - 4, segmentHeaderBytes));
  if (crc32c(bytes.subarray(0, segmentHeaderBytes - 4)) !== reader.readUint32()) return 'damaged';
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
