/**
 * A segment: one file of the log, with whose it is in its header. Each begins with the life and the
 * hard state that hold there, so that an older one can be dropped once its entries are in a snapshot,
 * and with the length of the one before it, so that an older one that was cut short is noticed.
 * A segment's file comes into being whole (`Disk.replace`), so a torn header is not a thing.
 */
import { ByteReader, ByteWriter } from '../base/bytes.ts';
import { crc32c } from '../base/checksum.ts';
import { encodeFrame, type Item } from './frame.ts';
import type { Identity } from './identity.ts';

export const logFolder = 'log';
export const segmentHeaderBytes = 40;
const magic = 0x4d55_5354;
const version = 1;
const name = /^log\/(\d{12})\.wal$/;

/** What holds where a segment begins. */
export interface SegmentStart {
  readonly life: number;
  /** Length of the segment before it; 0 before the first. */
  readonly previousBytes: number;
  readonly hardState: Uint8Array | null;
}

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

/** The bytes of a new segment: header, and what holds at its start. */
export function encodeSegmentStart(identity: Identity, sequence: number, start: SegmentStart): Uint8Array {
  const { life, previousBytes, hardState } = start;
  const items: Item[] = [{ kind: 'start', life, previousBytes }];
  if (hardState !== null) items.push({ kind: 'hardState', bytes: hardState });
  const place = { seed: segmentSeed(identity, sequence), offset: segmentHeaderBytes };
  const writer = new ByteWriter();
  writer.writeBytes(encodeHeader(identity, sequence));
  writer.writeBytes(encodeFrame(items, place));
  return writer.finish();
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
