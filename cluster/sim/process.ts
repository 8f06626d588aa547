/** Starts one process of a simulated member: a replica over simulated ports, with every step of its engine watched. */
import type { ClusterId } from '../base/ids.ts';
import type { Seat } from '../base/membership.ts';
import { ok, type Result } from '../base/result.ts';
import { type DiskFaults, wrapDisk } from '../fault/disk-faults.ts';
import type { Consensus, ConsensusStatus, Effects } from '../ports/consensus.ts';
import { createRaft } from '../raft/engine.ts';
import type { Fatal } from '../replica/fatal.ts';
import { createReplica, type Replica } from '../replica/replica.ts';
import type { WalError } from '../wal/error.ts';
import type { SimClock } from './clock.ts';
import type { Directory } from './directory.ts';
import type { SimNetwork } from './network.ts';
import type { SimOptions } from './options.ts';
import type { SeededRandom } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimTrace } from './trace.ts';

const timing = { heartbeatTicks: 5, electionTicksMin: 25, electionTicksMax: 50, fastCampaignTicksMax: 3 };

export interface Step {
  readonly consensus: Consensus;
  readonly status: ConsensusStatus;
  readonly effects: Effects;
}

/** What all processes of a world share. */
export interface Habitat {
  readonly cluster: ClusterId;
  readonly scheduler: Scheduler;
  readonly network: SimNetwork;
  readonly trace: SimTrace;
  readonly settings: SimOptions['settings'];
  readonly tickMs: number;
  /** Called after every step of an engine. */
  readonly stepped: (seat: Seat, step: Step) => void;
}

export interface SimProcess {
  readonly replica: Replica;
  readonly setDiskFaults: (faults: DiskFaults) => void;
}

export function startProcess(
  habitat: Habitat,
  options: {
    readonly directory: Directory;
    readonly clock: SimClock;
    readonly random: SeededRandom;
    readonly diskFaults: DiskFaults;
    readonly fatal: (fatal: Fatal) => void;
  },
): Result<SimProcess, WalError> {
  const { cluster, network, trace, settings, tickMs, stepped } = habitat;
  const { clock, random } = options;
  const { seat, disk } = options.directory;
  const faulty = wrapDisk(
    disk.open((callback) => clock.run(callback)),
    clock,
  );
  faulty.setFaults(options.diskFaults);
  const created = createReplica(
    {
      clock,
      random,
      disk: faulty.disk,
      network: network.attach(seat, clock),
      trace: trace.of(seat.id),
      createConsensus: (restored) =>
        watched(
          createRaft({ ...seat, ...settings, timing, restored, random: (limit) => random.below(limit) }),
          (step) => stepped(seat, step),
        ),
    },
    {
      cluster,
      member: seat.id,
      removed: [],
      settings,
      tickMs,
      clientPort: 2180 + seat.id,
      dataFolder: `sim/${seat.id}`,
    },
    { fatal: options.fatal, loading: () => undefined },
  );
  return created.ok ? ok({ replica: created.value, setDiskFaults: faulty.setFaults }) : created;
}

/** Tells of every step. The status is asked for often and changes by steps alone: it is made once a step. */
function watched(consensus: Consensus, stepped: (step: Step) => void): Consensus {
  let status = consensus.status();
  return {
    ...consensus,
    step: (input) => {
      const effects = consensus.step(input);
      status = consensus.status();
      stepped({ consensus, status, effects });
      return effects;
    },
    status: () => status,
  };
}
