/**
 * One member: consensus, write-ahead log and store, joined over ports. The same object runs in a real
 * process and in the simulator.
 *
 *   clients ──► ClientConnection ──► Forwarder ──► (peer) Intake ──► consensus ──► wal
 *      ▲                                                                │
 *      └── answers, watch events ◄── store.apply ◄── committed entries ◄┘
 *
 * The rooms: clients/ (connections and requests), forwarding/ (writes on their way to the leader),
 * peers/ (the other members), snapshots/, upkeep/ (time, disk, digests). parts.ts joins them.
 */
import type { LogPage } from '../api/log.ts';
import type { Seat } from '../base/membership.ts';
import { ok, type Result } from '../base/result.ts';
import { Scope } from '../base/scope.ts';
import type { ClientHandler, ClientLink } from '../ports/client-link.ts';
import type { ConsensusStatus } from '../ports/consensus.ts';
import type { WalError } from '../wal/error.ts';
import type { ConnectionHost } from './clients/connection-host.ts';
import type { ReplicaConfig, ReplicaListener, ReplicaPorts } from './config.ts';
import type { MemberFacts } from './facts.ts';
import { diskFatal, type Fatal, removedSeatFatal } from './fatal.ts';
import { begin, canHandOver, type Operation, type OperationRefusal } from './operations.ts';
import { assemble, type Parts } from './parts.ts';
import { type ReplicaReport, reportOf } from './report.ts';
import { type Memory, openMemory } from './start.ts';
import { fourLetterText } from './words.ts';

/** How long a leader that stops waits for another one to take over, in milliseconds. */
const handOverTimeoutMs = 500;
/** How long a member goes on after its own removal is committed, so that the others learn of the commit. */
const farewellMs = 300;

/**
 * Opens the member's log and starts it. Fails when the data directory is not this member's, is not
 * initialised or is damaged beyond repair; nothing is running then.
 */
export function createReplica(
  ports: ReplicaPorts,
  config: ReplicaConfig,
  listener: ReplicaListener,
): Result<Replica, WalError> {
  const memory = openMemory(ports, config, (progress) => listener.loading(progress));
  return memory.ok ? ok(new Replica(ports, config, { memory: memory.value, listener })) : memory;
}

export class Replica implements MemberFacts {
  readonly #ports: ReplicaPorts;
  readonly #config: ReplicaConfig;
  readonly #listener: ReplicaListener;
  readonly #parts: Parts;
  readonly #host: ConnectionHost;
  readonly #running = new Scope();
  readonly #startedMs: number;
  #ended = false;
  #leaving = false;

