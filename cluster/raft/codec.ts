/**
 * Messages and hard state as bytes. A message is its kind (8 bits), its term (32) and its fields;
 * indexes take 64 bits. What does not follow the format, or could not come from a correct member, is
 * refused as a value: input from a socket never throws past this file.
 */
import { unreachable } from '../base/assert.ts';
import { ByteReader, ByteWriter, MalformedInput } from '../base/bytes.ts';
import { memberId, type Term, term as termOf } from '../base/ids.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { appendBytes, readAppend, writeAppend } from './append-codec.ts';
import { readIncarnation, readIndex, readIndexOrNull, readTerm } from './codec-fields.ts';
import type { AppendRejected, RaftMessage, RequestVote, VoteAnswer } from './messages.ts';
import type { HardState } from './state.ts';

const kindCodes = {
  preVote: 1,
  preVoteReply: 2,
  requestVote: 3,
  requestVoteReply: 4,
  appendEntries: 5,
  appendAccepted: 6,
  appendRejected: 7,
  heartbeat: 8,
  heartbeatReply: 9,
  commitNotice: 10,
  readRequest: 11,
  readReply: 12,
  staleTerm: 13,
  timeoutNow: 14,
  snapshotOffer: 15,
  lastRequest: 16,
  lastReply: 17,
} as const satisfies Record<RaftMessage['kind'], number>;

const kinds: ReadonlyMap<number, RaftMessage['kind']> = new Map(
  Object.entries(kindCodes).map(([kind, code]) => [code, kind as RaftMessage['kind']]),
);

const hardStateFormat = 2;
/** Format, term, member id, incarnation. */
const hardStateBytes = 1 + 4 + 1 + 8;
const messageBytesTypical = 64;

/** The bytes of a message. */
export function encodeMessage(message: RaftMessage): Uint8Array {
  const writer = new ByteWriter(
    message.kind === 'appendEntries' ? appendBytes(message) : messageBytesTypical,
  );
  writer.writeUint8(kindCodes[message.kind]);
  writer.writeUint32(message.term);
  writeFields(writer, message);
  return writer.finish();
}

/** The message in `bytes`, whose payloads are views on them; or why there is none. */
export function decodeMessage(bytes: Uint8Array): Result<RaftMessage, string> {
  return refusing(() => {
    const reader = new ByteReader(bytes);
    const kind = kinds.get(reader.readUint8());
    if (kind === undefined) throw new MalformedInput('unknown kind of message');
    const message = readFields(reader, kind, readTerm(reader));
    reader.expectEnd();
    return message;
  });
}

/** The bytes of a term and a vote. */
export function encodeHardState({ term, votedFor }: HardState): Uint8Array {
  const writer = new ByteWriter(hardStateBytes);
  writer.writeUint8(hardStateFormat);
  writer.writeUint32(term);
  writer.writeUint8(votedFor?.id ?? 0);
  writer.writeInt64(votedFor?.incarnation ?? 0);
  return writer.finish();
}

/** The hard state of a founder: its first entry is of term 1, in which nobody was elected. */
export function encodeInitialHardState(): Uint8Array {
  return encodeHardState({ term: termOf(1), votedFor: null });
}

/** The term and vote in `bytes`, or why there is none. */
export function decodeHardState(bytes: Uint8Array): Result<HardState, string> {
  return refusing(() => {
    const reader = new ByteReader(bytes);
    if (reader.readUint8() !== hardStateFormat) throw new MalformedInput('unknown format of hard state');
    const term = readTerm(reader);
    const id = reader.readUint8();
    const incarnation = readIncarnation(reader);
    reader.expectEnd();
    return { term, votedFor: id === 0 ? null : { id: memberId(id), incarnation } };
  });
}

function refusing<Value>(decode: () => Value): Result<Value, string> {
  try {
    return ok(decode());
  } catch (failure) {
    if (failure instanceof MalformedInput) return fail(failure.message);
    throw failure;
  }
}

