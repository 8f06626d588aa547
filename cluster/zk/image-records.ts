/**
 * The records of a store's image: a header; every ACL list before its first znode, znodes, sessions,
 * origins; an end. All integers are big-endian.
 */
import { type ByteReader, type ByteWriter, MalformedInput } from '../base/bytes.ts';
import { incarnation, memberId, type SessionId, sessionId, type Zxid, zxid } from '../base/ids.ts';
import type { SharedAcl } from './acl-cache.ts';
import type { Origin } from './command.ts';
import type { OriginRecord } from './origins.ts';
import { isValidPath } from './path.ts';
import { readBlob, readText } from './request-codec.ts';
import type { SessionRecord } from './sessions.ts';
import type { ZnodeRow } from './znode.ts';
import type { LoadedZnode } from './znode-fields.ts';
import { wordAt } from './znode-rows.ts';

export const tags = { header: 1, acl: 2, znode: 3, session: 4, origin: 5, end: 6 } as const;
/** What a znode is: containers and those with a time to live will have kinds of their own. */
const znodeKinds = { persistent: 0, ephemeral: 1 } as const;
const nobody = sessionId(0);

/** Everything of a znode but its children: the children name their parent. `acl` is a list's number. */
export function writeZnode(writer: ByteWriter, znode: Omit<LoadedZnode, 'acl'>, acl: number): void {
  const { fields } = znode;
  writer.writeUint8(tags.znode);
  writer.writeUint8(fields.owner === nobody ? znodeKinds.persistent : znodeKinds.ephemeral);
  writer.writeString(znode.path);
  writer.writeBuffer(znode.data);
  writer.writeUint32(acl);
  if (fields.owner !== nobody) writer.writeInt64(fields.owner);
  writer.writeInt64(fields.czxid);
  writer.writeInt64(fields.mzxid);
  writer.writeInt64(fields.pzxid);
  writer.writeInt64(fields.ctimeMs);
  writer.writeInt64(fields.mtimeMs);
  writer.writeInt32(fields.version);
  writer.writeInt32(fields.aversion);
  writer.writeInt32(fields.childrenCreated);
}

/** Upper bound of what `writeZnode` writes. */
export function znodeBytesMax(znode: ZnodeRow): number {
  return 96 + znode.word(wordAt.pathLength) * 3 + znode.dataLength;
}

/** The data is a view on the input. Throws `MalformedInput`. */
export function readZnode(reader: ByteReader, aclOf: (id: number) => SharedAcl): LoadedZnode {
  const kind = reader.readUint8();
  if (kind > znodeKinds.ephemeral) throw new MalformedInput(`a znode of unknown kind ${kind}`);
  const path = readText(reader);
  if (!isValidPath(path)) throw new MalformedInput('a znode with a malformed path');
  const data = readBlob(reader);
  const acl = aclOf(reader.readUint32());
  const fields = {
    owner: kind === znodeKinds.ephemeral ? readSession(reader) : nobody,
    czxid: readZxid(reader),
    mzxid: readZxid(reader),
    pzxid: readZxid(reader),
    ctimeMs: reader.readSafeInteger(),
    mtimeMs: reader.readSafeInteger(),
    version: reader.readInt32(),
    aversion: reader.readInt32(),
    childrenCreated: reader.readInt32(),
  };
  return { path, data, acl, fields };
}

export function writeSession(writer: ByteWriter, record: SessionRecord): void {
  writer.writeUint8(tags.session);
  writer.writeInt64(record.id);
  writer.writeUint32(record.timeoutMs);
  writer.writeBuffer(record.password);
  writeOwner(writer, record.owner);
}

/** Upper bound of what `writeSession` writes. */
export function sessionBytesMax(record: SessionRecord): number {
  return 64 + record.password.length;
}

/** Throws `MalformedInput`. */
export function readSessionRecord(reader: ByteReader): SessionRecord {
  const id = readSession(reader);
  const timeoutMs = reader.readUint32();
  const password = readBlob(reader).slice();
  return { id, timeoutMs, password, owner: readOwner(reader) };
}

/** Upper bound of what `writeOrigin` writes. */
export const originBytesMax = 64;

export function writeOrigin(writer: ByteWriter, { origin, lastSequence }: OriginRecord): void {
  writer.writeUint8(tags.origin);
  writeOwner(writer, origin);
  writer.writeInt64(lastSequence);
}

/** Throws `MalformedInput`. */
export function readOriginRecord(reader: ByteReader): OriginRecord {
  return { origin: readOwner(reader), lastSequence: reader.readSafeInteger() };
}

function writeOwner(writer: ByteWriter, owner: Origin): void {
  writer.writeUint8(owner.member);
  writer.writeInt64(owner.incarnation);
  writer.writeInt64(owner.life);
}

function readOwner(reader: ByteReader): Origin {
  const member = reader.readUint8();
  const directory = reader.readSafeInteger();
  if (member === 0 || directory >= 2 ** 48) throw new MalformedInput('not an origin');
  return {
    member: memberId(member),
    incarnation: incarnation(directory),
    life: reader.readSafeInteger(),
  };
}

function readSession(reader: ByteReader): SessionId {
  return sessionId(reader.readSafeInteger());
}

function readZxid(reader: ByteReader): Zxid {
  return zxid(reader.readSafeInteger());
}
