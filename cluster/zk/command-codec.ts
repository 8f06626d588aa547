/**
 * Commands as bytes. The origin encodes once; the leader stamps its time in front without looking
 * inside; every member decodes the same payload at apply.
 */
import { assert, unreachable } from '../base/assert.ts';
import { ByteReader, ByteWriter, MalformedInput } from '../base/bytes.ts';
import {
  type Incarnation,
  incarnation,
  type MemberId,
  memberId,
  type SessionId,
  type Term,
  term,
} from '../base/ids.ts';
import type { Command, CommandBody, Origin, StampedCommand } from './command.ts';
import type { AuthId } from './records.ts';
import { readBlob, readLength, readRequest, readText, writeRequest } from './request-codec.ts';

/** First byte of a command, so that a later format can be told apart. */
const formatVersion = 1;
const stampBytes = 8;
/** Where the body begins: format, member, incarnation, life and sequence come first. */
const bodyOffset = 1 + 1 + 8 + 8 + 8;
const authBytesMin = 8;
/** Room for everything of a command but its path and data: rarely grows, never much too large. */
const typicalBytes = 96;
const tags = { createSession: 1, attachSession: 2, closeSession: 3, expireSession: 4, write: 5 } as const;

/** Done once, by the origin. */
export function encodeCommand(command: Command): Uint8Array {
  const writer = new ByteWriter(typicalBytes + sizeHint(command.body));
  writer.writeUint8(formatVersion);
  writer.writeUint8(command.origin.member);
  writer.writeInt64(command.origin.incarnation);
  writer.writeInt64(command.origin.life);
  writer.writeInt64(command.sequence);
  writeBody(writer, command.body);
  return writer.finish();
}

/** Done by the leader when it proposes: the payload of the entry. `timeMs` is its wall time. */
export function stampCommand(timeMs: number, encoded: Uint8Array): Uint8Array {
  assert(Number.isSafeInteger(timeMs) && timeMs >= 0, 'not a time', { timeMs });
  const writer = new ByteWriter(stampBytes + encoded.length);
  writer.writeInt64(timeMs);
  writer.writeBytes(encoded);
  // An array of its own: the log keeps it for long.
  return writer.finish().slice();
}

/** The command of an entry's payload. Its buffers are views on it. Throws `MalformedInput` on damage. */
export function decodeCommand(payload: Uint8Array): StampedCommand {
  const reader = new ByteReader(payload);
  const timeMs = reader.readSafeInteger();
  const { origin, sequence } = readOrigin(reader);
  const body = readBody(reader);
  reader.expectEnd();
  return { timeMs, origin, sequence, body };
}

/**
 * Throws `MalformedInput` unless these are bytes of `encodeCommand`. For what comes from another
 * member: once in the log, damage could only stop every member that applies it.
 */
export function checkCommand(encoded: Uint8Array): void {
  const reader = new ByteReader(encoded);
  readOrigin(reader);
  readBody(reader);
  reader.expectEnd();
}

/** Whose command these bytes of `encodeCommand` are, without the rest. Throws `MalformedInput` on damage. */
export function decodeOrigin(encoded: Uint8Array): { readonly origin: Origin; readonly sequence: number } {
  return readOrigin(new ByteReader(encoded));
}

/**
 * The session that this command moves to its origin, or null for any other command: a sign of life of
 * the session's client, which the leader sees before the entry is committed.
 */
export function sessionAttachedBy(encoded: Uint8Array): SessionId | null {
  if (encoded[bodyOffset] !== tags.attachSession) return null;
  const reader = new ByteReader(encoded.subarray(bodyOffset + 1));
  return readSession(reader);
}

function readOrigin(reader: ByteReader): { readonly origin: Origin; readonly sequence: number } {
  const version = reader.readUint8();
  if (version !== formatVersion) throw new MalformedInput(`unknown command format ${version}`);
  const member = readMember(reader);
  const life = { member, incarnation: readIncarnation(reader), life: reader.readSafeInteger() };
  return { origin: life, sequence: reader.readSafeInteger() };
}

function readMember(reader: ByteReader): MemberId {
  const value = reader.readUint8();
  if (value === 0) throw new MalformedInput('member 0');
  return memberId(value);
}

function readIncarnation(reader: ByteReader): Incarnation {
  const value = reader.readSafeInteger();
  if (value >= 2 ** 48) throw new MalformedInput('incarnation out of range');
  return incarnation(value);
}

function writeBody(writer: ByteWriter, body: CommandBody): void {
  switch (body.kind) {
    case 'createSession':
      writer.writeUint8(tags.createSession);
      writer.writeUint32(body.timeoutMs);
      writer.writeBuffer(body.password);
      return;
    case 'attachSession':
      writer.writeUint8(tags.attachSession);
      writer.writeInt64(body.session);
      writer.writeUint32(body.timeoutMs);
      writer.writeBuffer(body.password);
      return;
    case 'closeSession':
      writer.writeUint8(tags.closeSession);
      writer.writeInt64(body.session);
      return;
    case 'expireSession':
      writer.writeUint8(tags.expireSession);
      writer.writeInt64(body.session);
      writer.writeInt32(body.term);
      return;
    case 'write':
      writer.writeUint8(tags.write);
      writer.writeInt64(body.session);
      writeAuth(writer, body.auth);
      writeRequest(writer, body.request);
      return;
    default:
      unreachable(body);
  }
}

function readBody(reader: ByteReader): CommandBody {
  const tag = reader.readUint8();
  switch (tag) {
    case tags.createSession: {
      const timeoutMs = reader.readUint32();
      return { kind: 'createSession', timeoutMs, password: readBlob(reader) };
    }
    case tags.attachSession: {
      const session = readSession(reader);
      const timeoutMs = reader.readUint32();
      return { kind: 'attachSession', session, password: readBlob(reader), timeoutMs };
    }
    case tags.closeSession:
      return { kind: 'closeSession', session: readSession(reader) };
    case tags.expireSession:
      return { kind: 'expireSession', session: readSession(reader), term: readTerm(reader) };
    case tags.write: {
      const session = readSession(reader);
      const auth = readAuth(reader);
      return { kind: 'write', session, auth, request: readRequest(reader) };
    }
    default:
      throw new MalformedInput(`unknown command ${tag}`);
  }
}

/** A client may claim any session id, so any safe integer is one. */
function readSession(reader: ByteReader): SessionId {
  const value = reader.readInt64();
  if (!Number.isSafeInteger(value)) throw new MalformedInput('session id out of range');
  return value as SessionId;
}

function readTerm(reader: ByteReader): Term {
  const value = reader.readInt32();
  if (value < 0 || value >= 2 ** 21) throw new MalformedInput('term out of range');
  return term(value);
}

function writeAuth(writer: ByteWriter, auth: readonly AuthId[]): void {
  writer.writeUint32(auth.length);
  for (const identity of auth) {
    writer.writeString(identity.scheme);
    writer.writeString(identity.id);
  }
}

function readAuth(reader: ByteReader): readonly AuthId[] {
  const count = readLength(reader, authBytesMin);
  const auth: AuthId[] = [];
  for (let i = 0; i < count; i += 1) auth.push({ scheme: readText(reader), id: readText(reader) });
  return auth;
}

function sizeHint(body: CommandBody): number {
  if (body.kind !== 'write' || body.request.kind === 'multi') return typicalBytes;
  const data = 'data' in body.request ? body.request.data.length : 0;
  return body.request.path.length + data;
}
