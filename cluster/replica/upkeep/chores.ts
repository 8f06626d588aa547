/** What a member does on its own as time goes by: expiry, touches, link probes, looking after its leader and itself. */
import type { Term } from '../../base/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ConsensusStatus } from '../../ports/consensus.ts';
import type { Trace } from '../../ports/trace.ts';
import type { Clients } from '../clients/clients.ts';
import type { Forwarder } from '../forwarding/forwarder.ts';
import type { Intake } from '../forwarding/intake.ts';
import type { Links } from '../peers/links.ts';
import type { Post } from '../peers/post.ts';
import type { Roster } from '../peers/roster.ts';
import type { Snapshots } from '../snapshots/snapshots.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { DiskWatch } from './disk-watch.ts';
import { Service } from './service.ts';
import type { SessionClock } from './session-clock.ts';
import type { SlowDisk } from './slow-disk.ts';

const expiryPeriodMs = 100;
/** Well below the shortest session timeout. */
const touchPeriodMs = 500;
const probePeriodMs = 500;
const overduePeriodMs = 1_000;
const slowDiskPeriodMs = 1_000;

export interface ChoresOptions {
  readonly clock: Clock;
  readonly trace: Trace;
  readonly tickMs: number;
  readonly post: Post;
  readonly forwarder: Forwarder;
  readonly intake: Intake;
  readonly sessionClock: SessionClock;
  readonly clients: Clients;
  readonly links: Links;
  readonly roster: Roster;
  readonly snapshots: Snapshots;
  readonly checkpoints: Checkpoints;
  readonly diskWatch: DiskWatch;
  readonly slowDisk: SlowDisk;
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

  tick(status: ConsensusStatus): void {
    const { forwarder, intake, sessionClock, links, clients, clock, snapshots, checkpoints } = this.#options;
    this.#ticks += 1;
    forwarder.tick();
    intake.tick();
    sessionClock.tick();
    snapshots.tick();
    checkpoints.tick(status.role === 'leader' ? 'leader' : 'other');
    this.#watchLeader();
    if (this.#due(expiryPeriodMs) && intake.openTerm !== null) this.#expireSessions(intake.openTerm);
    if (this.#due(touchPeriodMs) && status.leader !== null) this.#touch(status.leader);
    if (this.#due(probePeriodMs)) links.probe();
    if (this.#due(overduePeriodMs)) clients.endOverdue(clock.monotonicMs());
    if (this.#due(slowDiskPeriodMs)) this.#options.slowDisk.check(status);
  }

  #due(periodMs: number): boolean {
    return this.#ticks % Math.max(1, Math.round(periodMs / this.#options.tickMs)) === 0;
  }

  /** Without a seat, a leader that takes our commands, or a disk to note them on, clients are better off elsewhere. */
  #watchLeader(): void {
    const { forwarder, trace, clients, diskWatch, roster } = this.#options;
    const change = this.#service.tick({
      connected: forwarder.connected && roster.hasSeat && diskWatch.state.kind === 'ok',
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

  #touch(leader: NonNullable<ConsensusStatus['leader']>): void {
    const sessions = this.#options.clients.takeHeard();
    if (sessions.length > 0) this.#options.post.send(leader, { kind: 'touch', sessions });
  }
}
