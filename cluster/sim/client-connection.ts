/**
 * A client's connection to one simulated member: bytes both ways, in order and whole, as over TCP,
 * with a delay. It breaks when either side's process ends.
 */
import type { ClientHandler, ClientLink } from '../ports/client-link.ts';
import type { Replica } from '../replica/replica.ts';
import type { SimClock } from './clock.ts';
import type { Scheduler } from './scheduler.ts';

export interface SimClientEnd {
  received(bytes: Uint8Array): void;
  broken(): void;
}

export class SimConnection {
  readonly #scheduler: Scheduler;
  readonly #delayMs: number;
  readonly #memberClock: SimClock;
  readonly #client: SimClientEnd;
  readonly #handler: ClientHandler;
  #open = true;

  constructor(options: {
    readonly scheduler: Scheduler;
    readonly delayMs: number;
    readonly memberClock: SimClock;
    readonly replica: Replica;
    readonly client: SimClientEnd;
    readonly label: string;
  }) {
    this.#scheduler = options.scheduler;
    this.#delayMs = options.delayMs;
    this.#memberClock = options.memberClock;
    this.#client = options.client;
    this.#handler = options.replica.accept(this.#link(options.label));
  }

  /** From the client to the member. A paused member reads it when it goes on. */
  send(bytes: Uint8Array): void {
    this.#scheduler.after(this.#delayMs, () =>
      this.#memberClock.run(() => {
        if (this.#open) this.#handler.received(bytes);
      }),
    );
  }

  /** The client hangs up. */
  hangUp(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#scheduler.after(this.#delayMs, () => this.#memberClock.run(() => this.#handler.closed()));
  }

  /** The member's process is gone: what was sent before still arrives. */
  break(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#scheduler.after(this.#delayMs, () => this.#client.broken());
  }

  #link(label: string): ClientLink {
    return {
      remoteAddress: '127.0.0.1',
      label,
      unsentBytes: 0,
      send: (bytes) => {
        this.#scheduler.after(this.#delayMs, () => this.#client.received(bytes));
      },
      pauseReading: () => undefined,
      resumeReading: () => undefined,
      close: () => this.break(),
    };
  }
}
