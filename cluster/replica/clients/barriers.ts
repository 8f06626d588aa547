/**
 * Read barriers (`sync`): ReadIndex rounds of the engine, shared by everyone who asks in the same
 * turn, and done once the store has applied what the leader had committed.
 */
import type { LogIndex } from '../../base/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ReadOutcome } from '../../ports/consensus.ts';

/** Pause before a failed round is tried again, in milliseconds: a few heartbeats' worth. */
const retryMs = 20;

export class Barriers {
  readonly #clock: Clock;
  readonly #request: (id: number) => void;
  #joining: (() => void)[] = [];
  readonly #asked = new Map<number, (() => void)[]>();
  #ready: { readonly index: LogIndex; readonly waiting: (() => void)[] }[] = [];
  #nextId = 1;
  #appliedIndex = 0;

  constructor(options: { readonly clock: Clock; readonly request: (id: number) => void }) {
    this.#clock = options.clock;
    this.#request = options.request;
  }

  /** Calls back once everything committed before this call is applied here. */
  wait(done: () => void): void {
    this.#joining.push(done);
    if (this.#joining.length === 1) this.#clock.soon(() => this.#ask());
  }

  /** The engine answered. A failed round is asked again: the callers' connections bound the wait. */
  answered(outcome: ReadOutcome): void {
    const waiting = this.#asked.get(outcome.id);
    if (waiting === undefined) return;
    this.#asked.delete(outcome.id);
    if (outcome.kind === 'failed') {
      this.#retry(waiting);
    } else if (outcome.index <= this.#appliedIndex) {
      for (const done of waiting) done();
    } else {
      this.#ready.push({ index: outcome.index, waiting });
    }
  }

  applied(index: LogIndex): void {
    // Slices of applied entries nest: an earlier one's end may be told after a later one's.
    if (index <= this.#appliedIndex) return;
    this.#appliedIndex = index;
    if (this.#ready.length === 0) return;
    const due = this.#ready.filter((barrier) => barrier.index <= index);
    if (due.length === 0) return;
    this.#ready = this.#ready.filter((barrier) => barrier.index > index);
    for (const { waiting } of due) for (const done of waiting) done();
  }

  #ask(): void {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#asked.set(id, this.#joining);
    this.#joining = [];
    this.#request(id);
  }

  #retry(waiting: (() => void)[]): void {
    this.#clock.after(retryMs, () => {
      for (const done of waiting) this.wait(done);
    });
  }
}
