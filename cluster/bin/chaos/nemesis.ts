/** Strikes at random moments, each fault for its time, several at once as far as the budget allows. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../../sim/random.ts';
import type { Arena } from './arena.ts';
import { type Fault, type FaultKind, faultKinds, faults } from './faults.ts';

export class Nemesis {
  /** Strikes so far. */
  readonly counts: Record<FaultKind, number>;
  readonly #arena: Arena;
  readonly #random: SeededRandom;
  readonly #kinds: readonly FaultKind[];
  readonly #everyMs: number;
  readonly #underWay = new Set<Promise<void>>();
  /** What only one fault at a time may touch. */
  readonly #taken = new Set<Fault['touches']>();
  #number = 0;

  constructor(options: {
    readonly arena: Arena;
    readonly random: SeededRandom;
    readonly kinds: readonly FaultKind[];
    /** Mean time between strikes. */
    readonly everyMs: number;
  }) {
    this.#arena = options.arena;
    this.#random = options.random;
    this.#kinds = options.kinds;
    this.#everyMs = options.everyMs;
    this.counts = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<FaultKind, number>;
  }

  /** Strikes for so long, or until it is called off, then waits until everything is mended. */
  async rage(durationMs: number, calledOff: Promise<void>): Promise<void> {
    let isOver = false;
    const over = Promise.race([calledOff, sleep(durationMs, undefined, { ref: false })]).then(() => {
      isOver = true;
    });
    while (!isOver) {
      await Promise.race([over, sleep(this.#random.between({ min: 0, max: 2 * this.#everyMs }))]);
      if (!isOver) this.#strike();
    }
    await Promise.all(this.#underWay);
  }

  #strike(): void {
    const deck = this.#kinds.flatMap((kind) => Array.from({ length: faults[kind].weight }, () => kind));
    const kind = this.#random.pick(deck);
    const fault = faults[kind];
    this.#number += 1;
    const random = this.#random.fork(`strike ${this.#number}`);
    if (this.#taken.has(fault.touches)) return;
    const damages = fault.touches === 'disk' || fault.touches === 'membership';
    if (damages && !this.#arena.budget.mayDamage) return;
    const victims = this.#arena.budget.take(fault.victims(random, this.#arena.members.length), {
      random,
      majority: random.chance(fault.risk) ? 'risked' : 'spared',
    });
    if (victims === null) return;
    this.counts[kind] += 1;
    const acted = this.#act(kind, fault, { victims, random }).finally(() => this.#underWay.delete(acted));
    this.#underWay.add(acted);
  }

  async #act(
    kind: FaultKind,
    fault: Fault,
    strike: { readonly victims: readonly number[]; readonly random: SeededRandom },
  ): Promise<void> {
    const lastsMs = strike.random.between(fault.lastsMs);
    const { tell, budget } = this.#arena;
    tell(`${kind} ${strike.victims.join(',')} for ${lastsMs} ms`);
    if (fault.touches === 'links' || fault.touches === 'membership') this.#taken.add(fault.touches);
    const mend = await fault.strike(this.#arena, strike);
    await sleep(lastsMs);
    await mend();
    this.#taken.delete(fault.touches);
    budget.release(strike.victims);
    tell(`${kind} ${strike.victims.join(',')} is over`);
  }
}
