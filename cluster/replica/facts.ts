/** What a member can tell about itself: the source of its report and of its four-letter words. */
import type { ConsensusStatus } from '../ports/consensus.ts';
import type { SnapshotInfo } from '../wal/snapshot-reader.ts';
import type { Origin } from '../zk/command.ts';
import type { Store } from '../zk/store.ts';
import type { Clients } from './clients/clients.ts';
import type { Links } from './peers/links.ts';
import type { Checkpoint } from './upkeep/checkpoints.ts';
import type { DiskState } from './upkeep/disk-watch.ts';
import type { Vitals } from './vitals.ts';

export interface MemberFacts {
  /** This life of this data directory, under which clients' writes are forwarded. */
  readonly origin: Origin;
  readonly vitals: Vitals;
  readonly store: Store;
  readonly clients: Clients;
  readonly links: Links;
  readonly tickMs: number;
  /** Whether clients are served: a leader takes this member's commands, or was lost only just now. */
  readonly serving: boolean;
  readonly status: ConsensusStatus;
  /** Milliseconds since this replica was created. */
  readonly uptimeMs: number;
  /** Commands of this member's clients that are not applied yet. */
  readonly forwardsPending: number;
  /** Why this member keeps out of everything, or null. */
  readonly fenced: string | null;
  readonly disk: DiskState;
  /** Newest first. */
  readonly snapshots: readonly SnapshotInfo[];
  /** Bytes of the data directory without the snapshots. */
  readonly logBytes: number;
  /** The newest digest that was compared with the others'. */
  readonly checkpoint: Checkpoint | null;
}
