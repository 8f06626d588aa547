/** What one member is told at its start. */
import type { EnsembleSettings } from '../api/settings.ts';
import type { ClusterId, MemberId } from '../base/ids.ts';
import type { Seat } from '../base/membership.ts';
import type { Clock } from '../ports/clock.ts';
import type { Consensus, RestoredLog } from '../ports/consensus.ts';
import type { Disk } from '../ports/disk.ts';
import type { Network } from '../ports/network.ts';
import type { Random } from '../ports/random.ts';
import type { Trace } from '../ports/trace.ts';
import type { Fatal } from './fatal.ts';
import type { LoadProgress } from './snapshots/loading.ts';

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

export type SnapshotSettings = EnsembleSettings['snapshots'];

export interface ReplicaConfig {
  readonly cluster: ClusterId;
  readonly member: MemberId;
  /** Seats given up, as the operator's record says: refused by name. The log names them as well. */
  readonly removed: readonly Seat[];
  readonly settings: Pick<EnsembleSettings, 'linearizableReads' | 'slowDiskMs' | 'snapshots'>;
  /** Length of a tick, the unit of every timeout of consensus and sessions. */
  readonly tickMs: number;
  /** Shown by `conf` and `srvr`. */
  readonly clientPort: number;
  readonly dataFolder: string;
}

/** Who is told of what concerns the process. */
export interface ReplicaListener {
  /** The member cannot go on. Called once; nothing is sent or written after it. */
  fatal(fatal: Fatal): void;
  /** A snapshot is being loaded, before the replica is there. */
  loading(progress: LoadProgress): void;
}
