/** What a `multi` changed so far, so that a failing part can take everything back exactly. */
import type { SharedAcl } from './acl-cache.ts';
import type { ZnodeRow } from './znode.ts';
import { numberAt, wordAt } from './znode-rows.ts';

export type Undo =
  | { readonly kind: 'attached'; readonly znode: ZnodeRow }
  /** The znode is kept, without being in the tree, until the `multi` ends. */
  | { readonly kind: 'detached'; readonly znode: ZnodeRow }
  | { readonly kind: 'changed'; readonly znode: ZnodeRow; readonly before: Fields }
  /** The bytes before are kept until the `multi` ends. */
  | { readonly kind: 'dataReplaced'; readonly znode: ZnodeRow; readonly before: DataPlace };

export interface DataPlace {
  readonly at: number;
  readonly length: number;
}

/** Every field that can change but the data; children come and go by themselves. */
export interface Fields {
  readonly words: readonly number[];
  readonly numbers: readonly number[];
  readonly acl: SharedAcl;
}

const words = [
  wordAt.version,
  wordAt.aversion,
  wordAt.childrenCreated,
  wordAt.contentA,
  wordAt.contentB,
] as const;
const numbers = [numberAt.mzxid, numberAt.mtimeMs, numberAt.pzxid] as const;

export function fieldsOf(znode: ZnodeRow): Fields {
  return {
    words: words.map((at) => znode.word(at)),
    numbers: numbers.map((at) => znode.number(at)),
    acl: znode.acl,
  };
}

/** Puts everything back but the ACL, which counts its users. */
export function restoreFields(znode: ZnodeRow, before: Fields): void {
  words.forEach((at, n) => {
    znode.setWord(at, before.words[n] as number);
  });
  numbers.forEach((at, n) => {
    znode.setNumber(at, before.numbers[n] as number);
  });
}
