/**
 * One member: consensus, write-ahead log and store, joined over ports. The same object runs in a real
 * process and in the simulator.
 *
 *   clients ──► ClientConnection ──► Forwarder ──► (peer) Intake ──► consensus ──► wal
 *      ▲                                                                │
 *      └── answers, watch events ◄── store.apply ◄── committed entries ◄┘
 */
import type { LogPage } from '../api/log.ts';
import { unreachable } from '../base/assert.ts';
import type { Entry } from '../base/entry.ts';
import type { MemberId, SessionId } from '../base/ids.ts';
import { ok, type Result } from '../base/result.ts';
import { Scope } from '../base/scope.ts';
import type { ClientHandler, ClientLink } from '../ports/client-link.ts';
import type { Consensus, ConsensusStatus } from '../ports/consensus.ts';
import type { DiskFailure } from '../ports/disk.ts';
import type { WalError } from '../wal/error.ts';
import { type OpenedWal, openWal } from '../wal/open.ts';
import type { Origin } from '../zk/command.ts';
import { isSameOrigin } from '../zk/sessions.ts';
import { createStore } from '../zk/store.ts';
import { Barriers } from './clients/barriers.ts';
import { Clients } from './clients/clients.ts';
import type { ConnectionHost } from './clients/connection-host.ts';
import type { ReplicaConfig, ReplicaPorts } from './config.ts';
import { ConsensusDriver } from './driver.ts';
import type { MemberFacts } from './facts.ts';
import { diskFatal, type FatalListener } from './fatal.ts';
import { Forwarder } from './forwarding/forwarder.ts';
import { Intake } from './forwarding/intake.ts';
import { LogReader } from './log-reader.ts';
import { Links } from './peers/links.ts';
import { decodePeerMessage, encodePeerMessage, type PeerMessage } from './peers/peer-message.ts';
import { type ReplicaReport, reportOf } from './report.ts';
import { Chores } from './upkeep/chores.ts';
import { SessionClock } from './upkeep/session-clock.ts';
import { Vitals } from './vitals.ts';
import { fourLetterText } from './words.ts';

/**
 * Opens the member's log and starts it. Fails when the data directory is not this member's, is not
 * initialised or is damaged; nothing is running then.
 */
export function createReplica(
  ports: ReplicaPorts,
  config: ReplicaConfig,
  onFatal: FatalListener,
): Result<Replica, WalError> {
  const opened = openWal(ports.disk, { cluster: config.cluster, member: config.member });
  if (!opened.ok) return opened;
  return ok(new Replica(ports, config, onFatal, opened.value));
}

export class Replica implements MemberFacts {
  readonly origin: Origin;
  readonly vitals = new Vitals();
  readonly store = createStore();
  readonly clients = new Clients();
  readonly tickMs: number;
  readonly links: Links;
  readonly #ports: ReplicaPorts;
  readonly #config: ReplicaConfig;
  readonly #onFatal: FatalListener;
  readonly #consensus: Consensus;
  readonly #driver: ConsensusDriver;
  readonly #forwarder: Forwarder;
  readonly #intake: Intake;
  readonly #barriers: Barriers;
  readonly #sessionClock: SessionClock;
  readonly #logReader: LogReader;
  readonly #host: ConnectionHost;
  readonly #running = new Scope();
  #status: ConsensusStatus;
  readonly #chores: Chores;
  readonly #startedMs: number;

