/**
 * One simulated machine: its data directory outlives its processes, each of which is a replica with a
 * clock of its own. A process that ends is started again after a while, as the supervisor does.
 */
import { assert } from '../base/assert.ts';
import type { ClusterId, MemberId } from '../base/ids.ts';
import type { Seat } from '../base/membership.ts';
import { Violation } from '../check/violation.ts';
import { type DiskFaults, noDiskFaults, wrapDisk } from '../fault/disk-faults.ts';
import type { Consensus, ConsensusStatus, Effects } from '../ports/consensus.ts';
import { createRaft } from '../raft/engine.ts';
import type { Fatal } from '../replica/fatal.ts';
import { createReplica, type Replica } from '../replica/replica.ts';
import type { ClientHost } from './client.ts';
import { type ClientWire, type SimClientEnd, SimConnection } from './client-connection.ts';
import { SimClock, WallTime } from './clock.ts';
import type { Directory } from './directory.ts';
import type { SimNetwork } from './network.ts';
import type { SimOptions } from './options.ts';
import type { SeededRandom } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimTrace } from './trace.ts';

const restartAfterMs = 1_000;
const timing = { heartbeatTicks: 5, electionTicksMin: 25, electionTicksMax: 50, fastCampaignTicksMax: 3 };

export interface Step {
  readonly consensus: Consensus;
  readonly status: ConsensusStatus;
  readonly effects: Effects;
}

export interface MemberOptions {
  readonly directory: Directory;
  readonly cluster: ClusterId;
  readonly scheduler: Scheduler;
  readonly network: SimNetwork;
  readonly random: SeededRandom;
  readonly trace: SimTrace;
  readonly settings: SimOptions['settings'];
  readonly tickMs: number;
  /** Called after every step of the engine. */
  readonly stepped: (seat: Seat, step: Step) => void;
  /** A process of this member ended. */
  readonly gone: (id: MemberId) => void;
}

interface Life {
  readonly clock: SimClock;
  readonly replica: Replica;
  readonly setDiskFaults: (faults: DiskFaults) => void;
  readonly connections: Set<SimConnection>;
}

/** `removed`: its seat was given up, which ends a process for good. `refused`: its directory is damaged beyond help. */
export type MemberState = 'up' | 'down' | 'removed' | 'refused';

export class SimMember implements ClientHost {
  readonly id: MemberId;
  readonly wall: WallTime;
  /** The damage done to its disk may keep it from starting: allowed only while this says so. */
  damaged = false;
  readonly #options: MemberOptions;
  #directory: Directory;
  #lives = 0;
  #life: Life | null = null;
  #paused = false;
  #end: 'none' | 'removed' | 'refused' = 'none';
  #diskFaults: DiskFaults = noDiskFaults;
  /** Whether somebody restarts it when its process ends by itself. */
  #supervised = true;
  #held = false;

  constructor(options: MemberOptions) {
    this.id = options.directory.seat.id;
    this.#options = options;
    this.#directory = options.directory;
    this.wall = new WallTime(options.scheduler);
  }

  get name(): string {
    return `member ${this.id}`;
  }

  get seat(): Seat {
    return this.#directory.seat;
  }

  get directory(): Directory {
    return this.#directory;
  }

  /** The running process, or null. */
  get replica(): Replica | null {
    return this.#life?.replica ?? null;
  }

  get paused(): boolean {
    return this.#paused;
  }

