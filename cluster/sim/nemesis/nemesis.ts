/** Breaks things at random moments of virtual time, mends them after a while, and keeps an operator busy. */
import { type FaultKind, faultKinds } from '../fault-kinds.ts';
import type { SimOptions } from '../options.ts';
import * as disks from './disk-faults.ts';
import type { Field, Mend } from './field.ts';
import * as links from './network-faults.ts';
import { Operator } from './operator.ts';
import * as processes from './process-faults.ts';

const durationMinMs = 50;
const durationMaxMs = 6_000;

export class Nemesis {
  readonly operator: Operator;
  readonly #field: Field;
  readonly #deck: readonly FaultKind[];
  readonly #faultEveryMs: number;
  readonly #pending = new Set<Mend>();
  #active = true;

  constructor(field: Field, options: SimOptions) {
    this.#field = field;
    this.#faultEveryMs = options.faultEveryMs;
    this.#deck = faultKinds.flatMap((kind) => Array.from({ length: options.faults[kind] }, () => kind));
    this.operator = new Operator(field, options.settings.elections);
    this.#plan();
  }

  /** Ends all faults: links mended, paused members resumed, dead ones started. */
  heal(): void {
    const { network, ensemble, trace } = this.#field;
    trace.say('heal');
    for (const mend of this.#pending) mend();
    this.#pending.clear();
    this.#active = false;
    network.heal();
    for (const member of ensemble.members) {
      member.resume();
      member.start();
    }
    this.operator.tidyUp();
  }

  #plan(): void {
    const { random, scheduler } = this.#field;
    scheduler.after(random.between({ min: 1, max: 2 * this.#faultEveryMs }), () => {
      if (!this.#active) return;
      this.#strike();
      this.#plan();
    });
  }

  #strike(): void {
    const { random, scheduler, trace } = this.#field;
    if (this.#deck.length === 0) return;
    const kind = random.pick(this.#deck);
    const lastsMs = random.between({ min: durationMinMs, max: durationMaxMs });
    const mend = this.#inject(kind);
    if (mend === null) return;
    this.#pending.add(mend);
    scheduler.after(lastsMs, () => {
      if (!this.#pending.delete(mend)) return;
      trace.say(`mend ${kind}`);
      mend();
    });
  }

  /** Injects, and returns what mends it; null when there was nothing to hit. */
  #inject(kind: FaultKind): Mend | null {
    const field = this.#field;
    switch (kind) {
      case 'crash':
        return processes.crash(field);
      case 'crashLoop':
        return processes.crashLoop(field);
      case 'powerCut':
        return processes.powerCut(field);
      case 'tornWrite':
        return processes.tornWrite(field);
      case 'blackout':
        return processes.blackout(field);
      case 'pause':
        return processes.pause(field);
      case 'clockJump':
        return processes.clockJump(field);
      case 'clockDrift':
        return processes.clockDrift(field);
      case 'partition':
        return links.partition(field);
      case 'oneWay':
        return links.oneWay(field);
      case 'ring':
        return links.ring(field);
      case 'reset':
        return links.reset(field);
      case 'slowLink':
        return links.slowLink(field);
      case 'flaky':
        return links.flaky(field);
      case 'clientCut':
        return links.clientCut(field);
      case 'clientSlow':
        return links.clientSlow(field);
      case 'lostSync':
        return disks.lostSync(field);
      case 'bitFlip':
        return disks.bitFlip(field);
      case 'amnesia':
        return disks.amnesia(field);
      case 'slowDisk':
        return disks.slowDisk(field);
      case 'fullDisk':
        return disks.fullDisk(field);
      case 'ioError':
        return disks.ioError(field);
      default:
        this.operator.begin(kind);
        return null;
    }
  }
}
