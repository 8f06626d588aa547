/** A znode's part of the digest: path, data, ACL and every field behind its Stat. */
import { type RecordHash, recordKinds } from './digest.ts';
import type { ZnodeRow } from './znode.ts';
import { numberAt, wordAt } from './znode-rows.ts';

/** Refreshes the kept hash of path and data, because large data rarely changes when the rest does. */
export function hashContent(hash: RecordHash, znode: ZnodeRow, data: Uint8Array): void {
  hash.start(recordKinds.content);
  hash.word(znode.word(wordAt.pathA));
  hash.word(znode.word(wordAt.pathB));
  hash.bytes(data);
  znode.setWord(wordAt.contentA, hash.a);
  znode.setWord(wordAt.contentB, hash.b);
}

/** Leaves the hash of the whole znode in `hash`. Children have records of their own. */
export function hashZnode(hash: RecordHash, znode: ZnodeRow): void {
  const { acl } = znode;
  hash.start(recordKinds.znode);
  hash.word(znode.word(wordAt.contentA));
  hash.word(znode.word(wordAt.contentB));
  hash.word(acl.hashA);
  hash.word(acl.hashB);
  hash.integer(znode.number(numberAt.czxid));
  hash.integer(znode.number(numberAt.mzxid));
  hash.integer(znode.number(numberAt.pzxid));
  hash.integer(znode.number(numberAt.ctimeMs));
  hash.integer(znode.number(numberAt.mtimeMs));
  hash.integer(znode.number(numberAt.owner));
  hash.word(znode.word(wordAt.version));
  hash.word(znode.word(wordAt.aversion));
  hash.word(znode.word(wordAt.childrenCreated));
  hash.finish();
}
