/**
 * State machine safety (Raft, figure 3): no two members apply different entries at one index, and what
 * is committed is never replaced.
 */
import type { Entry } from '../base/entry.ts';
import { type LogIndex, logIndex, type MemberId, type Term } from '../base/ids.ts';
import { sameBytes } from './log-matching.ts';
import { Violation } from './violation.ts';

interface Committed {
  readonly entry: Entry;
  readonly by: MemberId;
  /** Of whoever was first seen with it: the leader that committed it. */
  readonly inTerm: Term;
}

export class SameLog {
  /** Term and payload of each committed index, by whoever was seen with it first. */
  readonly #committed: Committed[] = [];
  readonly #checkedUpTo = new Map<MemberId, LogIndex>();
  readonly #committedNow: (entry: Entry) => void;

  /** `committed` is told of each entry once, in order, when the first member commits it. */
  constructor(committed: (entry: Entry) => void = () => undefined) {
    this.#committedNow = committed;
  }

  /** Highest index known to be committed. */
  get length(): number {
    return this.#committed.length;
  }

  /** The newest entry that was committed in an earlier term than this; its own term may be older still. */
  committedBefore(term: Term): { readonly index: LogIndex; readonly term: Term } | null {
    for (let at = this.#committed.length; at > 0; at -= 1) {
      const known = this.#committed[at - 1];
      if (known !== undefined && known.inTerm < term) return { index: logIndex(at), term: known.entry.term };
    }
    return null;
  }

  /** A forced recovery kept only what stands up to `last`: forgets the rest, and returns what is left. */
  keep(last: LogIndex): readonly Entry[] {
    this.#committed.length = Math.min(this.#committed.length, last);
    this.#checkedUpTo.clear();
    return this.#committed.map(({ entry }) => entry);
  }

  /** Compares what this member holds as committed and was not compared before. */
  observe(
    member: MemberId,
    log: {
      readonly term: Term;
      readonly first: LogIndex;
      readonly commit: LogIndex;
      readonly entries: (from: LogIndex, count: number) => readonly Entry[];
    },
  ): void {
    const before = this.#checkedUpTo.get(member) ?? 0;
    if (log.commit === before) return;
    // A member that restarted knows of less than before: its log is compared from the start again.
    const checked = Math.max(log.commit < before ? 0 : before, log.first - 1);
    const entries = log.commit > checked ? log.entries(logIndex(checked + 1), log.commit - checked) : [];
    for (const entry of entries) this.#compare(member, entry, log.term);
    this.#checkedUpTo.set(member, log.commit);
  }

  #compare(member: MemberId, entry: Entry, inTerm: Term): void {
    const known = this.#committed[entry.index - 1];
    if (known === undefined) {
      this.#committed.push({ entry: { ...entry, payload: entry.payload.slice() }, by: member, inTerm });
      if (this.#committed.length !== entry.index) {
        throw new Violation('same log', `member ${member} committed ${entry.index} before what precedes it`);
      }
      this.#committedNow(entry);
      return;
    }
    const { term, payload } = known.entry;
    if (term !== entry.term || !sameBytes(payload, entry.payload)) {
      throw new Violation(
        'same log',
        `index ${entry.index} is of term ${term} on ${known.by} and of term ${entry.term} on ${member}`,
      );
    }
  }
}
