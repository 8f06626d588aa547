/** Points of the log and of its files, and which of two is further. */
import { type LogIndex, logIndex, type Term, term } from '../base/ids.ts';

/** An entry by its place and its term. */
export interface LogPoint {
  readonly index: LogIndex;
  readonly term: Term;
}

/** How far the log went: a place in its files, and the last entry there. */
export interface Extent {
  /** Sequence of a segment. */
  readonly segment: number;
  /** Bytes of it that were durable. */
  readonly bytes: number;
  readonly last: LogPoint;
}

/** Before the first entry. */
export const origin: LogPoint = { index: logIndex(0), term: term(0) };

/** Whether `left` lies behind `right` in the files. */
export function isFurther(
  left: { readonly segment: number; readonly bytes: number },
  right: { readonly segment: number; readonly bytes: number },
): boolean {
  return left.segment === right.segment ? left.bytes > right.bytes : left.segment > right.segment;
}

/** The one that a candidate must reach to be up to date with both (§5.4.1). */
export function laterPoint(left: LogPoint, right: LogPoint): LogPoint {
  const isLeft = left.term === right.term ? left.index >= right.index : left.term > right.term;
  return isLeft ? left : right;
}
