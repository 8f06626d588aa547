/**
 * Leader append-only and leader completeness (Raft, figure 3): a leader never replaces an entry of its
 * own log, and whoever is elected holds everything that is committed.
 */
import type { LogIndex, MemberId, Term } from '../base/ids.ts';
import { Violation } from './violation.ts';

interface Led {
  readonly term: Term;
  readonly last: LogIndex;
}

export class LeaderLog {
  readonly #led = new Map<MemberId, Led>();

  /**
   * After each step of a member. `firstWritten`: index of the first entry that this step wrote, null for none.
   * `committedBefore`: the newest committed entry of an earlier term; `termAt`: the term of an index in this log.
   */
  observe(
    member: MemberId,
    status: { readonly role: string; readonly term: Term; readonly last: LogIndex },
    step: {
      readonly firstWritten: LogIndex | null;
      readonly committedBefore: (term: Term) => { readonly index: LogIndex; readonly term: Term } | null;
      readonly termAt: (index: LogIndex) => Term | null;
    },
  ): void {
    const before = this.#led.get(member);
    if (status.role !== 'leader') {
      if (before !== undefined) this.#led.delete(member);
      return;
    }
    if (before?.term === status.term) this.#appended(member, before, { ...status, ...step });
    else this.#elected(member, status, step);
    if (before?.term !== status.term || before.last !== status.last)
      this.#led.set(member, { term: status.term, last: status.last });
  }

  /** The member's process ended. */
  gone(member: MemberId): void {
    this.#led.delete(member);
  }

  #appended(
    member: MemberId,
    before: Led,
    { last, term, firstWritten }: { last: LogIndex; term: Term; firstWritten: LogIndex | null },
  ): void {
    const replaced = firstWritten !== null && firstWritten <= before.last;
    if (!replaced && last >= before.last) return;
    throw new Violation(
      'leader append-only',
      `member ${member}, leader of term ${term}, held ${before.last} entries and went back to ${firstWritten ?? last}`,
    );
  }

  #elected(
    member: MemberId,
    { term, last }: { readonly term: Term; readonly last: LogIndex },
    { committedBefore, termAt }: Pick<Parameters<LeaderLog['observe']>[2], 'committedBefore' | 'termAt'>,
  ): void {
    const committed = committedBefore(term);
    if (committed === null) return;
    const held = committed.index > last ? null : termAt(committed.index);
    // A compacted index was committed when it was compacted.
    if (committed.index <= last && (held === null || held === committed.term)) return;
    throw new Violation(
      'leader completeness',
      `member ${member} leads term ${term} without the committed entry ${committed.index} of term ${committed.term}`,
    );
  }
}
