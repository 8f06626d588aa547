/**
 * Members that applied the same entries hold the same store, or one of them is wrong. At every
 * thousandth entry, and when nothing happens for a while, members tell each other their digest; where a
 * majority of the voters agrees and somebody differs, that one has diverged (etcd #13766: a divergence
 * that nobody looks for is found by users).
 */
import type { LogIndex, MemberId } from '../../base/ids.ts';
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
  /** `member` holds something else than the majority at `index`. Told once per member. */
  readonly diverged: (member: MemberId, index: LogIndex) => void;
}

export class Checkpoints {
  readonly #self: MemberId;
  readonly #store: DigestedStore;
  readonly #announce: CheckpointsOptions['announce'];
  readonly #tellDiverged: CheckpointsOptions['diverged'];
  /** Digests by index, oldest index first, by member. */
  readonly #told = new Map<LogIndex, Map<MemberId, string>>();
  readonly #diverged = new Set<MemberId>();
  #newest: Checkpoint | null = null;
  /**
   * No, when the store came from another member: then the two agree, be they right or wrong, and must not
   * outvote the others. Yes again once a majority of the voters, this member not counted, agrees with it.
   */
  #isWitness = true;
  #idleTicks = 0;

  constructor(options: CheckpointsOptions) {
    this.#self = options.self.id;
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
    this.#diverged.delete(this.#self);
    this.#idleTicks = 0;
  }

  /** The leader asks for a comparison once nothing has happened for a while. */
  tick(role: 'leader' | 'other'): void {
    this.#idleTicks += 1;
    if (role === 'leader' && this.#idleTicks === idleTicks && this.#store.appliedIndex > 0) this.#take();
  }

  told(from: Seat, { index, digest }: Checkpoint): void {
    // Another directory under a member's number is not that member.
    const seat = seatOf(this.#store.membership, from.id);
    if (from.id === this.#self || seat?.incarnation !== from.incarnation) return;
    this.#remember(index, from.id, digest);
    if (index === this.#store.appliedIndex && this.#newest?.index !== index) this.#take();
    this.#judge(index);
  }

  #take(): void {
    const index = this.#store.appliedIndex;
    const digest = this.#store.digest();
    this.#newest = { index, digest };
    this.#remember(index, this.#self, digest);
    if (this.#isWitness) this.#announce({ kind: 'digest', index, digest });
    this.#judge(index);
  }

  #remember(index: LogIndex, member: MemberId, digest: string): void {
    const known = this.#told.get(index);
    if (known !== undefined) {
      known.set(member, digest);
      return;
    }
    this.#told.set(index, new Map([[member, digest]]));
    const oldest = this.#told.keys().next();
    if (this.#told.size > indexesMax && oldest.done !== true) this.#told.delete(oldest.value);
  }

  #judge(index: LogIndex): void {
    const told = this.#told.get(index);
    if (told === undefined || told.size < 2) return;
    const agreed = majorityDigest(this.#store.membership, told, this.#isWitness ? null : this.#self);
    if (agreed === null) return;
    if (!this.#isWitness && told.get(this.#self) === agreed) {
      this.#isWitness = true;
      this.#announce({ kind: 'digest', index, digest: agreed });
    }
    for (const [member, digest] of told) {
      if (digest === agreed || this.#diverged.has(member)) continue;
      this.#diverged.add(member);
      this.#tellDiverged(member, index);
    }
  }
}

/** What more than half of the voters say, or null when no such half has spoken. `silent` is not counted. */
function majorityDigest(
  { voters }: Membership,
  told: ReadonlyMap<MemberId, string>,
  silent: MemberId | null,
): string | null {
  const counts = new Map<string, number>();
  for (const { id } of voters) {
    const digest = told.get(id);
    if (digest === undefined || id === silent) continue;
    const count = (counts.get(digest) ?? 0) + 1;
    if (count > voters.length / 2) return digest;
    counts.set(digest, count);
  }
  return null;
}
