/** Jute form of the records that requests and replies share (`zookeeper.jute`). */
import type { ByteReader, ByteWriter } from '../../base/bytes.ts';
import { type SessionId, sessionId, type Zxid, zxid } from '../../base/ids.ts';
import type { Acl, Stat } from '../records.ts';

/** Bytes of a Jute string or buffer at least: its length. */
export const stringBytesMin = 4;
const aclBytesMin = 4 + 2 * stringBytesMin;

/**
 * A Jute string, where null reads as the empty one. kazoo sends an empty string as null; a path that
 * is null is refused like an empty one.
 */
export function readText(reader: ByteReader): string {
  return reader.readString() ?? '';
}

/** A vector of strings; null reads as the empty one. */
export function readTexts(reader: ByteReader): string[] {
  const texts: string[] = [];
  for (let left = reader.readCount(stringBytesMin); left > 0; left -= 1) texts.push(readText(reader));
  return texts;
}

export function writeTexts(writer: ByteWriter, texts: readonly string[]): void {
  writer.writeInt32(texts.length);
  for (const text of texts) writer.writeString(text);
}

/** `vector<ACL>`. */
export function readAcl(reader: ByteReader): Acl[] {
  const acl: Acl[] = [];
  for (let left = reader.readCount(aclBytesMin); left > 0; left -= 1) {
    acl.push({ permissions: reader.readInt32(), scheme: readText(reader), id: readText(reader) });
  }
  return acl;
}

export function writeAcl(writer: ByteWriter, acl: readonly Acl[]): void {
  writer.writeInt32(acl.length);
  for (const { permissions, scheme, id } of acl) {
    writer.writeInt32(permissions);
    writer.writeString(scheme);
    writer.writeString(id);
  }
}

/** `Stat`. */
export function writeStat(writer: ByteWriter, stat: Stat): void {
  writer.writeInt64(stat.czxid);
  writer.writeInt64(stat.mzxid);
  writer.writeInt64(stat.ctimeMs);
  writer.writeInt64(stat.mtimeMs);
  writer.writeInt32(stat.version);
  writer.writeInt32(stat.cversion);
  writer.writeInt32(stat.aversion);
  writer.writeInt64(stat.ephemeralOwner);
  writer.writeInt32(stat.dataLength);
  writer.writeInt32(stat.numChildren);
  writer.writeInt64(stat.pzxid);
}

export function readStat(reader: ByteReader): Stat {
  return {
    czxid: readZxid(reader),
    mzxid: readZxid(reader),
    ctimeMs: reader.readInt64(),
    mtimeMs: reader.readInt64(),
    version: reader.readInt32(),
    cversion: reader.readInt32(),
    aversion: reader.readInt32(),
    ephemeralOwner: readSessionId(reader),
    dataLength: reader.readInt32(),
    numChildren: reader.readInt32(),
    pzxid: readZxid(reader),
  };
}

/**
 * A zxid from outside. Beyond the safe integers it reads as the largest one, which is later than any
 * of ours; -1, "none yet", reads as 0.
 */
export function readZxid(reader: ByteReader): Zxid {
  return zxid(Math.min(Math.max(reader.readInt64(), 0), Number.MAX_SAFE_INTEGER));
}

/**
 * A session id from outside. Apache's are 64-bit numbers and can be negative: whatever is no safe
 * integer reads as the largest one, which is no session of ours.
 */
export function readSessionId(reader: ByteReader): SessionId {
  const id = reader.readInt64();
  return sessionId(id < 0 ? Number.MAX_SAFE_INTEGER : Math.min(id, Number.MAX_SAFE_INTEGER));
}
