/** The records of ZooKeeper's data model (`zookeeper.jute`, package `org.apache.zookeeper.data`). */
import type { SessionId, Zxid } from '../base/ids.ts';

/** `Stat`, sent with every read of a znode. */
export interface Stat {
  readonly czxid: Zxid;
  readonly mzxid: Zxid;
  /** Milliseconds since 1970, of the entry's proposer. */
  readonly ctimeMs: number;
  readonly mtimeMs: number;
  readonly version: number;
  readonly cversion: number;
  readonly aversion: number;
  /** Session of an ephemeral znode, else 0. */
  readonly ephemeralOwner: SessionId;
  readonly dataLength: number;
  readonly numChildren: number;
  readonly pzxid: Zxid;
}

/** Permission bits (`ZooDefs.Perms`). */
export const permissions = { read: 1, write: 2, create: 4, delete: 8, admin: 16, all: 31 } as const;

/** `Id`: who, under a scheme such as `world`, `auth`, `digest`, `ip`. */
export interface AuthId {
  readonly scheme: string;
  readonly id: string;
}

/** `ACL`: permission bits for one identity. */
export interface Acl {
  readonly permissions: number;
  readonly scheme: string;
  readonly id: string;
}

/** `CreateMode` flags of the wire. */
export type CreateMode = 'persistent' | 'ephemeral' | 'persistentSequential' | 'ephemeralSequential';

/** What happened to a znode (`Watcher.Event.EventType`). */
export type WatchEventKind = 'nodeCreated' | 'nodeDeleted' | 'nodeDataChanged' | 'nodeChildrenChanged';

export interface WatchEvent {
  readonly kind: WatchEventKind;
  readonly path: string;
}