function writeFields(writer: ByteWriter, message: RaftMessage): void {
  switch (message.kind) {
    case 'preVote':
      writer.writeInt64(message.lastIndex);
      writer.writeUint32(message.lastTerm);
      return;
    case 'requestVote':
      writer.writeInt64(message.lastIndex);
      writer.writeUint32(message.lastTerm);
      writer.writeBoolean(message.reason === 'handedOver');
      return;
    case 'preVoteReply':
    case 'requestVoteReply':
      writer.writeBoolean(message.verdict === 'granted');
      return;
    case 'appendEntries':
      return writeAppend(writer, message);
    case 'appendAccepted':
      return writer.writeInt64(message.match);
    case 'appendRejected':
      writer.writeInt64(message.previousIndex);
      writer.writeInt64(message.hintIndex);
      writer.writeUint32(message.hintTerm);
      return;
    case 'heartbeat':
      writer.writeInt64(message.commit);
      writer.writeInt64(message.match);
      writer.writeInt64(message.sent);
      writer.writeInt64(message.round);
      return;
    case 'heartbeatReply':
      writer.writeInt64(message.round);
      writer.writeInt64(message.sent);
      writer.writeInt64(message.received);
      return;
    case 'commitNotice':
      return writer.writeInt64(message.commit);
    case 'readRequest':
      return writer.writeInt64(message.ticket);
    case 'readReply':
      writer.writeInt64(message.ticket);
      writer.writeInt64(message.index ?? -1);
      return;
    case 'staleTerm':
    case 'timeoutNow':
      return;
    case 'snapshotOffer':
      writer.writeInt64(message.index);
      writer.writeUint32(message.snapshotTerm);
      return;
    case 'lastRequest':
      return writer.writeInt64(message.nonce);
    case 'lastReply':
      writer.writeInt64(message.nonce);
      writer.writeInt64(message.last);
      return;
    default:
      return unreachable(message);
  }
}

function readFields(reader: ByteReader, kind: RaftMessage['kind'], term: Term): RaftMessage {
  switch (kind) {
    case 'preVote':
      return { kind, term, lastIndex: readIndex(reader), lastTerm: readTerm(reader) };
    case 'requestVote':
      return readRequestVote(reader, term);
    case 'preVoteReply':
    case 'requestVoteReply':
      return { kind, term, verdict: readVerdict(reader) };
    case 'appendEntries':
      return readAppend(reader, term);
    case 'appendAccepted':
      return { kind, term, match: readIndex(reader) };
    case 'appendRejected':
      return readRejection(reader, term);
    case 'heartbeat':
      return {
        kind,
        term,
        commit: readIndex(reader),
        match: readIndex(reader),
        sent: readIndex(reader),
        round: reader.readSafeInteger(),
      };
    case 'heartbeatReply':
      return {
        kind,
        term,
        round: reader.readSafeInteger(),
        sent: readIndex(reader),
        received: readIndex(reader),
      };
    case 'commitNotice':
      return { kind, term, commit: readIndex(reader) };
    case 'readRequest':
      return { kind, term, ticket: reader.readSafeInteger() };
    case 'readReply':
      return { kind, term, ticket: reader.readSafeInteger(), index: readIndexOrNull(reader) };
    case 'staleTerm':
    case 'timeoutNow':
      return { kind, term };
    case 'snapshotOffer':
      return { kind, term, index: readIndex(reader), snapshotTerm: readTerm(reader) };
    case 'lastRequest':
      return { kind, term, nonce: reader.readSafeInteger() };
    case 'lastReply':
      return { kind, term, nonce: reader.readSafeInteger(), last: readIndex(reader) };
    default:
      return unreachable(kind);
  }
}

/** Every log agrees before its first entry, so index 0 cannot be refused; a hint goes back, never on. */
function readRejection(reader: ByteReader, term: Term): AppendRejected {
  const previousIndex = readIndex(reader);
  const hintIndex = readIndex(reader);
  const hintTerm = readTerm(reader);
  if (previousIndex === 0 || hintIndex > previousIndex) throw new MalformedInput('an impossible refusal');
  return { kind: 'appendRejected', term, previousIndex, hintIndex, hintTerm };
}

function readRequestVote(reader: ByteReader, term: Term): RequestVote {
  const lastIndex = readIndex(reader);
  const lastTerm = readTerm(reader);
  const reason = reader.readBoolean() ? 'handedOver' : 'noLeader';
  return { kind: 'requestVote', term, lastIndex, lastTerm, reason };
}

function readVerdict(reader: ByteReader): VoteAnswer {
  return reader.readBoolean() ? 'granted' : 'refused';
}
