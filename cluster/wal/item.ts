/** What a frame holds: the bytes of its items, each a kind and a body. */
import { unreachable } from '../base/assert.ts';
import { type ByteReader, type ByteWriter, MalformedInput } from '../base/bytes.ts';
import type { Entry, EntryKind } from '../base/entry.ts';
import { logIndex, term } from '../base/ids.ts';
import type { LogPoint } from './point.ts';

/** Term and vote as consensus encodes them, and how many there were before: of two copies the later one holds. */
export interface StoredHardState {
  /** 0: none was ever stored. */
  readonly version: number;
  readonly bytes: Uint8Array | null;
}

/** What holds where a segment begins. */
export interface SegmentStart {
  readonly life: number;
  /** The segment before it and how much of that counts; segment 0: the log begins here. */
  readonly previous: { readonly segment: number; readonly bytes: number };
  /** The last entry before this segment. */
  readonly last: LogPoint;
  readonly hardState: StoredHardState;
}

export type Item =
  | { readonly kind: 'start'; readonly start: SegmentStart }
  | { readonly kind: 'hardState'; readonly hardState: StoredHardState }
  | { readonly kind: 'entry'; readonly entry: Entry };

const itemKinds = { start: 1, hardState: 2, entry: 3 } as const;
const entryKinds: readonly EntryKind[] = ['command', 'noop', 'membership'];
const termLimit = 2 ** 21;

export function writeItem(writer: ByteWriter, item: Item): void {
  writer.writeUint8(itemKinds[item.kind]);
  switch (item.kind) {
    case 'start':
      writer.writeInt64(item.start.life);
      writer.writeInt64(item.start.previous.segment);
      writer.writeInt64(item.start.previous.bytes);
      writePoint(writer, item.start.last);
      writeHardState(writer, item.start.hardState);
      break;
    case 'hardState':
      writeHardState(writer, item.hardState);
      break;
    case 'entry':
      writer.writeInt64(item.entry.index);
      writer.writeInt32(item.entry.term);
      writer.writeUint8(entryKinds.indexOf(item.entry.kind));
      writer.writeBuffer(item.entry.payload);
      break;
    default:
      unreachable(item);
  }
}

/** Throws `MalformedInput`. */
export function readItems(reader: ByteReader): readonly Item[] {
  const items: Item[] = [];
  while (reader.remaining > 0) items.push(readItem(reader));
  return items;
}

function readItem(reader: ByteReader): Item {
  const kind = reader.readUint8();
  switch (kind) {
    case itemKinds.start:
      return { kind: 'start', start: readStart(reader) };
    case itemKinds.hardState:
      return { kind: 'hardState', hardState: readHardState(reader) };
    case itemKinds.entry: {
      const { index, term: at } = readPoint(reader);
      const entryKind = entryKinds[reader.readUint8()];
      const payload = reader.readBuffer();
      if (entryKind === undefined || payload === null) throw new MalformedInput('not an entry');
      return { kind: 'entry', entry: { index, term: at, kind: entryKind, payload } };
    }
    default:
      throw new MalformedInput(`unknown kind of item ${kind}`);
  }
}

function readStart(reader: ByteReader): SegmentStart {
  return {
    life: reader.readSafeInteger(),
    previous: { segment: reader.readSafeInteger(), bytes: reader.readSafeInteger() },
    last: readPoint(reader),
    hardState: readHardState(reader),
  };
}

export function writePoint(writer: ByteWriter, point: LogPoint): void {
  writer.writeInt64(point.index);
  writer.writeInt32(point.term);
}

/** Throws `MalformedInput`. */
export function readPoint(reader: ByteReader): LogPoint {
  const index = reader.readSafeInteger();
  const at = reader.readInt32();
  if (at < 0 || at >= termLimit) throw new MalformedInput(`not a term: ${at}`);
  return { index: logIndex(index), term: term(at) };
}

function writeHardState(writer: ByteWriter, { version, bytes }: StoredHardState): void {
  writer.writeInt64(version);
  writer.writeBuffer(bytes);
}

function readHardState(reader: ByteReader): StoredHardState {
  return { version: reader.readSafeInteger(), bytes: reader.readBuffer() };
}
