/**
 * Leader append-only and leader completeness (Raft, figure 3): a leader never replaces an entry of its
 * own log, and whoever is elected holds everything that is committed.
 */
import type { LogIndex, MemberId, Term } from '../base/ids.ts';
import { Violation } from './violation.ts';

interface Led {
  readonly term: Term;
  last: LogIndex;
}

/** A step of a leader: `written` is the first index it wrote, null for none. */
interface LeaderStep {
  readonly term: Term;
  readonly last: LogIndex;
  readonly written: LogIndex | null;
}

export class LeaderLog {
  readonly #led = new Map<MemberId, Led>();

  /** A member that leads took a step. Says whether it was elected with it: then `elected` is to be told. */
  led(member: MemberId, { term, last, written }: LeaderStep): 'elected' | 'goesOn' {
    const before = this.#led.get(member);
    if (before === undefined || before.term !== term) {
      this.#led.set(member, { term, last });
      return 'elected';
    }
    if (last < before.last || (written !== null && written <= before.last)) {
      throw new Violation(
        'leader append-only',
        `member ${member}, leader of term ${term}, held ${before.last} entries and went back to ${written ?? last}`,
      );
    }
    before.last = last;
    return 'goesOn';
  }

  /**
   * Compares what a new leader holds with the newest entry that was committed in an earlier term; `held`
   * is the term of that index in its log, null when its log begins behind it, which was committed then.
   */
  elected(
    member: MemberId,
    leader: { readonly term: Term; readonly last: LogIndex },
    committed: { readonly index: LogIndex; readonly term: Term; readonly held: Term | null },
  ): void {
    const { index, term, held } = committed;
    if (index <= leader.last && (held === null || held === term)) return;
    throw new Violation(
      'leader completeness',
      `member ${member} leads term ${leader.term} without the committed entry ${index} of term ${term}`,
    );
  }

  /** The member does not lead, or its process ended. */
  gone(member: MemberId): void {
    this.#led.delete(member);
  }
}
