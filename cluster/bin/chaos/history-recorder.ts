/** Operations on shared znodes as they were called and answered: what the linearizability checker judges. */
import type { HistoryEvent, Value } from '../../check/history.ts';

/** How one operation ended, for the history. */
export type Ending =
  /** Answered; an error code is an answer too. */
  | { readonly kind: 'ok'; readonly value: Value }
  /** It certainly did not happen. */
  | { readonly kind: 'fail' }
  /** It may have happened, or may still. */
  | { readonly kind: 'info' };

export interface Call {
  readonly process: string;
  readonly f: string;
  readonly key: string;
  readonly value: Value;
}

export class HistoryRecorder {
  readonly events: HistoryEvent[] = [];
  readonly #nowMs: () => number;
  readonly #startedMs: number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#startedMs = nowMs();
  }

  /** Notes the call, waits for its end, and notes that. */
  async record(call: Call, run: () => Promise<Ending>): Promise<Ending> {
    this.#note(call, 'invoke', call.value);
    const ending = await run();
    this.#note(call, ending.kind, ending.kind === 'ok' ? ending.value : null);
    return ending;
  }

  #note({ process, f, key }: Call, type: HistoryEvent['type'], value: Value): void {
    this.events.push({ process, type, f, key, value, timeMs: this.#nowMs() - this.#startedMs });
  }
}
