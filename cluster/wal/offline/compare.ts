/** Lays the directories of one ensemble side by side: who holds most, and where they disagree. */
import { crc32c } from '../../base/checksum.ts';
import type { Entry } from '../../base/entry.ts';
import { type LogIndex, logIndex } from '../../base/ids.ts';
import type { Disk } from '../../ports/disk.ts';
import type { WalError } from '../error.ts';
import type { LogPoint } from '../point.ts';
import { type Inspection, inspectWal } from './inspect.ts';

/** A directory by a name for people, such as its path. */
export interface NamedDirectory {
  readonly name: string;
  readonly disk: Disk;
}

export type Survey =
  | { readonly kind: 'readable'; readonly name: string; readonly inspection: Inspection }
  | { readonly kind: 'unreadable'; readonly name: string; readonly error: WalError };

export interface Comparison {
  readonly surveys: readonly Survey[];
  /** The one with the most up-to-date log (§5.4.1); of equal ones, one that is neither fenced nor repairing. Null: none is readable. */
  readonly recommended: string | null;
  /** Pairs whose logs part, and at which index for the first time. */
  readonly partings: readonly Parting[];
}

export interface Parting {
  readonly names: readonly [string, string];
  readonly index: LogIndex;
  /**
   * `term`: entries of different leaders; at most one of them was committed. `content`: one term, two
   * contents, which no correct ensemble writes.
   */
  readonly difference: 'term' | 'content';
}

const sliceEntries = 1_000;

export function compareDirectories(directories: readonly NamedDirectory[]): Comparison {
  const surveys = directories.map(survey);
  const readable = surveys.filter((found) => found.kind === 'readable');
  const partings: Parting[] = [];
  for (const [at, left] of readable.entries()) {
    for (const right of readable.slice(at + 1)) {
      const parting = firstDifference(left.inspection, right.inspection);
      if (parting !== null) partings.push({ names: [left.name, right.name], ...parting });
    }
  }
  const [best] = [...readable].sort((left, right) => rank(right.inspection, left.inspection));
  return { surveys, recommended: best?.name ?? null, partings };
}

/** The first entry that both hold and that differs, or null. */
export function firstDifference(
  left: Inspection,
  right: Inspection,
): { readonly index: LogIndex; readonly difference: 'term' | 'content' } | null {
  const last = Math.min(left.last.index, right.last.index);
  let from = Math.max(left.base.index, right.base.index) + 1;
  while (from <= last) {
    const mine = left.entries(logIndex(from), sliceEntries);
    const theirs = right.entries(logIndex(from), sliceEntries);
    for (const [at, entry] of mine.entries()) {
      const other = theirs[at];
      if (other === undefined) return null;
      if (other.term !== entry.term) return { index: entry.index, difference: 'term' };
      if (!isSameContent(entry, other)) return { index: entry.index, difference: 'content' };
    }
    from += Math.max(1, mine.length);
  }
  return null;
}

/** Positive when `left` is the better survivor. */
function rank(left: Inspection, right: Inspection): number {
  const fitness = ({ fenced, votingBound }: Inspection) =>
    (fenced === null ? 2 : 0) + (votingBound === null ? 1 : 0);
  const byTerm = (point: LogPoint, other: LogPoint) => point.term - other.term || point.index - other.index;
  return byTerm(left.last, right.last) || fitness(left) - fitness(right);
}

function survey({ name, disk }: NamedDirectory): Survey {
  const inspected = inspectWal(disk);
  return inspected.ok
    ? { kind: 'readable', name, inspection: inspected.value }
    : { kind: 'unreadable', name, error: inspected.error };
}

function isSameContent(left: Entry, right: Entry): boolean {
  return (
    left.kind === right.kind &&
    left.payload.length === right.payload.length &&
    crc32c(left.payload) === crc32c(right.payload)
  );
}
