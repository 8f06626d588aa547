/** A simulated data directory: a disk that belongs to one seat, and outlives the processes that open it. */
import { assert } from '../base/assert.ts';
import type { MemberId } from '../base/ids.ts';
import { type ClusterId, incarnation } from '../base/ids.ts';
import type { Membership, Seat } from '../base/membership.ts';
import { encodeInitialHardState } from '../raft/codec.ts';
import { initialise } from '../wal/initialise.ts';
import { SimDisk } from './disk.ts';
import type { SeededRandom } from './random.ts';
import type { Scheduler } from './scheduler.ts';

export interface Directory {
  readonly seat: Seat;
  readonly disk: SimDisk;
}

/** Draws a seat: the member id with a new incarnation. */
export function drawSeat(id: MemberId, random: SeededRandom): Seat {
  return { id, incarnation: incarnation(random.fork('incarnation').below(2 ** 32) + 1) };
}

/** Initialises a new directory: a founder's, or one that waits to be taken in. */
export function makeDirectory(options: {
  readonly seat: Seat;
  readonly cluster: ClusterId;
  /** The founding membership, or null for a directory that joins. */
  readonly founding: Membership | null;
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
}): Directory {
  const { seat, cluster, founding, scheduler } = options;
  const disk = new SimDisk({ scheduler, random: options.random.fork('disk') });
  const initialised = initialise(
    disk.open((callback) => callback()),
    { cluster, member: seat.id, incarnation: seat.incarnation },
    founding === null ? null : { membership: founding, hardState: encodeInitialHardState() },
  );
  assert(initialised.ok, 'an empty disk can be initialised');
  return { seat, disk };
}
