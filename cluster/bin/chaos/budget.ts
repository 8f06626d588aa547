/**
 * Which members may be struck next. A majority is left undisturbed, but for faults that are meant to stop
 * the ensemble for a while; and never are more than a minority of the disks damaged, whatever else happens:
 * that is what the promise not to lose a write asks for.
 */
import { assert } from '../../base/assert.ts';
import type { SeededRandom } from '../../sim/random.ts';

export class FaultBudget {
  readonly #members: readonly number[];
  readonly #disturbed = new Set<number>();
  readonly #damaged = new Set<number>();

  readonly #told: (majority: 'undisturbed' | 'disturbed') => void;

  /** `told` hears after each change whether a majority is left. */
  constructor(members: readonly number[], told: (majority: 'undisturbed' | 'disturbed') => void) {
    this.#members = members;
    this.#told = told;
  }

  get #minority(): number {
    return Math.floor((this.#members.length - 1) / 2);
  }

  /** Members under a fault now. */
  get disturbed(): ReadonlySet<number> {
    return this.#disturbed;
  }

  /**
   * Takes `count` undisturbed members, or none: null. `majority`: `spared` when enough must be left to
   * serve; `risked` when not, then fewer are taken when there are no more.
   */
  take(
    count: number,
    { random, majority }: { readonly random: SeededRandom; readonly majority: 'spared' | 'risked' },
  ): readonly number[] | null {
    const free = this.#members.filter((id) => !this.#disturbed.has(id));
    if (free.length === 0) return null;
    if (majority === 'spared' && this.#disturbed.size + count > this.#minority) return null;
    const taken: number[] = [];
    while (taken.length < Math.min(count, free.length))
      taken.push(random.pick(free.filter((id) => !taken.includes(id))));
    for (const id of taken) this.#disturbed.add(id);
    this.#tell();
    return taken;
  }

  /** Whether one more disk may be damaged. */
  get mayDamage(): boolean {
    return this.#damaged.size < this.#minority;
  }

  /** The disk of a member that was taken lost something, until `repaired`. */
  damage(member: number): void {
    assert(this.mayDamage || this.#damaged.has(member), 'more than a minority of the disks would be damaged');
    this.#damaged.add(member);
  }

  /** The member holds everything again. */
  repaired(member: number): void {
    this.#damaged.delete(member);
  }

  release(members: readonly number[]): void {
    for (const id of members) this.#disturbed.delete(id);
    this.#tell();
  }

  #tell(): void {
    this.#told(this.#disturbed.size > this.#minority ? 'disturbed' : 'undisturbed');
  }
}
