/** Terms and indexes as they stand in every message and in the hard state. */
import { type ByteReader, MalformedInput } from '../base/bytes.ts';
import {
  type Incarnation,
  incarnation,
  type LogIndex,
  logIndex,
  type Term,
  term as termOf,
} from '../base/ids.ts';

/** Terms must stay below this for zxids to be safe integers (DESIGN.md 5.3). */
const termLimit = 2 ** 21;
const incarnationLimit = 2 ** 48;

export function readTerm(reader: ByteReader): Term {
  const value = reader.readUint32();
  if (value >= termLimit) throw new MalformedInput('term out of range');
  return termOf(value);
}

export function readIndex(reader: ByteReader): LogIndex {
  return logIndex(reader.readSafeInteger());
}

export function readIndexOrNull(reader: ByteReader): LogIndex | null {
  const value = reader.readInt64();
  if (value === -1) return null;
  if (!Number.isSafeInteger(value) || value < 0) throw new MalformedInput('integer out of range');
  return logIndex(value);
}

export function readIncarnation(reader: ByteReader): Incarnation {
  const value = reader.readSafeInteger();
  if (value >= incarnationLimit) throw new MalformedInput('incarnation out of range');
  return incarnation(value);
}