  constructor(ports: ReplicaPorts, config: ReplicaConfig, onFatal: FatalListener, opened: OpenedWal) {
    this.#ports = ports;
    this.tickMs = config.tickMs;
    this.#startedMs = ports.clock.monotonicMs();
    this.#config = config;
    this.#onFatal = onFatal;
    this.origin = { member: config.member, incarnation: opened.identity.incarnation, life: opened.life };
    if (opened.cut !== null) ports.trace.emit('warn', 'tailCut', { ...opened.cut });
    const { clock, trace } = ports;
    const send = (to: MemberId, message: PeerMessage) => this.#send(to, message);
    this.#consensus = ports.createConsensus(opened.restored);
    this.#status = this.#consensus.status();
    this.#driver = new ConsensusDriver({
      consensus: this.#consensus,
      wal: opened.wal,
      clock,
      host: this.#driverHost(),
    });
    this.#forwarder = new Forwarder({ origin: this.origin, term: this.#status.term, clock, send });
    this.#intake = new Intake({
      store: this.store,
      clock,
      trace,
      send,
      propose: (payloads) => this.#driver.step({ kind: 'proposed', payloads }),
    });
    this.#barriers = new Barriers({
      clock,
      request: (id) => void this.#driver.step({ kind: 'readRequested', id }),
    });
    this.#sessionClock = new SessionClock({ tickMs: config.tickMs });
    this.#logReader = new LogReader({ member: config.member, consensus: this.#consensus });
    this.links = new Links({ peers: config.members.filter((id) => id !== config.member), clock, send });
    this.#chores = new Chores({
      clock,
      trace,
      send,
      tickMs: config.tickMs,
      forwarder: this.#forwarder,
      intake: this.#intake,
      sessionClock: this.#sessionClock,
      clients: this.clients,
      links: this.links,
    });
    this.#host = this.#connectionHost();
    this.#running.add(() => opened.wal.close());
    this.#running.add(
      ports.network.listen({
        received: (from, incarnation, frame) => this.#received({ id: from, incarnation }, frame),
        peerGone: (peer) => void this.#driver.step({ kind: 'peerGone', peer }),
      }),
    );
    this.#running.add(clock.every(config.tickMs, () => this.#tick()));
  }

  /** A client connected. */
  accept(link: ClientLink): ClientHandler {
    return this.clients.accept(link, this.#host);
  }

  get serving(): boolean {
    return this.#chores.serving;
  }

  get status(): ConsensusStatus {
    return this.#consensus.status();
  }

  get uptimeMs(): number {
    return this.#ports.clock.monotonicMs() - this.#startedMs;
  }

  get forwardsPending(): number {
    return this.#forwarder.pending;
  }

  report(): ReplicaReport {
    return reportOf(this);
  }

  readLog(range: { readonly from: number; readonly count: number }): LogPage {
    return this.#logReader.read(range);
  }

  /** Throws when an invariant does not hold; the simulator calls it after every step. */
  checkInvariants(): void {
    this.#consensus.checkInvariants();
  }

  /** Stops serving, at once and for good. What was acknowledged is on disk already. */
  async stop(): Promise<void> {
    this.#driver.stop();
    this.clients.endAll();
    await this.#running.close();
  }

  #driverHost(): ConstructorParameters<typeof ConsensusDriver>[0]['host'] {
    return {
      send: (to, message) => this.#send(to, { kind: 'consensus', message }),
      apply: (entry) => this.#apply(entry),
      appliedUpTo: (index) => {
        this.#barriers.applied(index);
        this.clients.resume();
      },
      readAnswered: (outcome) => this.#barriers.answered(outcome),
      statusChanged: (status) => this.#statusChanged(status),
      persisted: (durationMs) => this.vitals.persisted(durationMs),
      diskFailed: (failure) => this.#diskFailed(failure),
    };
  }

  #connectionHost(): ConnectionHost {
    const replica = this;
    return {
      clock: this.#ports.clock,
      random: this.#ports.random,
      trace: this.#ports.trace,
      store: this.store,
      forwarder: this.#forwarder,
      barriers: this.#barriers,
      watches: this.clients.watches,
      get serving() {
        return replica.serving;
      },
      fourLetterText: (word) => fourLetterText(word, this, this.#config),
      joined: (session, connection) => this.clients.joined(session, connection),
      left: (connection) => this.clients.left(connection),
      heard: (session) => this.clients.heard(session),
      vitals: this.vitals,
    };
  }

  #tick(): void {
    this.#driver.step({ kind: 'tick' });
    this.#chores.tick(this.#status.leader);
  }

  #apply(entry: Entry): void {
    const applied = this.store.apply(entry);
    this.#logReader.applied(entry);
    if (entry.kind === 'noop') this.#openIntake(entry);
    if (applied.events.length > 0) this.clients.fire(applied.events);
    const own = applied.command !== null && isSameOrigin(applied.command.origin, this.origin);
    if (own) this.#forwarder.applied(applied.command.sequence, applied);
    if (applied.openedSession !== null) this.#sessionOpened(applied.openedSession, own);
    for (const closed of applied.closedSessions) {
      this.#sessionClock.closed(closed);
      this.clients.sessionGone(closed);
    }
  }

  #sessionOpened(session: SessionId, here: boolean): void {
    const timeoutMs = this.store.session(session)?.timeoutMs;
    if (timeoutMs !== undefined) this.#sessionClock.opened(session, timeoutMs);
    if (!here) this.clients.sessionGone(session);
  }

  /** The leader has applied the first entry of its term: everything older is applied as well. */
  #openIntake(noop: Entry): void {
    const status = this.#consensus.status();
    if (status.role !== 'leader' || noop.term !== status.term) return;
    this.#sessionClock.reset(this.store.sessions());
    this.#intake.open(status.term);
  }

  #statusChanged(status: ConsensusStatus): void {
    const before = this.#status;
    this.#status = status;
    if (before.role === status.role && before.term === status.term && before.leader === status.leader) return;
    const facts = { role: status.role, term: status.term, leader: status.leader };
    this.#ports.trace.emit('info', 'roleChanged', { ...facts, before: before.role });
    const led = before.role === 'leader' && (status.role !== 'leader' || status.term !== before.term);
    if (led) this.#intake.close();
    if (status.role === 'leader' && (before.role !== 'leader' || led)) this.#intake.begin(status.term);
    this.#forwarder.leaderChanged(status.leader, status.term);
  }

  #diskFailed(failure: DiskFailure): void {
    this.clients.endAll();
    this.#onFatal(diskFatal(failure));
  }

  #received(from: MemberId, frame: Uint8Array): void {
    this.links.heard(from);
    const decoded = decodePeerMessage(frame);
    if (decoded.ok) this.#handle(from, decoded.value);
    else this.#ports.trace.emit('warn', 'peerMessageRefused', { from, reason: decoded.error });
  }

  #handle(from: MemberId, message: PeerMessage): void {
    switch (message.kind) {
      case 'consensus':
        this.#driver.step({ kind: 'received', from, message: message.message });
        break;
      case 'hello':
        this.#intake.hello(from, message.term, message.origin);
        break;
      case 'welcome':
        this.#forwarder.welcomed(from, message);
        break;
      case 'forward':
        this.#intake.forward(from, message.term, message.commands);
        break;
      case 'touch':
        for (const session of message.sessions) this.#sessionClock.touch(session);
        break;
      case 'probe':
        this.#send(from, { kind: 'probeReply', token: message.token });
        break;
      case 'probeReply':
        this.links.replied(from, message.token);
        break;
      default:
        unreachable(message);
    }
  }

  /** What a member says to itself does not cross the network. */
  #send(to: MemberId, message: PeerMessage): void {
    if (to === this.#config.member) this.#handle(to, message);
    else this.#ports.network.send(to, encodePeerMessage(message));
  }
}
