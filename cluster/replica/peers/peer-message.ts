/**
 * Frames between members: one kind byte, then the body. Consensus messages pass through opaque; the
 * rest is the store's own traffic: forwarded commands (DESIGN.md 5.4), session touches, link probes,
 * the bytes of snapshots, digests to compare, and the refusal of a seat that was given up.
 */

import { unreachable } from '../../base/assert.ts';
import { ByteReader, ByteWriter, MalformedInput } from '../../base/bytes.ts';
import {
  incarnation,
  type LogIndex,
  logIndex,
  memberId,
  type SessionId,
  sessionId,
  type Term,
  term,
} from '../../base/ids.ts';
import type { Seat } from '../../base/membership.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import type { Origin } from '../../zk/command.ts';
import { checkCommand } from '../../zk/command-codec.ts';

export type PeerMessage =
  | { readonly kind: 'consensus'; readonly message: Uint8Array }
  /** An origin presents itself to the leader of `term` and asks where to go on. */
  | { readonly kind: 'hello'; readonly term: Term; readonly origin: Origin }
  /** The leader's answer: it holds this origin's commands up to `sequence`; send what follows. */
  | { readonly kind: 'welcome'; readonly term: Term; readonly origin: Origin; readonly sequence: number }
  /** Encoded commands with consecutive sequences. */
  | { readonly kind: 'forward'; readonly term: Term; readonly commands: readonly Uint8Array[] }
  /** Sessions whose clients were heard since the last touch. */
  | { readonly kind: 'touch'; readonly sessions: readonly SessionId[] }
  /** Measures a link's round trip; `token` comes back in the reply. */
  | { readonly kind: 'probe'; readonly token: number }
  | { readonly kind: 'probeReply'; readonly token: number }
  /** Asks for the bytes of a snapshot from `offset` on: at most `lengthMax`, none to learn how long it is. */
  | {
      readonly kind: 'snapshotRequest';
      readonly index: LogIndex;
      readonly offset: number;
      readonly lengthMax: number;
    }
  | {
      readonly kind: 'snapshotChunk';
      readonly index: LogIndex;
      readonly totalBytes: number;
      readonly offset: number;
      readonly bytes: Uint8Array;
    }
  /** The snapshot that was asked for is not here (any more), or cannot be read. */
  | { readonly kind: 'snapshotGone'; readonly index: LogIndex }
  /** The digest of the sender's store when it had applied exactly the entries up to `index`. */
  | { readonly kind: 'digest'; readonly index: LogIndex; readonly digest: string }
  /** To a directory that was given up: nobody listens to it any more. */
  | { readonly kind: 'removed'; readonly seat: Seat };

export type PeerMessageOf<Kind extends PeerMessage['kind']> = Extract<PeerMessage, { readonly kind: Kind }>;

const kindBytes = {
  consensus: 1,
  hello: 2,
  welcome: 3,
  forward: 4,
  touch: 5,
  probe: 6,
  probeReply: 7,
  snapshotRequest: 8,
  snapshotChunk: 9,
  snapshotGone: 10,
  digest: 11,
  removed: 12,
} as const;

/** A digest of the store is 16 hexadecimal digits. */
const digestPattern = /^[0-9a-f]{16}$/;

/** Bytes of a peer message. */
export function encodePeerMessage(message: PeerMessage): Uint8Array {
  const writer = new ByteWriter(sizeHint(message));
  writer.writeUint8(kindBytes[message.kind]);
  if (message.kind === 'consensus') writer.writeBytes(message.message);
  else encodeBody(writer, message);
  return writer.finish();
}

function sizeHint(message: PeerMessage): number {
  if (message.kind === 'consensus') return message.message.length + 1;
  return message.kind === 'snapshotChunk' ? message.bytes.length + 64 : 256;
}

function encodeBody(writer: ByteWriter, message: Exclude<PeerMessage, PeerMessageOf<'consensus'>>): void {
  switch (message.kind) {
    case 'hello':
      writer.writeInt32(message.term);
      writeOrigin(writer, message.origin);
      break;
    case 'welcome':
      writer.writeInt32(message.term);
      writeOrigin(writer, message.origin);
      writer.writeInt64(message.sequence);
      break;
    case 'forward':
      writer.writeInt32(message.term);
      writer.writeInt32(message.commands.length);
      for (const command of message.commands) writer.writeBuffer(command);
      break;
    case 'touch':
      writer.writeInt32(message.sessions.length);
      for (const session of message.sessions) writer.writeInt64(session);
      break;
    case 'probe':
    case 'probeReply':
      writer.writeInt64(message.token);
      break;
    case 'snapshotRequest':
      writer.writeInt64(message.index);
      writer.writeInt64(message.offset);
      writer.writeInt32(message.lengthMax);
      break;
    case 'snapshotChunk':
      writer.writeInt64(message.index);
      writer.writeInt64(message.totalBytes);
      writer.writeInt64(message.offset);
      writer.writeBuffer(message.bytes);
      break;
    case 'snapshotGone':
      writer.writeInt64(message.index);
      break;
    case 'digest':
      writer.writeInt64(message.index);
      writer.writeString(message.digest);
      break;
    case 'removed':
      writer.writeUint8(message.seat.id);
      writer.writeInt64(message.seat.incarnation);
      break;
    default:
      unreachable(message);
  }
}

