/** What one member is told at its start. */
import type { ClusterId, MemberId } from '../base/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Consensus, RestoredLog } from '../ports/consensus.ts';
import type { Disk } from '../ports/disk.ts';
import type { Network } from '../ports/network.ts';
import type { Random } from '../ports/random.ts';
import type { Trace } from '../ports/trace.ts';

/** The world, passed once. The simulator and the real process differ in nothing else. */
export interface ReplicaPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly disk: Disk;
  readonly network: Network;
  readonly trace: Trace;
  /** The engine, made from what the log held. */
  readonly createConsensus: (restored: RestoredLog) => Consensus;
}

export interface ReplicaConfig {
  readonly cluster: ClusterId;
  readonly member: MemberId;
  /** All voting members, this one included. */
  readonly members: readonly MemberId[];
  /** Length of a tick, the unit of every timeout of consensus and sessions. */
  readonly tickMs: number;
  /** Shown by `conf` and `srvr`. */
  readonly clientPort: number;
  readonly dataFolder: string;
}
