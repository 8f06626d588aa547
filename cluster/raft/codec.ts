/**
 * Messages and hard state as bytes. A message is its kind (8 bits), its term (32) and its fields;
 * indexes take 64 bits. What does not follow the format, or could not come from a correct member, is
 * refused as a value: input from a socket never throws past this file.
 */
import { unreachable } from '../base/assert.ts';
import { ByteReader, ByteWriter, MalformedInput } from '../base/bytes.ts';
import type { Entry } from '../base/entry.ts';
import { type LogIndex, logIndex, memberId, nextIndex, type Term, term as termOf } from '../base/ids.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { AppendEntries, AppendRejected, RaftMessage, VoteAnswer } from './messages.ts';
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
} as const satisfies Record<RaftMessage['kind'], number>;

const kinds: ReadonlyMap<number, RaftMessage['kind']> = new Map(
  Object.entries(kindCodes).map(([kind, code]) => [code, kind as RaftMessage['kind']]),
);

/** Terms must stay below this for zxids to be safe integers (DESIGN.md 5.3). */
const termLimit = 2 ** 21;
const hardStateFormat = 1;
const messageBytesTypical = 64;
/** Term, kind, length. */
const entryHeaderBytes = 4 + 1 + 4;

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
  const writer = new ByteWriter(6);
  writer.writeUint8(hardStateFormat);
  writer.writeUint32(term);
  writer.writeUint8(votedFor ?? 0);
  return writer.finish();
}

/** The term and vote in `bytes`, or why there is none. */
export function decodeHardState(bytes: Uint8Array): Result<HardState, string> {
  return refusing(() => {
    const reader = new ByteReader(bytes);
    if (reader.readUint8() !== hardStateFormat) throw new MalformedInput('unknown format of hard state');
    const term = readTerm(reader);
    const vote = reader.readUint8();
    reader.expectEnd();
    return { term, votedFor: vote === 0 ? null : memberId(vote) };
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
    case 'requestVote':
      writer.writeInt64(message.lastIndex);
      writer.writeUint32(message.lastTerm);
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
      return;
    default:
      return unreachable(message);
  }
}

function readFields(reader: ByteReader, kind: RaftMessage['kind'], term: Term): RaftMessage {
  switch (kind) {
    case 'preVote':
    case 'requestVote':
      return { kind, term, lastIndex: readIndex(reader), lastTerm: readTerm(reader) };
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
      return { kind, term };
    default:
      return unreachable(kind);
  }
}

function appendBytes({ entries }: AppendEntries): number {
  let bytes = messageBytesTypical;
  for (const entry of entries) bytes += entryHeaderBytes + entry.payload.length;
  return bytes;
}

/** Entries follow `previousIndex` one by one, so their indexes are not written. */
function writeAppend(writer: ByteWriter, message: AppendEntries): void {
  writer.writeInt64(message.previousIndex);
  writer.writeUint32(message.previousTerm);
  writer.writeInt64(message.commit);
  writer.writeInt32(message.entries.length);
  for (const entry of message.entries) {
    writer.writeUint32(entry.term);
    writer.writeBoolean(entry.kind === 'noop');
    writer.writeBuffer(entry.payload);
  }
}

function readAppend(reader: ByteReader, term: Term): AppendEntries {
  const previousIndex = readIndex(reader);
  const previousTerm = readTerm(reader);
  const commit = readIndex(reader);
  const count = reader.readCount(entryHeaderBytes);
  const entries: Entry[] = [];
  let index = previousIndex;
  let termBefore = previousTerm;
  for (let read = 0; read < count; read += 1) {
    if (index === Number.MAX_SAFE_INTEGER) throw new MalformedInput('an index past the last');
    index = nextIndex(index);
    const entryTerm = readTerm(reader);
    if (entryTerm < termBefore) throw new MalformedInput('terms fall along the log');
    termBefore = entryTerm;
    const kind = reader.readBoolean() ? 'noop' : 'command';
    const payload = reader.readBuffer();
    if (payload === null) throw new MalformedInput('an entry without payload');
    entries.push({ index, term: entryTerm, kind, payload });
  }
  if (termBefore > term) throw new MalformedInput('an entry from a later term than its leader');
  return { kind: 'appendEntries', term, previousIndex, previousTerm, commit, entries };
}

/** Every log agrees before its first entry, so index 0 cannot be refused; a hint goes back, never on. */
function readRejection(reader: ByteReader, term: Term): AppendRejected {
  const previousIndex = readIndex(reader);
  const hintIndex = readIndex(reader);
  const hintTerm = readTerm(reader);
  if (previousIndex === 0 || hintIndex > previousIndex) throw new MalformedInput('an impossible refusal');
  return { kind: 'appendRejected', term, previousIndex, hintIndex, hintTerm };
}

function readTerm(reader: ByteReader): Term {
  const value = reader.readUint32();
  if (value >= termLimit) throw new MalformedInput('term out of range');
  return termOf(value);
}

function readIndex(reader: ByteReader): LogIndex {
  return logIndex(reader.readSafeInteger());
}

function readIndexOrNull(reader: ByteReader): LogIndex | null {
  const value = reader.readInt64();
  if (value === -1) return null;
  if (!Number.isSafeInteger(value) || value < 0) throw new MalformedInput('integer out of range');
  return logIndex(value);
}

function readVerdict(reader: ByteReader): VoteAnswer {
  return reader.readBoolean() ? 'granted' : 'refused';
}
