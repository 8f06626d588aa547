/**
 * The first record of a store's image: which moment it shows, and what it holds. The format byte
 * rises with every change that an older reader could not follow.
 */
import { AssertionFailure } from '../base/assert.ts';
import { ByteReader, ByteWriter, MalformedInput } from '../base/bytes.ts';
import { crc32c } from '../base/checksum.ts';
import { type LogIndex, logIndex, type Term, term } from '../base/ids.ts';
import { checkMembership, type Membership } from '../base/membership.ts';
import { encodeMembershipRecord, readMembershipRecord } from '../base/membership-codec.ts';
import { readBlob } from './request-codec.ts';

const imageFormat = 1;

export interface ImageHeader {
  readonly index: LogIndex;
  readonly term: Term;
  /** Entries of `term` up to `index`: with the term, the zxid. */
  readonly entriesOfTerm: number;
  /** Of the content: 16 hexadecimal digits. */
  readonly digest: string;
  readonly znodes: number;
  readonly sessions: number;
  readonly origins: number;
  readonly membership: Membership;
}

/** With a checksum of its own: the digest covers the content, not the place in the log. */
export function encodeHeader(header: ImageHeader): Uint8Array {
  const writer = new ByteWriter();
  writer.writeUint8(imageFormat);
  writer.writeInt64(header.index);
  writer.writeUint32(header.term);
  writer.writeUint32(header.entriesOfTerm);
  writer.writeString(header.digest);
  writer.writeUint32(header.znodes);
  writer.writeUint32(header.sessions);
  writer.writeUint32(header.origins);
  writer.writeBuffer(encodeMembershipRecord({ membership: header.membership, cause: 'changed' }));
  writer.writeUint32(crc32c(writer.written()));
  return writer.finish();
}

/** Reads what `encodeHeader` wrote. Throws `MalformedInput`. */
export function decodeHeader(bytes: Uint8Array): ImageHeader {
  const reader = new ByteReader(bytes);
  const format = reader.readUint8();
  if (format !== imageFormat) throw new MalformedInput(`a store image of format ${format}`);
  const sum = new ByteReader(bytes.subarray(-4)).readUint32();
  if (sum !== crc32c(bytes.subarray(0, -4))) throw new MalformedInput('a damaged header of a store image');
  const header = {
    index: logIndex(reader.readSafeInteger()),
    term: readTerm(reader),
    entriesOfTerm: reader.readUint32(),
    digest: decodeDigest(reader),
    znodes: reader.readUint32(),
    sessions: reader.readUint32(),
    origins: reader.readUint32(),
    membership: readMembership(readBlob(reader)),
  };
  if ((header.index === 0) !== (header.entriesOfTerm === 0) || header.entriesOfTerm > header.index) {
    throw new MalformedInput(`${header.entriesOfTerm} entries of a term at index ${header.index}`);
  }
  reader.readUint32();
  reader.expectEnd();
  return header;
}

function readTerm(reader: ByteReader): Term {
  const value = reader.readUint32();
  if (value >= 2 ** 21) throw new MalformedInput(`term ${value} out of range`);
  return term(value);
}

function decodeDigest(reader: ByteReader): string {
  const digest = reader.readString();
  if (digest === null || !/^[0-9a-f]{16}$/.test(digest)) throw new MalformedInput('not a digest');
  return digest;
}

function readMembership(bytes: Uint8Array): Membership {
  const reader = new ByteReader(bytes);
  const { membership } = readMembershipRecord(reader);
  reader.expectEnd();
  try {
    checkMembership(membership);
  } catch (error) {
    if (!(error instanceof AssertionFailure)) throw error;
    throw new MalformedInput(`an impossible membership: ${error.message}`);
  }
  return membership;
}
