/** What a `multi` changed so far, so that a failing part can take everything back exactly. */
import type { Zxid } from '../base/ids.ts';
import type { SharedAcl } from './acl-cache.ts';
import type { ZnodeState } from './znode.ts';

export type Undo =
  | { readonly kind: 'attached'; readonly znode: ZnodeState }
  | { readonly kind: 'detached'; readonly znode: ZnodeState }
  | { readonly kind: 'changed'; readonly znode: ZnodeState; readonly before: ZnodeImage };

/** Every field of a znode that can change, except its children: those come and go by themselves. */
export interface ZnodeImage {
  readonly data: Uint8Array;
  readonly acl: SharedAcl;
  readonly mzxid: Zxid;
  readonly mtimeMs: number;
  readonly pzxid: Zxid;
  readonly version: number;
  readonly aversion: number;
  readonly childrenCreated: number;
  readonly contentA: number;
  readonly contentB: number;
}

export function imageOf(znode: ZnodeState): ZnodeImage {
  return {
    data: znode.data,
    acl: znode.acl,
    mzxid: znode.mzxid,
    mtimeMs: znode.mtimeMs,
    pzxid: znode.pzxid,
    version: znode.version,
    aversion: znode.aversion,
    childrenCreated: znode.childrenCreated,
    contentA: znode.contentA,
    contentB: znode.contentB,
  };
}
