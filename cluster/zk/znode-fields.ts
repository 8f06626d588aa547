/** What a znode is made with: by a request, or by an image. */
import type { SessionId, Zxid } from '../base/ids.ts';
import type { SharedAcl } from './acl-cache.ts';
import type { ZnodeRow } from './znode.ts';
import { numberAt, wordAt } from './znode-rows.ts';

/** Everything of a znode but its place among the others. */
export interface LoadedZnode {
  readonly path: string;
  /** The tree keeps a copy. */
  readonly data: Uint8Array;
  readonly acl: SharedAcl;
  readonly fields: ZnodeFields;
}

export interface ZnodeFields {
  readonly owner: SessionId;
  readonly czxid: Zxid;
  readonly mzxid: Zxid;
  readonly pzxid: Zxid;
  readonly ctimeMs: number;
  readonly mtimeMs: number;
  readonly version: number;
  readonly aversion: number;
  readonly childrenCreated: number;
}

/** The fields of a znode that is created now. */
export function newborn(
  { zxid, timeMs }: { readonly zxid: Zxid; readonly timeMs: number },
  owner: SessionId,
): ZnodeFields {
  const zeros = { version: 0, aversion: 0, childrenCreated: 0 };
  return { owner, czxid: zxid, mzxid: zxid, pzxid: zxid, ctimeMs: timeMs, mtimeMs: timeMs, ...zeros };
}

export function writeFields(znode: ZnodeRow, fields: ZnodeFields): void {
  znode.setNumber(numberAt.owner, fields.owner);
  znode.setNumber(numberAt.czxid, fields.czxid);
  znode.setNumber(numberAt.mzxid, fields.mzxid);
  znode.setNumber(numberAt.pzxid, fields.pzxid);
  znode.setNumber(numberAt.ctimeMs, fields.ctimeMs);
  znode.setNumber(numberAt.mtimeMs, fields.mtimeMs);
  znode.setWord(wordAt.version, fields.version);
  znode.setWord(wordAt.aversion, fields.aversion);
  znode.setWord(wordAt.childrenCreated, fields.childrenCreated);
}
