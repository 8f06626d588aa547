/**
 * Where a search that gave configurations up goes back to when it gets stuck, and how wide it goes on: a little back
 * and a little wider first; in the end to where it still knew everything, so that "stuck" becomes certain.
 */
import type { Moment } from './frontier.ts';

/** Width of an untroubled search; each attempt at one obstacle is so many times wider, and goes so much further back. */
const widthFirst = 12;
const widening = 4;
const returnsBackFirst = 24;

/** Moments between the newest ones and the last certain one, thinned out with age. */
const momentsMax = 4_096;

export interface Passed {
  /** Index of the event that follows. */
  readonly event: number;
  readonly moment: Moment;
}

export class Retreat {
  readonly #widthMax: number;
  #attempt = 0;
  /** The event at which the present attempts got stuck; behind it the search is narrow again. */
  #obstacle = -1;
  #untilEvent = -1;
  #isCertain = true;
  /** Since the last certain one, which is the first. */
  #moments: Passed[] = [];

  constructor(widthMax: number) {
    this.#widthMax = widthMax;
  }

  /** How often the search got stuck here. */
  get attempt(): number {
    return this.#attempt;
  }

  get width(): number {
    return Math.min(widthFirst * widening ** this.#attempt, this.#widthMax);
  }

  /** Whether nothing was given up so far. */
  get isCertain(): boolean {
    return this.#isCertain;
  }

  gaveUpSome(): void {
    this.#isCertain = false;
  }

  passed(passed: Passed): void {
    if (this.#isCertain) this.#moments.length = 0;
    this.#moments.push(passed);
    if (this.#moments.length > momentsMax) this.#thinOut();
    if (passed.event > this.#untilEvent) this.#attempt = 0;
  }

  /** Where to go on after getting stuck at `event`; null when nothing wider is allowed. */
  from(event: number): Passed | null {
    const wasWidest = this.width >= this.#widthMax;
    if (event > this.#untilEvent) this.#attempt = 0;
    this.#obstacle = Math.max(this.#obstacle, event);
    this.#attempt += 1;
    const back = returnsBackFirst * widening ** (this.#attempt - 1);
    const index = Math.max(0, this.#moments.length - back);
    if (index === 0 && wasWidest) return null;
    const found = this.#moments[index] as Passed;
    this.#untilEvent = this.#obstacle + (this.#obstacle - found.event);
    this.#moments.length = index + 1;
    if (index === 0) this.#isCertain = true;
    return found;
  }

  #thinOut(): void {
    const half = this.#moments.length >> 1;
    this.#moments = this.#moments.filter((_, at) => at === 0 || at >= half || at % 2 === 1);
  }
}