  constructor(
    ports: ReplicaPorts,
    config: ReplicaConfig,
    { memory, listener }: { readonly memory: Memory; readonly listener: ReplicaListener },
  ) {
    this.#ports = ports;
    this.#config = config;
    this.#listener = listener;
    this.#startedMs = ports.clock.monotonicMs();
    this.#parts = assemble(ports, config, {
      memory,
      host: {
        fenced: () => this.#fenced(),
        removed: () => this.#end(removedSeatFatal(this.#parts.self)),
        ownRemovalApplied: () => this.#leave(),
        diskGaveUp: (failure) => this.#end(diskFatal(failure)),
      },
    });
    this.#host = this.#connectionHost();
    const { desk, driver, wal, snapshots, fence, links } = this.#parts;
    this.#tellWhatWasFound(memory);
    this.#running.add(() => wal.close());
    this.#running.add(() => snapshots.stop());
    this.#running.add(
      ports.network.listen({
        received: (id, incarnation, frame) => {
          if (!this.#ended) desk.received({ id, incarnation }, frame);
        },
        peerGone: (peer) => {
          links.gone(peer);
          driver.step({ kind: 'peerGone', peer });
        },
      }),
    );
    this.#running.add(ports.clock.every(config.tickMs, () => this.#tick()));
    if (memory.opened.fenced !== null) fence.restore(memory.opened.fenced);
    if (this.fenced !== null) driver.stop();
  }

  /** A client connected. */
  accept(link: ClientLink): ClientHandler {
    return this.clients.accept(link, this.#host);
  }

  /** Begins what an operator asks for; what comes of it shows in the reports. */
  request(operation: Operation): Result<null, OperationRefusal> {
    return begin(operation, this.#parts);
  }

  /** The seats that the operator's record says were given up, from now on. */
  setRemoved(removed: readonly Seat[]): void {
    this.#parts.roster.setRemoved(removed);
  }

  get origin(): Parts['origin'] {
    return this.#parts.origin;
  }

  get vitals(): Parts['vitals'] {
    return this.#parts.vitals;
  }

  get store(): Parts['store'] {
    return this.#parts.store;
  }

  get clients(): Parts['clients'] {
    return this.#parts.clients;
  }

  get links(): Parts['links'] {
    return this.#parts.links;
  }

  get tickMs(): number {
    return this.#config.tickMs;
  }

  get serving(): boolean {
    return this.#parts.chores.serving && this.fenced === null && !this.#ended && !this.#leaving;
  }

  get status(): ConsensusStatus {
    return this.#parts.consensus.status();
  }

  get uptimeMs(): number {
    return this.#ports.clock.monotonicMs() - this.#startedMs;
  }

  get forwardsPending(): number {
    return this.#parts.forwarder.pending;
  }

  get fenced(): string | null {
    return this.#parts.fence.reason;
  }

  get disk(): MemberFacts['disk'] {
    return this.#parts.diskWatch.state;
  }

  get snapshots(): MemberFacts['snapshots'] {
    return this.#parts.snapshots.list;
  }

  get logBytes(): number {
    return this.snapshots.reduce((left, { sizeBytes }) => left - sizeBytes, this.#parts.wal.diskBytes);
  }

  get checkpoint(): MemberFacts['checkpoint'] {
    return this.#parts.checkpoints.newest;
  }

  report(): ReplicaReport {
    return reportOf(this);
  }

  readLog(range: { readonly from: number; readonly count: number }): LogPage {
    return this.#parts.logReader.read(range);
  }

  /** Throws when an invariant does not hold; the simulator calls it after every step. */
  checkInvariants(): void {
    this.#parts.consensus.checkInvariants();
  }

  /** Hands leadership over, then stops serving for good. What was acknowledged is on disk already. */
  async stop(): Promise<void> {
    if (!this.#ended) await this.#handOver();
    this.#silence();
    await this.#running.close();
  }

  #tick(): void {
    if (this.#ended) return;
    const { driver, chores, leadership, fence } = this.#parts;
    driver.step({ kind: 'tick' });
    chores.tick(leadership.status);
    fence.tick();
  }

  #tellWhatWasFound({ opened }: Memory): void {
    const { trace } = this.#ports;
    if (opened.cut !== null) trace.emit('warn', 'tailCut', { ...opened.cut });
    for (const { file, offset, what, cure } of opened.damage?.findings ?? []) {
      trace.emit('warn', cure === 'peers' ? 'repairStarted' : 'damageFound', { file, offset, what, cure });
    }
  }

  #connectionHost(): ConnectionHost {
    const replica = this;
    const { clients, store, forwarder, barriers, vitals } = this.#parts;
    return {
      clock: this.#ports.clock,
      random: this.#ports.random,
      trace: this.#ports.trace,
      store,
      forwarder,
      barriers,
      vitals,
      watches: clients.watches,
      reads: this.#config.settings.linearizableReads === 'on' ? 'linearizable' : 'local',
      get serving() {
        return replica.serving;
      },
      fourLetterText: (word) => fourLetterText(word, this, this.#config),
      joined: (session, connection) => clients.joined(session, connection),
      left: (connection) => clients.left(connection),
      heard: (session) => clients.heard(session),
    };
  }

  /** Nobody may be served from a store that is wrong; somebody else should lead before this member falls silent. */
  #fenced(): void {
    this.clients.endAll();
    void this.#untilHandedOver().then(() => this.#parts.driver.stop());
  }

  async #handOver(): Promise<void> {
    if (!canHandOver(this.status)) return;
    const asked = this.request({ kind: 'transfer', to: null });
    if (asked.ok || asked.error === 'handingOver') await this.#untilHandedOver();
  }

  #untilHandedOver(): Promise<void> {
    const { clock } = this.#ports;
    const deadlineMs = clock.monotonicMs() + handOverTimeoutMs;
    return new Promise((settle) => {
      const look = (): void => {
        const { transferTo } = this.status;
        const hopeless = transferTo !== null && this.links.isGone(transferTo);
        if (hopeless || !canHandOver(this.status) || clock.monotonicMs() >= deadlineMs) settle();
        else clock.after(this.tickMs, look);
      };
      look();
    });
  }

  /** This seat was given up: the others are to learn of it, then this member ends. */
  #leave(): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.clients.endAll();
    this.#ports.clock.after(farewellMs, () => this.#end(removedSeatFatal(this.#parts.self)));
  }

  #end(fatal: Fatal): void {
    if (this.#ended) return;
    this.#silence();
    this.#listener.fatal(fatal);
  }

  #silence(): void {
    this.#ended = true;
    this.#parts.driver.stop();
    this.clients.endAll();
  }
}
