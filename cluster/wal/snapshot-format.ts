/**
 * A snapshot's file: what it stands for, the store's image in chunks, and a footer without which it is
 * none.
 *
 *   header: magic u32 │ version u32 │ length u32 │ whose, index, term, zxid, digest, membership │ CRC-32C u32
 *   chunk:  length u32 │ CRC-32C u32, begun with the one before │ bytes
 *   footer: 0 u32 │ chunks u32 │ bytes before the footer u64 │ CRC-32C of these u32 │ CRC-32C of the footer u32
 *
 * A chunk's checksum depends on everything before it, so no chunk can be missing, doubled or moved.
 */
import { ByteReader, ByteWriter, MalformedInput } from '../base/bytes.ts';
import { crc32c } from '../base/checksum.ts';
import { type ClusterId, type Zxid, zxid } from '../base/ids.ts';
import { encodeMembershipRecord, readMembershipRecord } from '../base/membership-codec.ts';
import type { SnapshotPoint } from '../ports/consensus.ts';
import { readPoint, writePoint } from './item.ts';

export const snapshotPrefixBytes = 12;
export const snapshotFooterBytes = 24;
export const chunkHeaderBytes = 8;
const magic = 0x4d53_4e50;
const version = 1;
/** Hundreds of seats and a digest; anything longer is damage. */
const headerBytesMax = 64 * 1024;

/** What a snapshot stands for. */
export interface SnapshotTitle extends SnapshotPoint {
  readonly zxid: Zxid;
  /** Of the whole store, 16 hexadecimal digits. */
  readonly digest: string;
}

export function encodeSnapshotHeader(title: SnapshotTitle, cluster: ClusterId): Uint8Array {
  const writer = new ByteWriter();
  writer.writeUint32(magic);
  writer.writeUint32(version);
  writer.writeUint32(0);
  writer.writeInt64(cluster);
  writePoint(writer, title);
  writer.writeInt64(title.zxid);
  writer.writeString(title.digest);
  writer.writeBuffer(encodeMembershipRecord({ membership: title.membership, cause: 'changed' }));
  writer.patchInt32(8, writer.length + 4);
  writer.writeUint32(crc32c(writer.written()));
  return writer.finish();
}

/** What the first chunk's checksum begins with: the header's own. */
export function headerChecksum(header: Uint8Array): number {
  return new ByteReader(header.subarray(header.length - 4)).readUint32();
}

/** Length of a header, from its first `snapshotPrefixBytes`. Throws `MalformedInput`. */
export function snapshotHeaderLength(prefix: Uint8Array): number {
  const reader = new ByteReader(prefix);
  if (reader.readUint32() !== magic) throw new MalformedInput('not a snapshot');
  const found = reader.readUint32();
  if (found !== version) throw new MalformedInput(`a snapshot of format ${found}`);
  const length = reader.readUint32();
  if (length > headerBytesMax) throw new MalformedInput('the length of the header is damaged');
  return length;
}

/** Throws `MalformedInput`. */
export function decodeSnapshotHeader(bytes: Uint8Array, cluster: ClusterId): SnapshotTitle {
  if (bytes.length <= snapshotPrefixBytes + 4) throw new MalformedInput('the file ends in its header');
  const checksum = new ByteReader(bytes.subarray(bytes.length - 4)).readUint32();
  if (crc32c(bytes.subarray(0, bytes.length - 4)) !== checksum)
    throw new MalformedInput('the checksum of the header does not match');
  const reader = new ByteReader(bytes.subarray(snapshotPrefixBytes));
  if (reader.readInt64() !== cluster) throw new MalformedInput('a snapshot of another ensemble');
  const point = readPoint(reader);
  const id = zxid(reader.readSafeInteger());
  const digest = reader.readString();
  const record = reader.readBuffer();
  if (digest === null || record === null) throw new MalformedInput('a field of the header is missing');
  const { membership } = readMembershipRecord(new ByteReader(record));
  return { ...point, zxid: id, digest, membership };
}

export function encodeChunkHeader(length: number, checksum: number): Uint8Array {
  const writer = new ByteWriter(chunkHeaderBytes);
  writer.writeUint32(length);
  writer.writeUint32(checksum);
  return writer.finish();
}

export interface SnapshotFooter {
  readonly chunks: number;
  /** Bytes before the footer. */
  readonly bytes: number;
  /** Their checksum. */
  readonly checksum: number;
}

export function encodeSnapshotFooter({ chunks, bytes, checksum }: SnapshotFooter): Uint8Array {
  const writer = new ByteWriter(snapshotFooterBytes);
  writer.writeUint32(0);
  writer.writeUint32(chunks);
  writer.writeInt64(bytes);
  writer.writeUint32(checksum);
  writer.writeUint32(crc32c(writer.written()));
  return writer.finish();
}

/** Throws `MalformedInput`. */
export function decodeSnapshotFooter(bytes: Uint8Array): SnapshotFooter {
  if (bytes.length !== snapshotFooterBytes) throw new MalformedInput('the file has no footer');
  const reader = new ByteReader(bytes);
  const zero = reader.readUint32();
  const footer = {
    chunks: reader.readUint32(),
    bytes: reader.readSafeInteger(),
    checksum: reader.readUint32(),
  };
  if (zero !== 0 || reader.readUint32() !== crc32c(bytes.subarray(0, snapshotFooterBytes - 4)))
    throw new MalformedInput('the footer is damaged');
  return footer;
}
