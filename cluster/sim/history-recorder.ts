/** Records what clients asked and learned, as a history that the linearizability checker can judge. */
import type { HistoryEvent, Value } from '../check/history.ts';
import type { Scheduler } from './scheduler.ts';

/** Events kept per run; what comes later is not judged. */
const eventsMax = 40_000;

/** An operation that was invoked and not completed yet. */
export interface OpenOperation {
  readonly process: string;
  readonly f: string;
  readonly key: string;
}

export class HistoryRecorder {
  readonly #scheduler: Scheduler;
  readonly #events: HistoryEvent[] = [];
  readonly #busy = new Set<string>();

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  get events(): readonly HistoryEvent[] {
    return this.#events;
  }

  /** Null when the history is long enough. */
  invoke(
    client: string,
    operation: { readonly f: string; readonly key: string; readonly value: Value },
  ): OpenOperation | null {
    if (this.#events.length >= eventsMax) return null;
    let slot = 1;
    while (this.#busy.has(`${client}.${slot}`)) slot += 1;
    const open = { process: `${client}.${slot}`, f: operation.f, key: operation.key };
    this.#busy.add(open.process);
    this.#record(open, 'invoke', operation.value);
    return open;
  }

  ok(open: OpenOperation, value: Value): void {
    this.#complete(open, 'ok', value);
  }

  /** It certainly did not happen. */
  failed(open: OpenOperation): void {
    this.#complete(open, 'fail', null);
  }

  /** It may have happened, or may happen later, or never. */
  unknown(open: OpenOperation): void {
    this.#complete(open, 'info', null);
  }

  #complete(open: OpenOperation, type: HistoryEvent['type'], value: Value): void {
    this.#busy.delete(open.process);
    this.#record(open, type, value);
  }

  #record({ process, f, key }: OpenOperation, type: HistoryEvent['type'], value: Value): void {
    this.#events.push({ process, type, f, key, value, timeMs: this.#scheduler.nowMs });
  }
}
