/** Everything the console can do: what views call. Each tells the store what came of it. */
import type { ZnodeCreateMode, ZnodeValue } from '../../cluster/api/znode.ts';
import type { Stop } from '../../cluster/base/scope.ts';
import type { Groups } from '../format/groups.ts';
import type { Action } from '../store/action.ts';
import type { Failure } from '../store/failure.ts';
import type { MemberOperation } from '../store/operation.ts';
import type { PreferenceChange } from '../store/preference.ts';
import type { Route } from '../store/route.ts';

export interface NewZnode {
  readonly path: string;
  readonly data: Uint8Array;
  readonly mode: ZnodeCreateMode;
}

/** A larger subtree is not deleted from the console (own choice: it would take minutes). */
export const subtreeZnodesMax = 10_000;

/** A subtree as it was counted: everything a deletion would remove. */
export type SubtreeCount =
  | { readonly kind: 'counting'; readonly found: number }
  /** All its paths, parents first; `complete` is false when there are more than are counted. */
  | { readonly kind: 'counted'; readonly paths: readonly string[]; readonly complete: boolean }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface Operations {
  /** A fact of the screen itself: something typed, opened or chosen. */
  tell(action: Action): void;
  go(route: Route): void;
  /** As `go`, without a step in the browser's history: for moves in small steps. */
  replace(route: Route): void;
  prefer(change: PreferenceChange): void;
  operateMember(operation: MemberOperation, member: number): void;
  partition(groups: Groups): void;
  heal(): void;

  loadPage(path: string, page: number): void;
  /** Answers the created path, or null when it failed; the failure is a notice. */
  createZnode(znode: NewZnode): Promise<string | null>;
  /** Deletes one znode if it still has this version. */
  deleteZnode(znode: ZnodeValue): void;
  /** Counts what a deletion of the subtree would remove, telling as it goes. */
  countSubtree(path: string, listener: (count: SubtreeCount) => void): Stop;
  /** Deletes these paths, the last ones first. */
  deleteSubtree(path: string, paths: readonly string[]): void;
  commitDraft(path: string): void;
  /** Unpacks the value of the selected znode. */
  inflate(base64: string, bytes: Uint8Array<ArrayBuffer>): void;
  loadLog(member: number, chunk: number): void;
  /** Whether the browser allowed it. */
  copyText(text: string): Promise<boolean>;
}
