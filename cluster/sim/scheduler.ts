/**
 * Virtual time: callbacks run in the order of their time, and of their scheduling where the times are
 * equal. Nothing else moves in the simulator, so a run is a function of its seed.
 */
import { assert } from '../base/assert.ts';
import { Heap } from '../base/heap.ts';
import type { Stop } from '../base/scope.ts';

interface Scheduled {
  readonly atMs: number;
  readonly order: number;
  callback: (() => void) | null;
}

export class Scheduler {
  readonly #queue = new Heap<Scheduled>((a, b) => a.atMs - b.atMs || a.order - b.order);
  #nowMs = 0;
  #order = 0;

  /** Virtual milliseconds since the world began. */
  get nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): Stop {
    assert(delayMs >= 0, 'cannot schedule in the past', { delayMs });
    const scheduled: Scheduled = { atMs: this.#nowMs + delayMs, order: this.#order, callback };
    this.#order += 1;
    this.#queue.push(scheduled);
    return () => {
      scheduled.callback = null;
    };
  }

  /** Runs the next callback that is due by `untilMs`; false when there is none, with time moved there. */
  runNext(untilMs: number): boolean {
    const next = this.#queue.peek();
    if (next === undefined || next.atMs > untilMs) {
      this.#nowMs = Math.max(this.#nowMs, untilMs);
      return false;
    }
    this.#queue.pop();
    this.#nowMs = next.atMs;
    next.callback?.();
    return true;
  }
}
