/**
 * The log in memory: a dense array of entries behind an offset, so that a compacted prefix can be
 * cut away. Terms never fall along the log, which the searches below rely on. Memberships live in it:
 * `members` follows whatever happens to it.
 */
import { assert } from '../base/assert.ts';
import type { Entry } from '../base/entry.ts';
import { type LogIndex, logIndex, nextIndex, type Term } from '../base/ids.ts';
import type { Membership } from '../base/membership.ts';
import type { Members } from './members.ts';

/** The entry before the first one kept. */
export interface LogBase {
  readonly index: LogIndex;
  readonly term: Term;
}

export class RaftLog {
  readonly members: Members;
  #base: LogBase;
  #entries: Entry[] = [];
  /** First entry that the current step wrote; null when it wrote none. */
  #writtenFrom: LogIndex | null = null;

  constructor(base: LogBase, members: Members) {
    this.#base = base;
    this.members = members;
  }

  get base(): LogBase {
    return this.#base;
  }

  get first(): LogIndex {
    return nextIndex(this.#base.index);
  }

  get last(): LogIndex {
    return logIndex(this.#base.index + this.#entries.length);
  }

  get lastTerm(): Term {
    return this.#entries.at(-1)?.term ?? this.#base.term;
  }

  /** Term of an entry, or of the base; null where the log holds nothing. */
  termAt(index: LogIndex): Term | null {
    if (index === this.#base.index) return this.#base.term;
    return this.#entries[index - this.#base.index - 1]?.term ?? null;
  }

  /** An entry that must exist. */
  entryAt(index: LogIndex): Entry {
    const entry = this.#entries[index - this.#base.index - 1];
    assert(entry !== undefined, 'no such entry', { index, first: this.first, last: this.last });
    return entry;
  }

  /** Entries `from` to `upTo`, both included; as many of them as exist. */
  slice(from: LogIndex, upTo: LogIndex): readonly Entry[] {
    const start = Math.max(0, from - this.#base.index - 1);
    return this.#entries.slice(start, Math.max(start, upTo - this.#base.index));
  }

  /** Adds one entry at the end. */
  append(entry: Entry): void {
    assert(entry.index === this.last + 1, 'gap in the log', { index: entry.index, last: this.last });
    assert(entry.term >= this.lastTerm, 'terms fall along the log', { index: entry.index, term: entry.term });
    this.#entries.push(entry);
    this.#writtenFrom ??= entry.index;
    if (entry.kind === 'membership') this.members.enact(entry);
  }

  /** Removes `from` and everything after it. The caller appends replacements in the same step. */
  truncateFrom(from: LogIndex): void {
    assert(from > this.#base.index, 'cannot cut into the base', { from });
    this.#entries.length = from - this.#base.index - 1;
    if (this.#writtenFrom !== null && this.#writtenFrom >= from) this.#writtenFrom = null;
    this.members.truncateFrom(from);
  }

  /** Forgets everything before `from`, which a snapshot covers. */
  compactTo(from: LogIndex): void {
    const base = logIndex(from - 1);
    if (base <= this.#base.index) return;
    const { term } = this.entryAt(base);
    this.#entries = this.#entries.slice(base - this.#base.index);
    this.#base = { index: base, term };
    this.members.compactTo(base);
  }

  /** Forgets everything: the log begins anew behind a snapshot. */
  restartAfter(snapshot: LogBase & { readonly membership: Membership }): void {
    this.#base = { index: snapshot.index, term: snapshot.term };
    this.#entries = [];
    this.#writtenFrom = null;
    this.members.replaceBy(snapshot);
  }

  /** What was written since the last call, to be stored as one batch. */
  takeWritten(): readonly Entry[] {
    const from = this.#writtenFrom;
    this.#writtenFrom = null;
    return from === null ? [] : this.slice(from, this.last);
  }

  /** §5.4.1: the later last term is more up to date, then the longer log. */
  isUpToDate(candidate: { readonly lastIndex: LogIndex; readonly lastTerm: Term }): boolean {
    if (candidate.lastTerm !== this.lastTerm) return candidate.lastTerm > this.lastTerm;
    return candidate.lastIndex >= this.last;
  }

  /**
   * The last index at or before `index` whose term is not above `term`. Past it the other log, which
   * is in `term` at `index`, cannot agree with this one. Null when that point lies before the base.
   */
  lastPossibleMatch({ index, term }: { readonly index: LogIndex; readonly term: Term }): LogIndex | null {
    if (index < this.#base.index || this.#base.term > term) return null;
    let low = 0;
    let high = Math.min(index, this.last) - this.#base.index;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#entries[middle - 1]?.term ?? this.#base.term) <= term) low = middle;
      else high = middle - 1;
    }
    return logIndex(this.#base.index + low);
  }

  /** The first of `entries` that this log does not hold with the same term; null when it holds all. */
  firstDifference(entries: readonly Entry[]): Entry | null {
    for (const entry of entries) if (this.termAt(entry.index) !== entry.term) return entry;
    return null;
  }
}
