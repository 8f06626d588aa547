/**
 * Frames between members: one kind byte, then the body. Consensus messages pass through opaque; the
 * rest is the store's own traffic: forwarded commands (DESIGN.md 5.4), session touches, link probes.
 */

import { unreachable } from '../../base/assert.ts';
import { ByteReader, ByteWriter, MalformedInput } from '../../base/bytes.ts';
import { incarnation, memberId, type SessionId, sessionId, type Term, term } from '../../base/ids.ts';
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
  | { readonly kind: 'probeReply'; readonly token: number };

const kindBytes = {
  consensus: 1,
  hello: 2,
  welcome: 3,
  forward: 4,
  touch: 5,
  probe: 6,
  probeReply: 7,
} as const;

/** Bytes of a peer message. */
export function encodePeerMessage(message: PeerMessage): Uint8Array {
  const writer = new ByteWriter(message.kind === 'consensus' ? message.message.length + 1 : 256);
  writer.writeUint8(kindBytes[message.kind]);
  switch (message.kind) {
    case 'consensus':
      writer.writeBytes(message.message);
      break;
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
    default:
      return unreachable(message);
  }
  return writer.finish();
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
      throw new MalformedInput(`unknown kind of peer message ${kind}`);
  }
}

function readTerm(reader: ByteReader): Term {
  const value = reader.readInt32();
  if (value < 0 || value >= 2 ** 21) throw new MalformedInput(`term ${value} out of range`);
  return term(value);
}

function writeOrigin(writer: ByteWriter, origin: Origin): void {
  writer.writeUint8(origin.member);
  writer.writeInt64(origin.incarnation);
  writer.writeInt64(origin.life);
}

function readOrigin(reader: ByteReader): Origin {
  const member = reader.readUint8();
  const life = { incarnation: reader.readSafeInteger(), life: reader.readSafeInteger() };
  if (member === 0 || life.incarnation >= 2 ** 48) throw new MalformedInput('not an origin');
  return { member: memberId(member), incarnation: incarnation(life.incarnation), life: life.life };
}
