/** The checkers of consensus, asked after every step of every member and with every message it sends. */
import type { Entry } from '../base/entry.ts';
import { type LogIndex, logIndex, type MemberId, type Term, term } from '../base/ids.ts';
import type { Seat } from '../base/membership.ts';
import { LeaderLog } from '../check/leader-log.ts';
import { LogMatching } from '../check/log-matching.ts';
import { OneLeaderPerTerm } from '../check/one-leader-per-term.ts';
import { SameLog } from '../check/same-log.ts';
import { TermsNeverFall } from '../check/terms-never-fall.ts';
import { VotesOnce } from '../check/votes-once.ts';
import { decodeMessage } from '../raft/codec.ts';
import { decodePeerMessage } from '../replica/peers/peer-message.ts';
import type { Step } from './member.ts';

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
    const termAt = (index: LogIndex): Term | null =>
      index < status.first ? null : (consensus.entries(index, 1)[0]?.term ?? null);
    consensus.checkInvariants();
    this.#terms.observe(seat.incarnation, status.term);
    this.#leaders.observe(seat.id, status);
    if (status.role === 'leader') this.#elected(status.term);
    const written = effects.persist?.entries ?? [];
    const first = written[0];
    this.#leaderLogs.observe(seat.id, status, {
      firstWritten: first?.index ?? null,
      committedBefore: (before) => this.logs.committedBefore(before),
      termAt,
    });
    if (first !== undefined) {
      const termBefore = first.index === 1 ? term(0) : termAt(logIndex(first.index - 1));
      if (termBefore !== null) this.#matching.wrote(seat.id, { entries: written, termBefore });
    }
    this.logs.observe(seat.id, {
      first: status.first,
      commit: status.commit,
      entries: (from, count) => consensus.entries(from, count),
    });
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
