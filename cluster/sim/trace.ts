/**
 * What happened in a run, line by line: kept when asked for, hashed always. Two runs of one seed have
 * the same lines, so they have the same hash.
 */
import { hex, type MemberId } from '../base/ids.ts';
import { Violation } from '../check/violation.ts';
import type { Trace } from '../ports/trace.ts';
import type { Scheduler } from './scheduler.ts';

/** What no member ever says unless its store differs from the others'. */
const alarms: ReadonlySet<string> = new Set(['diverged', 'fenced']);

export class SimTrace {
  readonly #scheduler: Scheduler;
  readonly #keep: ((line: string) => void) | null;
  #low = 0x811c9dc5;
  #high = 0x1000193;
  #lines = 0;
  /** How often members told of each event. */
  readonly events: Record<string, number> = {};

  constructor(options: { readonly scheduler: Scheduler; readonly keep: ((line: string) => void) | null }) {
    this.#scheduler = options.scheduler;
    this.#keep = options.keep;
  }

  get lines(): number {
    return this.#lines;
  }

  /** Hash of all lines so far. */
  get hash(): string {
    return `${hex(this.#high >>> 0)}:${hex(this.#low >>> 0)}`;
  }

  /** One line of the world itself: a fault, a client's operation. */
  say(text: string): void {
    const line = `${this.#scheduler.nowMs.toFixed(3)} ${text}`;
    this.#lines += 1;
    for (let at = 0; at < line.length; at += 1) {
      const unit = line.charCodeAt(at);
      this.#low = Math.imul(this.#low ^ unit, 0x01000193);
      this.#high = Math.imul(this.#high ^ unit, 0x85ebca6b) + this.#low;
    }
    this.#keep?.(line);
  }

  /** The trace port of one member. */
  of(member: MemberId): Trace {
    return {
      emit: (level, event, facts = {}) => {
        this.events[event] = (this.events[event] ?? 0) + 1;
        if (alarms.has(event)) {
          throw new Violation('nobody diverges', `member ${member} says ${event} ${JSON.stringify(facts)}`);
        }
        const told = Object.entries(facts).map(([name, value]) => `${name}=${String(value)}`);
        this.say([`${member}:`, level, event, ...told].join(' '));
      },
    };
  }
}
