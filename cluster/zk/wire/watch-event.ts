/** Watch events on the wire (`WatcherEvent`, under the reserved request number -1). */
import { type ByteReader, MalformedInput } from '../../base/bytes.ts';
import type { WatchEvent, WatchEventKind } from '../records.ts';
import { reservedXids } from './opcodes.ts';
import { encodePacket } from './packet.ts';
import { readText } from './records.ts';

/** `Watcher.Event.EventType`. */
const eventTypes = {
  nodeCreated: 1,
  nodeDeleted: 2,
  nodeDataChanged: 3,
  nodeChildrenChanged: 4,
} as const satisfies Record<WatchEventKind, number>;

const kinds = new Map<number, WatchEventKind>(
  Object.entries(eventTypes).map(([kind, type]) => [type, kind as WatchEventKind]),
);

/** `Watcher.Event.KeeperState.SyncConnected`. */
const syncConnected = 3;

/** One event as a packet. Its header carries zxid -1: an event moves nobody's last seen zxid. */
export function encodeWatchEvent(event: WatchEvent): Uint8Array {
  return encodePacket((writer) => {
    writer.writeInt32(reservedXids.watchEvent);
    writer.writeInt64(-1);
    writer.writeInt32(0);
    writer.writeInt32(eventTypes[event.kind]);
    writer.writeInt32(syncConnected);
    writer.writeString(event.path);
  });
}

/** Reads the event after its header. Throws `MalformedInput`. */
export function readWatchEvent(reader: ByteReader): WatchEvent {
  const type = reader.readInt32();
  reader.readInt32();
  const kind = kinds.get(type);
  if (kind === undefined) throw new MalformedInput(`unknown type of watch event ${type}`);
  return { kind, path: readText(reader) };
}
