/**
 * One simulated machine: its data directory outlives its processes, each of which is a replica with a
 * clock of its own. A process that ends is started again after a while, as the supervisor does.
 */
import { assert } from '../base/assert.ts';
import type { MemberId } from '../base/ids.ts';
import type { Seat } from '../base/membership.ts';
import { Violation } from '../check/violation.ts';
import { type DiskFaults, noDiskFaults } from '../fault/disk-faults.ts';
import type { Fatal } from '../replica/fatal.ts';
import type { Replica } from '../replica/replica.ts';
import { type ClientWire, type SimClientEnd, SimConnection } from './client-connection.ts';
import type { ClientHost } from './client-options.ts';
import { SimClock, WallTime } from './clock.ts';
import type { Directory } from './directory.ts';
import { type Habitat, startProcess } from './process.ts';
import type { SeededRandom } from './random.ts';

const restartAfterMs = 1_000;

export interface MemberOptions extends Habitat {
  readonly directory: Directory;
  readonly random: SeededRandom;
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
    const { scheduler, random } = this.#options;
    this.#lives += 1;
    const clock = new SimClock(scheduler, this.wall);
    const started = startProcess(this.#options, {
      directory: this.#directory,
      clock,
      random: random.fork(`life ${this.#lives}`),
      diskFaults: this.#diskFaults,
      fatal: (fatal) => void scheduler.after(0, () => this.#fatal(clock, fatal)),
    });
    if (started.ok) this.#life = { ...started.value, clock, connections: new Set() };
    else {
      clock.kill();
      this.#notStarted(started.error);
    }
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
    this.#diskFaults = noDiskFaults;
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
    if (error.code === 'disk' || error.code === 'noSpace') {
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
}
