/** The checkers of consensus, asked after every step of every member and with every message it sends. */
import type { Entry } from '../base/entry.ts';
import { type LogIndex, type MemberId, previousIndex, type Term, term } from '../base/ids.ts';
import type { Seat } from '../base/membership.ts';
import { LeaderLog } from '../check/leader-log.ts';
import { LogMatching } from '../check/log-matching.ts';
import { OneLeaderPerTerm } from '../check/one-leader-per-term.ts';
import { SameLog } from '../check/same-log.ts';
import { TermsNeverFall } from '../check/terms-never-fall.ts';
import { VotesOnce } from '../check/votes-once.ts';
import type { Consensus, ConsensusStatus } from '../ports/consensus.ts';
import { decodeMessage } from '../raft/codec.ts';
import { decodePeerMessage } from '../replica/peers/peer-message.ts';
import type { Step } from './process.ts';

const noEntries: readonly Entry[] = [];

export class EngineJudges {
  readonly logs: SameLog;
  readonly #elected: (term: Term) => void;
  readonly #leaders = new OneLeaderPerTerm();
  readonly #leaderLogs = new LeaderLog();
  readonly #matching = new LogMatching();
  readonly #votes = new VotesOnce();
  readonly #terms = new TermsNeverFall();

  constructor(host: {
    readonly committed: (entry: Entry) => void;
    readonly elected: (term: Term) => void;
  }) {
    this.logs = new SameLog(host.committed);
    this.#elected = host.elected;
  }

  get elections(): number {
    return this.#leaders.elections;
  }

  /** A member took a step; it is now in this state. */
  stepped(seat: Seat, { consensus, status, effects }: Step): void {
    consensus.checkInvariants();
    this.#terms.observe(seat.incarnation, status.term);
    const written = effects.persist?.entries ?? noEntries;
    if (status.role === 'leader') this.#led(seat.id, consensus, status, written[0]?.index ?? null);
    else this.#leaderLogs.gone(seat.id);
    if (written.length > 0) this.#wrote(seat.id, consensus, written);
    this.logs.observe(seat.id, {
      term: status.term,
      first: status.first,
      commit: status.commit,
      entries: (from, count) => consensus.entries(from, count),
    });
  }

  #led(member: MemberId, consensus: Consensus, status: ConsensusStatus, written: LogIndex | null): void {
    const { term, last } = status;
    if (this.#leaderLogs.led(member, { term, last, written }) === 'goesOn') return;
    this.#leaders.observe(member, status);
    this.#elected(term);
    const committed = this.logs.committedBefore(term);
    if (committed === null) return;
    const held = termAt(consensus, committed.index);
    this.#leaderLogs.elected(member, status, { ...committed, held });
  }

  #wrote(member: MemberId, consensus: Consensus, entries: readonly Entry[]): void {
    const first = entries[0];
    if (first === undefined) return;
    const termBefore = first.index === 1 ? term(0) : termAt(consensus, previousIndex(first.index));
    if (termBefore !== null) this.#matching.wrote(member, { entries, termBefore });
  }

  /** A frame leaves a member: some bind its directory for good. */
  sent(from: Seat, to: MemberId, frame: Uint8Array): void {
    const peer = decodePeerMessage(frame);
    if (!peer.ok || peer.value.kind !== 'consensus') return;
    const decoded = decodeMessage(peer.value.message);
    if (!decoded.ok) return;
    const message = decoded.value;
    switch (message.kind) {
      case 'requestVote':
        this.#votes.voted(from.incarnation, { term: message.term, candidate: from.id });
        this.#terms.promised(from.incarnation, message.term);
        return;
      case 'requestVoteReply':
        if (message.verdict !== 'granted') return;
        this.#votes.voted(from.incarnation, { term: message.term, candidate: to });
        this.#terms.promised(from.incarnation, message.term);
        return;
      case 'appendAccepted':
        this.#terms.promised(from.incarnation, message.term);
        return;
      default:
        return;
    }
  }

  /** A member's process ended. */
  gone(member: MemberId): void {
    this.#leaderLogs.gone(member);
  }
}

/** Null when the log does not hold the index any more, or not yet. */
function termAt(consensus: Consensus, index: LogIndex): Term | null {
  const { first, last } = consensus.status();
  return index < first || index > last ? null : (consensus.entries(index, 1)[0]?.term ?? null);
}
