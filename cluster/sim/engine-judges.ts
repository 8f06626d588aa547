/** The checkers of consensus, asked after every step of every member and with every message it sends. */
import type { Entry } from '../base/entry.ts';
import { type LogIndex, type MemberId, previousIndex, type Term, term } from '../base/ids.ts';
import { type Seat, seatsOf } from '../base/membership.ts';
import { CommittedIsDurable } from '../check/committed-is-durable.ts';
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
  /** What lost something that it held may have acknowledged it before. */
  readonly #isDamaged: (member: MemberId) => boolean;
  /** The newest engine of each machine, also of one that is down. */
  readonly #engines = new Map<MemberId, { readonly seat: Seat; readonly consensus: Consensus }>();
  readonly #durable = new CommittedIsDurable();
  readonly #leaders = new OneLeaderPerTerm();
  readonly #leaderLogs = new LeaderLog();
  readonly #matching = new LogMatching();
  readonly #votes = new VotesOnce();
  readonly #terms = new TermsNeverFall();

  constructor(host: {
    readonly committed: (entry: Entry) => void;
    readonly elected: (term: Term) => void;
    readonly isDamaged: (member: MemberId) => boolean;
  }) {
    this.#isDamaged = host.isDamaged;
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
    this.#engines.set(seat.id, { seat, consensus });
    const committedBefore = this.logs.length;
    this.logs.observe(seat.id, {
      term: status.term,
      first: status.first,
      commit: status.commit,
      entries: (from, count) => consensus.entries(from, count),
    });
    if (status.role === 'leader' && this.logs.length > committedBefore)
      this.#committed(seat.id, consensus, status);
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

  /** The newest entry stands for those before it: logs match. */
  #committed(leader: MemberId, consensus: Consensus, { commit, membership }: ConsensusStatus): void {
    const term = termAt(consensus, commit);
    const idOf = ({ id }: Seat) => id;
    const seats = seatsOf(membership);
    this.#durable.committed(leader, commit, {
      voters: membership.voters.map(idOf),
      outgoing: membership.outgoing.map(idOf),
      holds: (voter) => {
        const engine = this.#engines.get(voter);
        const seat = seats.find(({ id }) => id === voter);
        if (engine === undefined || seat?.incarnation !== engine.seat.incarnation) return false;
        if (this.#isDamaged(voter)) return true;
        const { first, persisted } = engine.consensus.status();
        return persisted >= commit && (first > commit || termAt(engine.consensus, commit) === term);
      },
    });
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
