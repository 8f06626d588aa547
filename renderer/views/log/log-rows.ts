/** Which indexes the grid shows, and what stands at one index in each member's log. */
import type { LogEntryView } from '../../../cluster/api/log.ts';
import { chunkSize, entryAt, type LogState, type MemberLog } from '../../store/log.ts';

/** Rows of the grid at most: what browsers can scroll over. Older entries are reached by their index. */
const rowsMax = 1_000_000;

export interface LogRange {
  /** Index of the first row. */
  readonly from: number;
  /** Index of the last row; `from - 1` when there is none. */
  readonly to: number;
}

/** The indexes to show, the newest and, if it is further back, those around `wanted`. */
export function logRange(log: LogState, wanted: number | null): LogRange {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const member of log.members.values()) {
    first = Math.min(first, Math.max(1, member.first));
    last = Math.max(last, member.last);
  }
  if (last === 0) return { from: 1, to: 0 };
  const newest = Math.max(first, last - rowsMax + 1);
  const from = wanted !== null && wanted < newest ? Math.max(first, wanted) : newest;
  return { from, to: Math.min(last, from + rowsMax - 1) };
}

export type LogMark = 'applied' | 'committed' | 'uncommitted';

export type LogCell =
  | { readonly kind: 'entry'; readonly entry: LogEntryView; readonly mark: LogMark }
  /** The member holds it, the console has not read it. */
  | { readonly kind: 'unread'; readonly failed: boolean }
  | { readonly kind: 'compacted' }
  | { readonly kind: 'absent' };

/** What a member holds at an index, as far as it was read. */
export function cellAt(log: MemberLog, index: number): LogCell {
  if (index < log.first) return { kind: 'compacted' };
  if (index > log.last) return { kind: 'absent' };
  const entry = entryAt(log, index);
  if (entry === undefined) return { kind: 'unread', failed: log.failures.has(Math.floor(index / chunkSize)) };
  const mark = index <= log.applied ? 'applied' : index <= log.commit ? 'committed' : 'uncommitted';
  return { kind: 'entry', entry, mark };
}

/** Whether two members hold entries of different terms here: the one with the older term will lose its own. */
export function differs(log: LogState, index: number): boolean {
  const terms = new Set<number>();
  for (const member of log.members.values()) {
    const entry = index <= member.last ? entryAt(member, index) : undefined;
    if (entry !== undefined) terms.add(entry.term);
  }
  return terms.size > 1;
}
