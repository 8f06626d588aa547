/** Breaks things at random moments of virtual time, and mends them again after a while. */
import type { MemberId } from '../base/ids.ts';
import { type FaultCounts, type FaultKind, noFaults } from './fault-kinds.ts';
import type { SimMember } from './member.ts';
import type { SimNetwork } from './network.ts';
import type { SimOptions } from './options.ts';
import type { SeededRandom } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimTrace } from './trace.ts';

const durationMinMs = 50;
const durationMaxMs = 6_000;

export class Nemesis {
  /** Faults injected so far, by kind. */
  readonly counts: FaultCounts = noFaults();
  readonly #members: readonly SimMember[];
  readonly #network: SimNetwork;
  readonly #scheduler: Scheduler;
  readonly #random: SeededRandom;
  readonly #trace: SimTrace;
  readonly #options: SimOptions;
  #active = true;

  constructor(options: {
    readonly members: readonly SimMember[];
    readonly network: SimNetwork;
    readonly scheduler: Scheduler;
    readonly random: SeededRandom;
    readonly trace: SimTrace;
    readonly options: SimOptions;
  }) {
    this.#members = options.members;
    this.#network = options.network;
    this.#scheduler = options.scheduler;
    this.#random = options.random;
    this.#trace = options.trace;
    this.#options = options.options;
    this.#plan();
  }

  /** Ends all faults: links mended, paused members resumed, dead ones started. */
  heal(): void {
    this.#active = false;
    this.#trace.say('heal');
    this.#network.heal();
    for (const member of this.#members) {
      member.resume();
      member.start();
    }
  }

  #plan(): void {
    const delayMs = this.#random.between({ min: 1, max: 2 * this.#options.faultEveryMs });
    this.#scheduler.after(delayMs, () => {
      if (!this.#active) return;
      this.#strike();
      this.#plan();
    });
  }

  #strike(): void {
    const kinds = Object.entries(this.#options.faults) as [FaultKind, number][];
    const deck = kinds.flatMap(([kind, weight]) => Array.from({ length: weight }, () => kind));
    if (deck.length === 0) return;
    const kind = this.#random.pick(deck);
    const target = this.#random.pick(this.#members);
    this.counts[kind] += 1;
    this.#trace.say(`fault ${kind} ${target.id}`);
    this.#scheduler.after(
      this.#random.between({ min: durationMinMs, max: durationMaxMs }),
      this.#inject(kind, target),
    );
  }

  /** Injects, and returns what mends it. */
  #inject(kind: FaultKind, target: SimMember): () => void {
    switch (kind) {
      case 'crash':
        target.crash();
        return this.#mend('restart', target, () => target.start());
      case 'pause':
        target.pause();
        return this.#mend('resume', target, () => target.resume());
      case 'partition':
        this.#cut(target.id, ['in', 'out']);
        return this.#mend('mend', target, () => this.#network.mendLinks());
      case 'oneWay':
        this.#cut(target.id, [this.#random.pick(['in', 'out'] as const)]);
        return this.#mend('mend', target, () => this.#network.mendLinks());
    }
  }

  #mend(what: string, target: SimMember, act: () => void): () => void {
    return () => {
      if (!this.#active) return;
      this.#trace.say(`${what} ${target.id}`);
      act();
    };
  }

  /** Cuts a member, alone or with one companion, from the rest. */
  #cut(target: MemberId, directions: readonly ('in' | 'out')[]): void {
    const side = new Set([target]);
    if (this.#members.length > 3 && this.#random.chance(0.5)) side.add(this.#random.pick(this.#members).id);
    for (const inside of side) {
      for (const { id: outside } of this.#members) {
        if (side.has(outside)) continue;
        if (directions.includes('out')) this.#network.cut(inside, outside);
        if (directions.includes('in')) this.#network.cut(outside, inside);
      }
    }
  }
}
