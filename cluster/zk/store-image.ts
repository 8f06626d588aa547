/**
 * An image of the store, written bit by bit while the store goes on: it shows the moment it began.
 *
 * Memory: besides the chunk under way, it holds the encoded form of what changed since the last
 * `next`, each znode at most once: no more than the image is long, and with a caller that goes on,
 * what the entries applied in between touch. Sessions and origins are a list of references.
 */
import { assert } from '../base/assert.ts';
import type { LogIndex, Term, Zxid } from '../base/ids.ts';
import type { SharedAcl } from './acl-cache.ts';
import { ChunkWriter } from './image-chunks.ts';
import { encodeHeader } from './image-header.ts';
import {
  originBytesMax,
  sessionBytesMax,
  tags,
  writeOrigin,
  writeSession,
  writeZnode,
  znodeBytesMax,
} from './image-records.ts';
import type { OriginRecord } from './origins.ts';
import { writeAcl } from './request-codec.ts';
import type { SessionRecord } from './sessions.ts';
import { digestOf, type StoreState } from './store-state.ts';
import type { TreeImage } from './tree-image.ts';
import type { ZnodeRow } from './znode.ts';

export interface StoreImage {
  /** The last entry that it contains. */
  readonly index: LogIndex;
  readonly term: Term;
  readonly zxid: Zxid;
  /** As `Store.digest` was. */
  readonly digest: string;
  readonly znodeCount: number;
  /**
   * The next chunk, of at most `imageChunkBytesMax` bytes, after looking at no more than `znodesMax`
   * znodes; null when the image is complete. May be nearly empty: what it looked at was there already.
   */
  next(znodesMax: number): Uint8Array | null;
  /** Gives it up. Changes cost nothing more; `next` answers null. Harmless when it is complete. */
  abandon(): void;
}

/** An ACL entry of the wire is at most this much larger than its two strings. */
const aclEntryBytesMax = 16;

export function beginStoreImage(state: StoreState): StoreImage {
  return new ImageOfState(state);
}

class ImageOfState implements StoreImage {
  readonly index: LogIndex;
  readonly term: Term;
  readonly zxid: Zxid;
  readonly digest: string;
  readonly znodeCount: number;
  readonly #state: StoreState;
  readonly #znodes: TreeImage;
  readonly #sessions: Iterator<SessionRecord>;
  readonly #origins: Iterator<OriginRecord>;
  readonly #chunks = new ChunkWriter();
  /** Number of every ACL list written so far, by its key. */
  readonly #acls = new Map<string, number>();
  #stage: 'content' | 'end' | 'over' = 'content';

  constructor(state: StoreState) {
    const { tree, sessions, origins } = state;
    this.#state = state;
    this.index = state.appliedIndex;
    this.term = state.term;
    this.zxid = state.zxid;
    this.digest = digestOf(state);
    this.znodeCount = tree.count;
    this.#znodes = tree.beginImage((znode) => this.#writeZnode(znode));
    this.#sessions = [...sessions.all()].values();
    const streams = origins.all();
    this.#origins = streams.values();
    const header = encodeHeader({
      index: this.index,
      term: this.term,
      entriesOfTerm: state.entriesOfTerm,
      digest: this.digest,
      znodes: tree.count,
      sessions: sessions.count,
      origins: streams.length,
      membership: state.membership.current,
    });
    const writer = this.#chunks.room(header.length + 5);
    writer.writeUint8(tags.header);
    writer.writeBuffer(header);
  }

  next(znodesMax: number): Uint8Array | null {
    assert(znodesMax >= 1, 'an image goes on by at least one znode', { znodesMax });
    for (let left = znodesMax; left > 0 && this.#stage === 'content' && !this.#chunks.hasChunk; left -= 1) {
      this.#step();
    }
    if (this.#stage === 'over' || (this.#stage === 'end' && this.#chunks.isEmpty)) return this.#end();
    return this.#chunks.take();
  }

  abandon(): void {
    this.#end();
  }

  #end(): null {
    if (this.#stage !== 'over') this.#state.tree.endImage();
    this.#stage = 'over';
    return null;
  }

  #step(): void {
    if (!this.#znodes.isComplete) {
      this.#znodes.step();
      return;
    }
    const session = this.#sessions.next();
    if (session.done !== true) {
      writeSession(this.#chunks.room(sessionBytesMax(session.value)), session.value);
      return;
    }
    const origin = this.#origins.next();
    if (origin.done !== true) {
      writeOrigin(this.#chunks.room(originBytesMax), origin.value);
      return;
    }
    this.#chunks.room(1).writeUint8(tags.end);
    this.#stage = 'end';
  }

  #writeZnode(znode: ZnodeRow): void {
    const acl = this.#acls.get(znode.acl.key) ?? this.#writeAcl(znode.acl);
    const told = { path: znode.path, data: znode.peekData(), fields: znode };
    writeZnode(this.#chunks.room(znodeBytesMax(znode)), told, acl);
  }

  #writeAcl({ acl, key }: SharedAcl): number {
    const id = this.#acls.size;
    this.#acls.set(key, id);
    // UTF-8 takes up to three bytes per unit, and the key holds every string.
    const writer = this.#chunks.room(16 + acl.length * aclEntryBytesMax + key.length * 3);
    writer.writeUint8(tags.acl);
    writeAcl(writer, acl);
    return id;
  }
}
