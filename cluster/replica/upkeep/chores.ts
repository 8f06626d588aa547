/** What a member does on its own as time goes by: expiry, touches, link probes, looking after its leader. */
import type { MemberId, Term } from '../../base/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Trace } from '../../ports/trace.ts';
import type { Clients } from '../clients/clients.ts';
import type { Forwarder } from '../forwarding/forwarder.ts';
import type { Intake } from '../forwarding/intake.ts';
import type { Links } from '../peers/links.ts';
import type { PeerMessage } from '../peers/peer-message.ts';
import { Service } from './service.ts';
import type { SessionClock } from './session-clock.ts';

const expiryPeriodMs = 100;
/** Well below the shortest session timeout. */
const touchPeriodMs = 500;
const probePeriodMs = 500;
const overduePeriodMs = 1_000;

export interface ChoresOptions {
  readonly clock: Clock;
  readonly trace: Trace;
  readonly tickMs: number;
  readonly send: (to: MemberId, message: PeerMessage) => void;
  readonly forwarder: Forwarder;
  readonly intake: Intake;
  readonly sessionClock: SessionClock;
  readonly clients: Clients;
  readonly links: Links;
}

export class Chores {
  readonly #options: ChoresOptions;
  readonly #service: Service;
  #ticks = 0;

  constructor(options: ChoresOptions) {
    this.#options = options;
    this.#service = new Service({ tickMs: options.tickMs });
  }

  /** Whether clients are served (`Service`). */
  get serving(): boolean {
    return this.#service.serving;
  }

  tick(leader: MemberId | null): void {
    const { forwarder, intake, sessionClock, links, clients, clock } = this.#options;
    this.#ticks += 1;
    forwarder.tick();
    intake.tick();
    sessionClock.tick();
    this.#watchLeader();
    if (this.#due(expiryPeriodMs) && intake.openTerm !== null) this.#expireSessions(intake.openTerm);
    if (this.#due(touchPeriodMs) && leader !== null) this.#touch(leader);
    if (this.#due(probePeriodMs)) links.probe();
    if (this.#due(overduePeriodMs)) clients.endOverdue(clock.monotonicMs());
  }

  #due(periodMs: number): boolean {
    return this.#ticks % Math.max(1, Math.round(periodMs / this.#options.tickMs)) === 0;
  }

  /** Without a leader that takes our commands, clients are better off at another member. */
  #watchLeader(): void {
    const { forwarder, trace, clients } = this.#options;
    const change = this.#service.tick({
      connected: forwarder.connected,
      stalledTicks: forwarder.stalledTicks,
    });
    if (change === 'began') trace.emit('info', 'serving');
    if (change !== 'ended') return;
    const withoutLeaderMs = this.#service.stalledMs;
    trace.emit('warn', 'clientsSentAway', { clients: clients.count, withoutLeaderMs });
    clients.endAll();
  }

  #expireSessions(term: Term): void {
    for (const session of this.#options.sessionClock.takeExpired()) {
      this.#options.trace.emit('info', 'sessionExpired', { session });
      this.#options.forwarder.submit({ kind: 'expireSession', session, term }, () => undefined);
    }
  }

  #touch(leader: MemberId): void {
    const sessions = this.#options.clients.takeHeard();
    if (sessions.length > 0) this.#options.send(leader, { kind: 'touch', sessions });
  }
}