  get state(): MemberState {
    if (this.#end !== 'none') return this.#end;
    return this.#life === null ? 'down' : 'up';
  }

  /** How often its process was started. */
  get lives(): number {
    return this.#lives;
  }

  get diskFaults(): DiskFaults {
    return this.#diskFaults;
  }

  start(): void {
    this.#supervised = true;
    if (this.#held || this.#life !== null || this.#end !== 'none') return;
    const { cluster, scheduler, network, random, trace, settings } = this.#options;
    const { seat } = this;
    this.#lives += 1;
    const clock = new SimClock(scheduler, this.wall);
    const ownRandom = random.fork(`life ${this.#lives}`);
    const faulty = wrapDisk(
      this.#directory.disk.open((callback) => clock.run(callback)),
      clock,
    );
    faulty.setFaults(this.#diskFaults);
    let failed: Fatal | null = null;
    const created = createReplica(
      {
        clock,
        random: ownRandom,
        disk: faulty.disk,
        network: network.attach(seat, clock),
        trace: trace.of(this.id),
        createConsensus: (restored) =>
          this.#watched(
            seat,
            createRaft({
              ...seat,
              ...settings,
              timing,
              restored,
              random: (limit) => ownRandom.below(limit),
            }),
          ),
      },
      {
        cluster,
        member: this.id,
        removed: [],
        settings,
        tickMs: this.#options.tickMs,
        clientPort: 2180 + this.id,
        dataFolder: `sim/${this.id}`,
      },
      {
        fatal: (fatal) => {
          failed = fatal;
          scheduler.after(0, () => this.#fatal(clock, fatal));
        },
        loading: () => undefined,
      },
    );
    if (!created.ok) {
      clock.kill();
      this.#notStarted(created.error);
      return;
    }
    this.#life = {
      clock,
      replica: created.value,
      setDiskFaults: faulty.setFaults,
      connections: new Set(),
    };
    if (failed !== null) this.#fatal(clock, failed);
  }

  /** Ends the process: killed, its writes are there; without power, what was not synced may be gone. Returns torn writes. */
  end(how: 'killed' | 'withoutPower'): number {
    this.#supervised = false;
    return this.#endLife(how);
  }

  /** Ends the process, and starts none until it is released. */
  hold(): void {
    this.end('killed');
    this.#held = true;
  }

  release(): void {
    this.#held = false;
  }

  pause(): void {
    this.#life?.clock.pause();
    this.#paused = this.#life !== null;
  }

  resume(): void {
    this.#life?.clock.resume();
    this.#paused = false;
  }

  setDiskFaults(faults: DiskFaults): void {
    this.#diskFaults = faults;
    this.#life?.setDiskFaults(faults);
  }

  /** The machine gets another, empty directory; its process ends. */
  replaceDirectory(directory: Directory): void {
    this.end('killed');
    this.#directory = directory;
    this.#end = 'none';
    this.damaged = false;
  }

  connect(client: SimClientEnd, wire: ClientWire, label: string): SimConnection | null {
    const life = this.#life;
    if (life === null) return null;
    const connection: SimConnection = new SimConnection({
      wire,
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

  #endLife(how: 'killed' | 'withoutPower'): number {
    const life = this.#life;
    if (life === null) return 0;
    this.#life = null;
    this.#paused = false;
    life.clock.kill();
    const { disk } = this.#directory;
    let torn = 0;
    if (how === 'killed') disk.processKilled();
    else torn = disk.crash();
    for (const connection of life.connections) connection.break();
    this.#options.network.processGone(this.id);
    this.#options.gone(this.id);
    return torn;
  }

  #fatal(clock: SimClock, fatal: Fatal): void {
    if (this.#life?.clock !== clock) return;
    this.#options.trace.say(`${this.id}: ends: ${fatal.what}`);
    if (fatal.code === 'disk') {
      if (this.#diskFaults === noDiskFaults) throw new Violation('goes on', `${this.name}: ${fatal.what}`);
      this.#endLife('killed');
      this.#restartSoon();
      return;
    }
    this.#endLife('killed');
    this.#end = 'removed';
  }

  #notStarted(error: { readonly code: string; readonly what: string; readonly file: string }): void {
    this.#options.trace.say(`${this.id}: did not start: ${error.what} (${error.file})`);
    if (error.code === 'disk') {
      assert(this.#diskFaults !== noDiskFaults, 'a good disk failed', { member: this.id, what: error.what });
      this.#restartSoon();
      return;
    }
    if (!this.damaged) {
      throw new Violation(
        'starts again',
        `${this.name}: ${error.what} (${error.file}), with an undamaged disk`,
      );
    }
    this.#end = 'refused';
  }

  #restartSoon(): void {
    this.#options.scheduler.after(restartAfterMs, () => {
      if (this.#supervised) this.start();
    });
  }

  /** Tells of every step. The status is asked for often and changes by steps alone: it is made once a step. */
  #watched(seat: Seat, consensus: Consensus): Consensus {
    let status = consensus.status();
    const watched: Consensus = {
      ...consensus,
      step: (input) => {
        const effects = consensus.step(input);
        status = consensus.status();
        this.#options.stepped(seat, { consensus, status, effects });
        return effects;
      },
      status: () => status,
    };
    return watched;
  }
}
