/** The fields of appendEntries as bytes: where the entries go, and the entries. */
import { ByteReader, type ByteWriter, MalformedInput } from '../base/bytes.ts';
import type { Entry, EntryKind } from '../base/entry.ts';
import { nextIndex, type Term } from '../base/ids.ts';
import { readMembershipRecord } from '../base/membership-codec.ts';
import { readIndex, readTerm } from './codec-fields.ts';
import type { AppendEntries } from './messages.ts';

const kinds = ['command', 'noop', 'membership'] as const satisfies readonly EntryKind[];
const kindCodes = { command: 0, noop: 1, membership: 2 } as const satisfies Record<EntryKind, number>;
/** Term, kind, length. */
const entryHeaderBytes = 4 + 1 + 4;
/** Kind, term, previous entry, commit, count; with room. */
const fieldsBytes = 64;

/** About how many bytes the message takes. */
export function appendBytes({ entries }: AppendEntries): number {
  let bytes = fieldsBytes;
  for (const entry of entries) bytes += entryHeaderBytes + entry.payload.length;
  return bytes;
}

/** Entries follow `previousIndex` one by one, so their indexes are not written. */
export function writeAppend(writer: ByteWriter, message: AppendEntries): void {
  writer.writeInt64(message.previousIndex);
  writer.writeUint32(message.previousTerm);
  writer.writeInt64(message.commit);
  writer.writeInt32(message.entries.length);
  for (const entry of message.entries) {
    writer.writeUint32(entry.term);
    writer.writeUint8(kindCodes[entry.kind]);
    writer.writeBuffer(entry.payload);
  }
}

export function readAppend(reader: ByteReader, term: Term): AppendEntries {
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
    const kind = kinds[reader.readUint8()];
    if (kind === undefined) throw new MalformedInput('unknown kind of entry');
    const payload = reader.readBuffer();
    if (payload === null) throw new MalformedInput('an entry without payload');
    if (kind === 'membership') checkRecord(payload);
    entries.push({ index, term: entryTerm, kind, payload });
  }
  if (termBefore > term) throw new MalformedInput('an entry from a later term than its leader');
  return { kind: 'appendEntries', term, previousIndex, previousTerm, commit, entries };
}

/** A log holds no membership that cannot be obeyed. */
function checkRecord(payload: Uint8Array): void {
  const reader = new ByteReader(payload);
  readMembershipRecord(reader);
  reader.expectEnd();
}
