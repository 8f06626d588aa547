/** What applying a write needs besides the write, and the rules that several writes share. */
import type { SessionId } from '../base/ids.ts';
import { type ZkError, zkErrorCodes } from './errors.ts';
import type { AuthId, WatchEvent } from './records.ts';
import type { WriteAnswer } from './requests.ts';
import type { Moment, Tree } from './tree.ts';

export interface WriteContext {
  readonly tree: Tree;
  readonly session: SessionId;
  readonly auth: readonly AuthId[];
  readonly moment: Moment;
  /** Collects what happened, in ZooKeeper's order. */
  readonly events: WatchEvent[];
}

/** The answer to a write that is not a `multi`. */
export type PartAnswer = Exclude<WriteAnswer, { readonly kind: 'multi' }>;

export interface Failure {
  readonly kind: 'error';
  readonly error: ZkError;
}

/** One shared answer per error. */
export const failures = Object.fromEntries(
  Object.keys(zkErrorCodes).map((error) => [error, { kind: 'error', error }]),
) as Readonly<Record<ZkError, Failure>>;

/** Version -1 matches any. */
export function matchesVersion(actual: number, expected: number): boolean {
  return expected === -1 || expected === actual;
}

/** 32-bit, skipping -1, which would mean "any" (`checkAndIncVersion`, ZOOKEEPER-4743). */
export function versionAfter(version: number): number {
  const next = (version + 1) | 0;
  return next === -1 ? 0 : next;
}
