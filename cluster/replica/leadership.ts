/** What follows from a change of role, term, leader or membership. */
import type { Entry } from '../base/entry.ts';
import type { MemberId } from '../base/ids.ts';
import type { Membership } from '../base/membership.ts';
import type { Consensus, ConsensusStatus } from '../ports/consensus.ts';
import type { Trace } from '../ports/trace.ts';
import type { Store } from '../zk/store.ts';
import type { Forwarder } from './forwarding/forwarder.ts';
import type { Intake } from './forwarding/intake.ts';
import type { Links } from './peers/links.ts';
import type { Roster } from './peers/roster.ts';
import type { SessionClock } from './upkeep/session-clock.ts';

export interface LeadershipOptions {
  readonly consensus: Consensus;
  readonly store: Store;
  readonly trace: Trace;
  readonly intake: Intake;
  readonly forwarder: Forwarder;
  readonly sessionClock: SessionClock;
  readonly roster: Roster;
  readonly links: Links;
  /** A leader has replaced what this member's disk lost. */
  readonly repaired: () => void;
}

export class Leadership {
  readonly #options: LeadershipOptions;
  #status: ConsensusStatus;
  /** Whom leadership was being handed to when it was last looked at. */
  #handingTo: MemberId | null = null;

  constructor(options: LeadershipOptions) {
    this.#options = options;
    this.#status = options.consensus.status();
    this.#enforce(this.#status.membership);
  }

  /** As of the last step. */
  get status(): ConsensusStatus {
    return this.#status;
  }

  statusChanged(status: ConsensusStatus): void {
    const before = this.#status;
    this.#status = status;
    if (before.membership !== status.membership) this.#enforce(status.membership);
    if (before.repairing && !status.repairing) this.#options.repaired();
    const same =
      before.role === status.role && before.term === status.term && before.leader === status.leader;
    if (!same) this.#moved(before, status);
    this.#watchTransfer(status);
  }

  /** The leader has applied the first entry of its term: everything older is applied as well. */
  noopApplied(noop: Entry): void {
    const { role, term } = this.#status;
    if (role !== 'leader' || noop.term !== term) return;
    this.#options.sessionClock.reset(this.#options.store.sessions());
    this.#options.intake.open(term);
  }

  /** One member tells of a change: the leader that made it. */
  membershipApplied(entry: Entry): void {
    const { role, term } = this.#status;
    if (role !== 'leader' || entry.term !== term) return;
    const { voters, outgoing, learners, removed } = this.#options.store.membership;
    this.#options.trace.emit('info', 'membershipChanged', {
      index: entry.index,
      voters: idsOf(voters),
      outgoing: idsOf(outgoing),
      learners: idsOf(learners),
      removed: idsOf(removed),
    });
  }

  #moved(before: ConsensusStatus, status: ConsensusStatus): void {
    const { trace, intake, forwarder } = this.#options;
    const { role, term, leader } = status;
    trace.emit('info', 'roleChanged', { role, term, leader, before: before.role });
    const led = before.role === 'leader' && (role !== 'leader' || term !== before.term);
    if (led) intake.close();
    if (role === 'leader' && (before.role !== 'leader' || led)) intake.begin(term);
    forwarder.leaderChanged(leader, term);
  }

  #enforce(membership: Membership): void {
    const { roster, links } = this.#options;
    roster.changed(membership);
    links.setPeers(roster.peers);
  }

  /** A hand-over ends with another leader, or is given up. */
  #watchTransfer({ role, leader, transferTo }: ConsensusStatus): void {
    const to = this.#handingTo;
    if (role === 'leader') {
      if (to !== null && transferTo === null) this.#options.trace.emit('warn', 'transferGivenUp', { to });
      this.#handingTo = transferTo;
    } else if (to !== null && leader !== null) {
      this.#handingTo = null;
      this.#options.trace.emit('info', 'leadershipTransferred', { to: leader });
    }
  }
}

function idsOf(seats: readonly { readonly id: MemberId }[]): string {
  return seats.map(({ id }) => id).join(',');
}
