/** Write requests as bytes inside a command: compact, big-endian, strict on the way back. */
import { unreachable } from '../base/assert.ts';
import { type ByteReader, type ByteWriter, MalformedInput } from '../base/bytes.ts';
import { openAcl } from './acl.ts';
import type { Acl, CreateMode } from './records.ts';
import type { TreeWrite, WriteRequest } from './requests.ts';

const tags = { create: 1, create2: 2, delete: 3, setData: 4, setAcl: 5, check: 6, multi: 7 } as const;
const modes: readonly CreateMode[] = [
  'persistent',
  'ephemeral',
  'persistentSequential',
  'ephemeralSequential',
];
/** Stands for the list that nearly every znode has. */
const openAclCount = 0xffff_ffff;
const aclBytesMin = 12;
const partBytesMin = 9;

export function writeRequest(writer: ByteWriter, request: WriteRequest): void {
  if (request.kind !== 'multi') {
    writeTreeWrite(writer, request);
    return;
  }
  writer.writeUint8(tags.multi);
  writer.writeUint32(request.parts.length);
  for (const part of request.parts) writeTreeWrite(writer, part);
}

export function readRequest(reader: ByteReader): WriteRequest {
  const tag = reader.readUint8();
  if (tag !== tags.multi) return readTreeWrite(reader, tag);
  const count = readLength(reader, partBytesMin);
  const parts: TreeWrite[] = [];
  for (let i = 0; i < count; i += 1) parts.push(readTreeWrite(reader, reader.readUint8()));
  return { kind: 'multi', parts };
}

/** A string that is never null. */
export function readText(reader: ByteReader): string {
  const text = reader.readString();
  if (text === null) throw new MalformedInput('a string is missing');
  return text;
}

/** Bytes that are never null, as a view on the input. */
export function readBlob(reader: ByteReader): Uint8Array {
  const bytes = reader.readBuffer();
  if (bytes === null) throw new MalformedInput('a buffer is missing');
  return bytes;
}

/** A count of items, bounded by what the input can hold. */
export function readLength(reader: ByteReader, bytesPerItemMin: number): number {
  const count = reader.readUint32();
  if (count * bytesPerItemMin > reader.remaining) throw new MalformedInput(`impossible count ${count}`);
  return count;
}

function writeTreeWrite(writer: ByteWriter, write: TreeWrite): void {
  switch (write.kind) {
    case 'create':
      writer.writeUint8(write.wantsStat ? tags.create2 : tags.create);
      writer.writeString(write.path);
      writer.writeUint8(modes.indexOf(write.mode));
      writeAcl(writer, write.acl);
      writer.writeBuffer(write.data);
      return;
    case 'delete':
    case 'check':
      writer.writeUint8(tags[write.kind]);
      writer.writeString(write.path);
      writer.writeInt32(write.version);
      return;
    case 'setData':
      writer.writeUint8(tags.setData);
      writer.writeString(write.path);
      writer.writeInt32(write.version);
      writer.writeBuffer(write.data);
      return;
    case 'setAcl':
      writer.writeUint8(tags.setAcl);
      writer.writeString(write.path);
      writer.writeInt32(write.version);
      writeAcl(writer, write.acl);
      return;
    default:
      unreachable(write);
  }
}

function readTreeWrite(reader: ByteReader, tag: number): TreeWrite {
  const path = readText(reader);
  switch (tag) {
    case tags.create:
    case tags.create2: {
      const mode = readMode(reader);
      const acl = readAcl(reader);
      return { kind: 'create', wantsStat: tag === tags.create2, path, data: readBlob(reader), acl, mode };
    }
    case tags.delete:
      return { kind: 'delete', path, version: reader.readInt32() };
    case tags.check:
      return { kind: 'check', path, version: reader.readInt32() };
    case tags.setData: {
      const version = reader.readInt32();
      return { kind: 'setData', path, data: readBlob(reader), version };
    }
    case tags.setAcl: {
      const version = reader.readInt32();
      return { kind: 'setAcl', path, acl: readAcl(reader), version };
    }
    default:
      throw new MalformedInput(`unknown write ${tag}`);
  }
}

function readMode(reader: ByteReader): CreateMode {
  const mode = modes[reader.readUint8()];
  if (mode === undefined) throw new MalformedInput('unknown create mode');
  return mode;
}

export function writeAcl(writer: ByteWriter, acl: readonly Acl[]): void {
  if (isOpen(acl)) {
    writer.writeUint32(openAclCount);
    return;
  }
  writer.writeUint32(acl.length);
  for (const entry of acl) {
    writer.writeInt32(entry.permissions);
    writer.writeString(entry.scheme);
    writer.writeString(entry.id);
  }
}

export function readAcl(reader: ByteReader): readonly Acl[] {
  const count = reader.readUint32();
  if (count === openAclCount) return openAcl;
  if (count * aclBytesMin > reader.remaining) throw new MalformedInput(`impossible ACL length ${count}`);
  const acl: Acl[] = [];
  for (let i = 0; i < count; i += 1) {
    acl.push({ permissions: reader.readInt32(), scheme: readText(reader), id: readText(reader) });
  }
  return acl;
}

function isOpen(acl: readonly Acl[]): boolean {
  const [first] = acl;
  if (acl.length !== 1 || first === undefined) return false;
  return first.permissions === openAcl[0]?.permissions && first.scheme === 'world' && first.id === 'anyone';
}
