/** One znode as the tree holds it (`DataNode` with its `StatPersisted`), and the Stat that clients see. */
import type { SessionId, Zxid } from '../base/ids.ts';
import type { SharedAcl } from './acl-cache.ts';
import type { Stat } from './records.ts';

/** The mutable form: only `tree.ts`, its journal, its images and their loader write to it. */
export class ZnodeState {
  readonly path: string;
  /** Null for the root, and while an image is loaded. */
  parent: ZnodeState | null;
  readonly czxid: Zxid;
  readonly ctimeMs: number;
  /** 0 unless ephemeral. */
  readonly owner: SessionId;
  data: Uint8Array;
  acl: SharedAcl;
  mzxid: Zxid;
  mtimeMs: number;
  pzxid: Zxid;
  version = 0;
  aversion = 0;
  /** Children ever created: `StatPersisted.cversion`, and the next sequential name. */
  childrenCreated = 0;
  /** Names of the children; null until the first, since most znodes never have one. */
  children: Set<string> | null = null;
  /** Hash of path and data, kept because large data rarely changes when the rest does. */
  contentA = 0;
  contentB = 0;
  /** Number of the last image that needs nothing more of this znode: it is in it, or came after it began. */
  imaged: number;

  constructor(birth: ZnodeBirth) {
    this.path = birth.path;
    this.parent = birth.parent;
    this.czxid = birth.zxid;
    this.ctimeMs = birth.timeMs;
    this.owner = birth.owner;
    this.data = birth.data;
    this.acl = birth.acl;
    this.mzxid = birth.zxid;
    this.mtimeMs = birth.timeMs;
    this.pzxid = birth.zxid;
    this.imaged = birth.imaged;
  }
}

/** What a znode starts with. */
export interface ZnodeBirth {
  readonly path: string;
  readonly parent: ZnodeState | null;
  readonly data: Uint8Array;
  readonly acl: SharedAcl;
  readonly owner: SessionId;
  readonly zxid: Zxid;
  readonly timeMs: number;
  readonly imaged: number;
}

/** A znode for everyone but the tree. */
export type Znode = Readonly<Omit<ZnodeState, 'children' | 'parent'>> & {
  readonly parent: Znode | null;
  readonly children: ReadonlySet<string> | null;
};

/**
 * The Stat of a znode (`DataNode.copyStat`). The tree counts created children; clients expect the
 * count of changes, creates and deletes: every created child that is gone was deleted once.
 */
export function statOf(znode: Znode): Stat {
  const numChildren = znode.children === null ? 0 : znode.children.size;
  return {
    czxid: znode.czxid,
    mzxid: znode.mzxid,
    ctimeMs: znode.ctimeMs,
    mtimeMs: znode.mtimeMs,
    version: znode.version,
    cversion: (znode.childrenCreated * 2 - numChildren) | 0,
    aversion: znode.aversion,
    ephemeralOwner: znode.owner,
    dataLength: znode.data.length,
    numChildren,
    pzxid: znode.pzxid,
  };
}
