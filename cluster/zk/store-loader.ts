/**
 * Builds a store's content from an image, beside whatever the store holds. Bytes may come cut
 * anywhere; whatever they are, the end is the state that the image's digest names, or `MalformedInput`.
 */
import { type ByteReader, MalformedInput } from '../base/bytes.ts';
import { type LogIndex, type Term, type Zxid, zxid, zxidOf } from '../base/ids.ts';
import type { Membership } from '../base/membership.ts';
import type { SharedAcl } from './acl-cache.ts';
import { ChunkReader } from './image-chunks.ts';
import { decodeHeader, type ImageHeader } from './image-header.ts';
import { readOriginRecord, readSessionRecord, readZnode, tags } from './image-records.ts';
import { readAcl, readBlob } from './request-codec.ts';
import { digestOf, type StoreState, stateWith } from './store-state.ts';
import { TreeLoader } from './tree-loader.ts';

/** The content of an image, verified, to be put in place with `Store.install`. */
export interface LoadedState {
  readonly index: LogIndex;
  readonly term: Term;
  readonly zxid: Zxid;
  readonly digest: string;
  readonly membership: Membership;
  readonly znodeCount: number;
  readonly state: StoreState;
}

/** `push` everything, then `finish`. A push is as much work as it has bytes. After an error it is of no use. */
export class StoreLoader {
  readonly #chunks = new ChunkReader((records) => this.#readRecords(records));
  readonly #tree = new TreeLoader();
  readonly #state = stateWith(this.#tree.tree);
  readonly #acls: SharedAcl[] = [];
  readonly #aclOf = (id: number): SharedAcl => this.#acl(id);
  #header: ImageHeader | null = null;
  #hasEnd = false;
  #sessions = 0;
  #origins = 0;

  /** The next bytes of the image. Throws `MalformedInput`. */
  push(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
  }

  /** Verifies the whole against the image's own word, at little cost. Throws `MalformedInput`. */
  finish(): LoadedState {
    const header = this.#header;
    if (header === null || !this.#hasEnd || !this.#chunks.isBetweenRecords) {
      throw new MalformedInput('a store image without its end');
    }
    const state = this.#state;
    this.#checkCounts(header);
    this.#tree.check((session) => state.sessions.get(session) !== undefined);
    state.membership.replace(header.membership);
    const digest = digestOf(state);
    if (digest !== header.digest) {
      throw new MalformedInput(`a store image whose content has digest ${digest}, not ${header.digest}`);
    }
    const { index, term, membership } = header;
    return { index, term, zxid: state.zxid, digest, membership, znodeCount: state.tree.count, state };
  }

  #readRecords(records: ByteReader): void {
    while (records.remaining > 0) {
      if (this.#hasEnd) throw new MalformedInput('a store image that goes on after its end');
      const tag = records.readUint8();
      if ((tag === tags.header) !== (this.#header === null)) throw new MalformedInput('a misplaced header');
      this.#readRecord(tag, records);
    }
  }

  #readRecord(tag: number, records: ByteReader): void {
    switch (tag) {
      case tags.header:
        this.#begin(decodeHeader(readBlob(records)));
        return;
      case tags.acl:
        this.#acls.push(this.#tree.aclOf(readAcl(records)));
        return;
      case tags.znode:
        this.#tree.add(readZnode(records, this.#aclOf));
        return;
      case tags.session:
        this.#state.sessions.set(readSessionRecord(records));
        this.#sessions += 1;
        return;
      case tags.origin:
        this.#state.origins.load(readOriginRecord(records));
        this.#origins += 1;
        return;
      case tags.end:
        this.#hasEnd = true;
        return;
      default:
        throw new MalformedInput(`a record of unknown kind ${tag}`);
    }
  }

  #begin(header: ImageHeader): void {
    this.#header = header;
    this.#state.appliedIndex = header.index;
    this.#state.term = header.term;
    this.#state.entriesOfTerm = header.entriesOfTerm;
    this.#state.zxid = header.index === 0 ? zxid(0) : zxidOf(header.term, header.entriesOfTerm - 1);
  }

  #acl(id: number): SharedAcl {
    const acl = this.#acls[id];
    if (acl === undefined) throw new MalformedInput(`unknown ACL ${id}`);
    return acl;
  }

  /** Twice the same session or origin counts as two and is one. */
  #checkCounts(header: ImageHeader): void {
    const { tree, sessions, origins } = this.#state;
    const isWhole =
      tree.count === header.znodes &&
      sessions.count === header.sessions &&
      this.#sessions === header.sessions &&
      origins.count === header.origins &&
      this.#origins === header.origins;
    if (!isWhole) throw new MalformedInput('a store image with other counts than its header says');
  }
}
