/** One simulated member: its disk outlives its processes, each of which is a replica with a clock of its own. */
import { assert } from '../base/assert.ts';
import { type ClusterId, type Incarnation, incarnation, type MemberId } from '../base/ids.ts';
import type { Consensus, ConsensusStatus } from '../ports/consensus.ts';
import { createRaft } from '../raft/engine.ts';
import { createReplica, type Replica } from '../replica/replica.ts';
import { initialise } from '../wal/initialise.ts';
import { type SimClientEnd, SimConnection } from './client-connection.ts';
import { SimClock } from './clock.ts';
import { SimDisk } from './disk.ts';
import type { SimNetwork } from './network.ts';
import type { SeededRandom } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimTrace } from './trace.ts';

/** Ten milliseconds a tick, as in the real process. */
export const tickMs = 10;
const clientDelayMs = 1;

export interface MemberOptions {
  readonly id: MemberId;
  readonly members: readonly MemberId[];
  readonly cluster: ClusterId;
  readonly scheduler: Scheduler;
  readonly network: SimNetwork;
  readonly random: SeededRandom;
  readonly trace: SimTrace;
  /** Called after every step of the engine. */
  readonly stepped: (member: MemberId, consensus: Consensus, status: ConsensusStatus) => void;
}

interface Life {
  readonly clock: SimClock;
  readonly replica: Replica;
  readonly connections: Set<SimConnection>;
}

export class SimMember {
  readonly id: MemberId;
  readonly #options: MemberOptions;
  readonly #disk: SimDisk;
  readonly #incarnation: Incarnation;
  #lives = 0;
  #life: Life | null = null;
  #paused = false;

  constructor(options: MemberOptions) {
    this.id = options.id;
    this.#options = options;
    this.#disk = new SimDisk({ scheduler: options.scheduler, random: options.random.fork('disk') });
    this.#incarnation = incarnation(options.random.fork('incarnation').below(2 ** 32));
    const initialised = initialise(
      this.#disk.open((callback) => callback()),
      {
        cluster: options.cluster,
        member: options.id,
        incarnation: this.#incarnation,
      },
      null,
    );
    assert(initialised.ok, 'an empty disk can be initialised');
  }

  /** The running process, or null. */
  get replica(): Replica | null {
    return this.#life?.replica ?? null;
  }

  get paused(): boolean {
    return this.#paused;
  }

  start(): void {
    if (this.#life !== null) return;
    const { id, members, cluster, scheduler, network, random, trace } = this.#options;
    this.#lives += 1;
    const clock = new SimClock(scheduler);
    const ownRandom = random.fork(`life ${this.#lives}`);
    const disk = this.#disk.open((callback) => clock.run(callback));
    const created = createReplica(
      {
        clock,
        random: ownRandom,
        disk,
        network: network.attach({ id, incarnation: this.#incarnation }, clock),
        trace: trace.of(id),
        createConsensus: (restored) =>
          this.#watched(
            createRaft({
              id,
              voters: members,
              random: (limit) => ownRandom.below(limit),
              restored,
              timing: {
                heartbeatTicks: 5,
                electionTicksMin: 25,
                electionTicksMax: 50,
                fastCampaignTicksMax: 3,
              },
              preVote: 'on',
              checkQuorum: 'on',
            }),
          ),
      },
      { cluster, member: id, members, tickMs, clientPort: 2180 + id, dataFolder: `sim/${id}` },
      (fatal) => assert(false, 'a simulated member gave up', { member: id, what: fatal.what }),
    );
    assert(created.ok, 'a simulated member did not start', {
      member: id,
      error: created.ok ? null : created.error,
    });
    this.#life = { clock, replica: created.value, connections: new Set() };
  }

  /** Ends the process as a power cut does: what was not synced may be gone or torn. */
  crash(): void {
    const life = this.#life;
    if (life === null) return;
    this.#life = null;
    this.#paused = false;
    life.clock.kill();
    this.#disk.crash();
    for (const connection of life.connections) connection.break();
    this.#options.network.processGone(this.id);
  }

  pause(): void {
    this.#life?.clock.pause();
    this.#paused = this.#life !== null;
  }

  resume(): void {
    this.#life?.clock.resume();
    this.#paused = false;
  }

  /** Connects a client, or answers null when no process listens. */
  connect(client: SimClientEnd, label: string): SimConnection | null {
    const life = this.#life;
    if (life === null) return null;
    const connection: SimConnection = new SimConnection({
      scheduler: this.#options.scheduler,
      delayMs: clientDelayMs,
      memberClock: life.clock,
      replica: life.replica,
      label,
      client: {
        received: (bytes) => client.received(bytes),
        broken: () => {
          life.connections.delete(connection);
          client.broken();
        },
      },
    });
    life.connections.add(connection);
    return connection;
  }

  /** Tells of every step. The status is asked for often and changes by steps alone: it is made once a step. */
  #watched(consensus: Consensus): Consensus {
    let status = consensus.status();
    return {
      step: (input) => {
        const effects = consensus.step(input);
        status = consensus.status();
        consensus.checkInvariants();
        this.#options.stepped(this.id, consensus, status);
        return effects;
      },
      status: () => status,
      entries: (from, count) => consensus.entries(from, count),
      checkInvariants: () => consensus.checkInvariants(),
    };
  }
}
