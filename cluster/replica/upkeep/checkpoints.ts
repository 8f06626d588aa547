/**
 * Members that applied the same entries hold the same store, or one of them is wrong. At every
 * thousandth entry, and when nothing happens for a while, members tell each other their digest; where a
 * majority of the voters agrees and somebody differs, that one has diverged (etcd #13766: a divergence
 * that nobody looks for is found by users).
 */
import type { Incarnation, LogIndex, MemberId } from '../../base/ids.ts';
import { type Membership, type Seat, seatOf } from '../../base/membership.ts';
import type { PeerMessageOf } from '../peers/peer-message.ts';

/** Entries between two comparisons under load. */
const everyEntries = 1_000;
/** Ticks without a new entry after which a leader asks for a comparison. */
const idleTicks = 100;
/** Indexes whose digests are remembered: members lag by more than a few only while they catch up. */
const indexesMax = 16;

export interface Checkpoint {
  readonly index: LogIndex;
  readonly digest: string;
}

/** What the store tells about itself. */
interface DigestedStore {
  readonly appliedIndex: LogIndex;
  readonly membership: Membership;
  digest(): string;
}

export interface CheckpointsOptions {
  readonly self: Seat;
  readonly store: DigestedStore;
  readonly announce: (message: PeerMessageOf<'digest'>) => void;
  /** `member` holds something else than the majority at `index`. Told once per seat: a member that was replaced is another. */
  readonly diverged: (member: MemberId, index: LogIndex) => void;
}

/** What a seat said its digest is. */
interface Told {
  readonly seat: Seat;
  readonly digest: string;
}

export class Checkpoints {
  readonly #self: Seat;
  readonly #store: DigestedStore;
  readonly #announce: CheckpointsOptions['announce'];
  readonly #tellDiverged: CheckpointsOptions['diverged'];
  /** Digests by index, oldest index first, by member. */
  readonly #told = new Map<LogIndex, Map<MemberId, Told>>();
  /** Whose divergence was told: the seat that held each id then. */
  readonly #diverged = new Map<MemberId, Incarnation>();
  #newest: Checkpoint | null = null;
  /**
   * No, when the store came from another member: then the two agree, be they right or wrong, and must not
   * outvote the others. Yes again once a majority of the voters, this member not counted, agrees with it.
   */
  #isWitness = true;
  #idleTicks = 0;

  constructor(options: CheckpointsOptions) {
    this.#self = options.self;
    this.#store = options.store;
    this.#announce = options.announce;
    this.#tellDiverged = options.diverged;
  }

  /** The newest point at which this member took its digest. */
  get newest(): Checkpoint | null {
    return this.#newest;
  }

  /** The store has applied this entry. */
  applied(index: LogIndex): void {
    this.#idleTicks = 0;
    if (index % everyEntries === 0) this.#take();
  }

  /** The store was replaced by a snapshot. */
  replaced(): void {
    this.#told.clear();
    this.#isWitness = false;
    this.#diverged.delete(this.#self.id);
    this.#idleTicks = 0;
  }

  /** The leader asks for a comparison once nothing has happened for a while. */
  tick(role: 'leader' | 'other'): void {
    this.#idleTicks += 1;
    if (role === 'leader' && this.#idleTicks === idleTicks && this.#store.appliedIndex > 0) this.#take();
  }

  told(from: Seat, { index, digest }: Checkpoint): void {
    // Another directory under a member's number is not that member.
    if (from.id === this.#self.id || !this.#isSeated(from)) return;
    this.#remember(index, { seat: from, digest });
    if (index === this.#store.appliedIndex && this.#newest?.index !== index) this.#take();
    this.#judge(index);
  }

  #take(): void {
    const index = this.#store.appliedIndex;
    const digest = this.#store.digest();
    this.#newest = { index, digest };
    this.#remember(index, { seat: this.#self, digest });
    if (this.#isWitness) this.#announce({ kind: 'digest', index, digest });
    this.#judge(index);
  }

  #remember(index: LogIndex, told: Told): void {
    const known = this.#told.get(index);
    if (known !== undefined) {
      known.set(told.seat.id, told);
      return;
    }
    this.#told.set(index, new Map([[told.seat.id, told]]));
    const oldest = this.#told.keys().next();
    if (this.#told.size > indexesMax && oldest.done !== true) this.#told.delete(oldest.value);
  }

  /** Whether this seat still takes part: what one said that was replaced says nothing about who has its id now. */
  #isSeated({ id, incarnation }: Seat): boolean {
    return seatOf(this.#store.membership, id)?.incarnation === incarnation;
  }

  #judge(index: LogIndex): void {
    const everyone = [...(this.#told.get(index)?.values() ?? [])];
    const told = everyone.filter(({ seat }) => seat.id === this.#self.id || this.#isSeated(seat));
    if (told.length < 2) return;
    const witnesses = told.filter(({ seat }) => this.#isWitness || seat.id !== this.#self.id);
    const agreed = majorityDigest(this.#store.membership, witnesses);
    if (agreed === null) return;
    if (!this.#isWitness && told.some(({ seat, digest }) => seat.id === this.#self.id && digest === agreed)) {
      this.#isWitness = true;
      this.#announce({ kind: 'digest', index, digest: agreed });
    }
    for (const { seat, digest } of told) {
      if (digest === agreed || this.#diverged.get(seat.id) === seat.incarnation) continue;
      this.#diverged.set(seat.id, seat.incarnation);
      this.#tellDiverged(seat.id, index);
    }
  }
}

/** What more than half of the voters say, or null when no such half has spoken. */
function majorityDigest({ voters }: Membership, witnesses: readonly Told[]): string | null {
  const counts = new Map<string, number>();
  for (const { seat, digest } of witnesses) {
    if (!voters.some(({ id }) => id === seat.id)) continue;
    const count = (counts.get(digest) ?? 0) + 1;
    if (count > voters.length / 2) return digest;
    counts.set(digest, count);
  }
  return null;
}
