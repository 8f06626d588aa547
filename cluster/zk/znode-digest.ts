/** A znode's part of the digest: path, data, ACL and every field behind its Stat. */
import { type RecordHash, recordKinds } from './digest.ts';
import type { ZnodeState } from './znode.ts';

/** Refreshes the kept hash of path and data. */
export function hashContent(hash: RecordHash, znode: ZnodeState): void {
  hash.start(recordKinds.content);
  hash.text(znode.path);
  hash.bytes(znode.data);
  znode.contentA = hash.a;
  znode.contentB = hash.b;
}

/** Leaves the hash of the whole znode in `hash`. Children have records of their own. */
export function hashZnode(hash: RecordHash, znode: ZnodeState): void {
  hash.start(recordKinds.znode);
  hash.word(znode.contentA);
  hash.word(znode.contentB);
  hash.word(znode.acl.hashA);
  hash.word(znode.acl.hashB);
  hash.integer(znode.czxid);
  hash.integer(znode.mzxid);
  hash.integer(znode.pzxid);
  hash.integer(znode.ctimeMs);
  hash.integer(znode.mtimeMs);
  hash.integer(znode.owner);
  hash.word(znode.version);
  hash.word(znode.aversion);
  hash.word(znode.childrenCreated);
  hash.finish();
}