/** The message in a frame, or why the frame is none. */
export function decodePeerMessage(frame: Uint8Array): Result<PeerMessage, string> {
  try {
    return ok(decode(new ByteReader(frame)));
  } catch (failure) {
    if (failure instanceof MalformedInput) return fail(failure.message);
    throw failure;
  }
}

function decode(reader: ByteReader): PeerMessage {
  const kind = reader.readUint8();
  if (kind === kindBytes.consensus) {
    return { kind: 'consensus', message: reader.readBytes(reader.remaining) };
  }
  const message = decodeBody(kind, reader);
  reader.expectEnd();
  return message;
}

function decodeBody(kind: number, reader: ByteReader): PeerMessage {
  switch (kind) {
    case kindBytes.hello:
      return { kind: 'hello', term: readTerm(reader), origin: readOrigin(reader) };
    case kindBytes.welcome:
      return {
        kind: 'welcome',
        term: readTerm(reader),
        origin: readOrigin(reader),
        sequence: reader.readSafeInteger(),
      };
    case kindBytes.forward: {
      const at = readTerm(reader);
      const commands: Uint8Array[] = [];
      for (let left = reader.readCount(4); left > 0; left -= 1) {
        const command = reader.readBuffer();
        if (command === null) throw new MalformedInput('a forwarded command is missing');
        checkCommand(command);
        commands.push(command);
      }
      return { kind: 'forward', term: at, commands };
    }
    case kindBytes.touch: {
      const sessions: SessionId[] = [];
      for (let left = reader.readCount(8); left > 0; left -= 1)
        sessions.push(sessionId(reader.readSafeInteger()));
      return { kind: 'touch', sessions };
    }
    case kindBytes.probe:
      return { kind: 'probe', token: reader.readSafeInteger() };
    case kindBytes.probeReply:
      return { kind: 'probeReply', token: reader.readSafeInteger() };
    default:
      return decodeUpkeep(kind, reader);
  }
}

function decodeUpkeep(kind: number, reader: ByteReader): PeerMessage {
  switch (kind) {
    case kindBytes.snapshotRequest: {
      const wanted = { index: readIndex(reader), offset: reader.readSafeInteger() };
      const lengthMax = reader.readInt32();
      if (lengthMax < 0) throw new MalformedInput(`length ${lengthMax} asked for`);
      return { kind: 'snapshotRequest', ...wanted, lengthMax };
    }
    case kindBytes.snapshotChunk: {
      const place = {
        index: readIndex(reader),
        totalBytes: reader.readSafeInteger(),
        offset: reader.readSafeInteger(),
      };
      const bytes = reader.readBuffer();
      if (bytes === null || place.offset + bytes.length > place.totalBytes)
        throw new MalformedInput('a chunk outside its snapshot');
      return { kind: 'snapshotChunk', ...place, bytes };
    }
    case kindBytes.snapshotGone:
      return { kind: 'snapshotGone', index: readIndex(reader) };
    case kindBytes.digest: {
      const index = readIndex(reader);
      const digest = reader.readString() ?? '';
      if (!digestPattern.test(digest)) throw new MalformedInput('not a digest');
      return { kind: 'digest', index, digest };
    }
    case kindBytes.removed:
      return { kind: 'removed', seat: readSeat(reader) };
    default:
      throw new MalformedInput(`unknown kind of peer message ${kind}`);
  }
}

function readTerm(reader: ByteReader): Term {
  const value = reader.readInt32();
  if (value < 0 || value >= 2 ** 21) throw new MalformedInput(`term ${value} out of range`);
  return term(value);
}

function readIndex(reader: ByteReader): LogIndex {
  return logIndex(reader.readSafeInteger());
}

function readSeat(reader: ByteReader): Seat {
  const id = reader.readUint8();
  const life = reader.readSafeInteger();
  if (id === 0 || life >= 2 ** 48) throw new MalformedInput('not a seat');
  return { id: memberId(id), incarnation: incarnation(life) };
}

function writeOrigin(writer: ByteWriter, origin: Origin): void {
  writer.writeUint8(origin.member);
  writer.writeInt64(origin.incarnation);
  writer.writeInt64(origin.life);
}

function readOrigin(reader: ByteReader): Origin {
  const { id, incarnation: directory } = readSeat(reader);
  return { member: id, incarnation: directory, life: reader.readSafeInteger() };
}
