/** The timeline: the newest events, numbered from 1 without a gap. */
import type { TimelineEvent } from '../api/timeline.ts';
import type { Stop } from '../base/scope.ts';

/** Events kept: about an hour of a busy drill. */
const eventsKeptMax = 5_000;

export type NewEvent = Omit<TimelineEvent, 'sequence' | 'atMs'>;

export class Timeline {
  readonly #nowMs: () => number;
  readonly #listeners = new Set<(event: TimelineEvent) => void>();
  #events: TimelineEvent[] = [];
  #last = 0;

  constructor(options: { readonly nowMs: () => number }) {
    this.#nowMs = options.nowMs;
  }

  add(event: NewEvent): void {
    this.#last += 1;
    const numbered = { ...event, sequence: this.#last, atMs: this.#nowMs() };
    this.#events.push(numbered);
    // Dropped in bulk, so that a full timeline does not copy itself at each event.
    if (this.#events.length >= eventsKeptMax * 2) this.#events = this.#events.slice(-eventsKeptMax);
    for (const listener of this.#listeners) listener(numbered);
  }

  /** The events kept with a sequence above `sequence`, oldest first. */
  after(sequence: number): readonly TimelineEvent[] {
    const kept = this.#events.slice(-eventsKeptMax);
    const first = kept[0]?.sequence ?? 1;
    return kept.slice(Math.max(0, sequence + 1 - first));
  }

  subscribe(listener: (event: TimelineEvent) => void): Stop {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
