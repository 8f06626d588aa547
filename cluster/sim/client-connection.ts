/**
 * A client's connection to one simulated member: bytes both ways, in order and whole, as over TCP, with
 * the delay of the client's link. It breaks when either side's process ends. While the link is cut,
 * nothing arrives; what was sent arrives when it is mended, as retransmissions would.
 */
import type { ClientHandler, ClientLink } from '../ports/client-link.ts';
import type { Replica } from '../replica/replica.ts';
import type { SimClock } from './clock.ts';
import type { Scheduler } from './scheduler.ts';

export interface SimClientEnd {
  received(bytes: Uint8Array): void;
  broken(): void;
}

const delayMs = 1;

/** The wire between one client and whatever member it talks to. */
export class ClientWire {
  readonly #scheduler: Scheduler;
  #state: { readonly kind: 'open'; readonly slowMs: number } | { readonly kind: 'cut' } = {
    kind: 'open',
    slowMs: 0,
  };
  #held: (() => void)[] = [];
  #lastArrivalMs = 0;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** Delivers in the order of sending, whatever the delay was. */
  carry(deliver: () => void): void {
    if (this.#state.kind === 'cut') {
      this.#held.push(deliver);
      return;
    }
    const arrivalMs = this.#scheduler.nowMs + delayMs + this.#state.slowMs;
    this.#lastArrivalMs = Math.max(this.#lastArrivalMs, arrivalMs);
    this.#scheduler.after(this.#lastArrivalMs - this.#scheduler.nowMs, deliver);
  }

  cut(): void {
    this.#state = { kind: 'cut' };
  }

  slow(slowMs: number): void {
    if (this.#state.kind === 'open') this.#state = { kind: 'open', slowMs };
  }

  mend(): void {
    this.#state = { kind: 'open', slowMs: 0 };
    const held = this.#held;
    this.#held = [];
    for (const deliver of held) this.carry(deliver);
  }
}

export class SimConnection {
  readonly #wire: ClientWire;
  readonly #memberClock: SimClock;
  readonly #client: SimClientEnd;
  readonly #handler: ClientHandler;
  #open = true;

  constructor(options: {
    readonly wire: ClientWire;
    readonly memberClock: SimClock;
    readonly replica: Replica;
    readonly client: SimClientEnd;
    readonly label: string;
  }) {
    this.#wire = options.wire;
    this.#memberClock = options.memberClock;
    this.#client = options.client;
    this.#handler = options.replica.accept(this.#link(options.label));
  }

  /** From the client to the member. A paused member reads it when it goes on. */
  send(bytes: Uint8Array): void {
    this.#wire.carry(() =>
      this.#memberClock.run(() => {
        if (this.#open) this.#handler.received(bytes);
      }),
    );
  }

  /** The client hangs up. */
  hangUp(): void {
    if (!this.#open) return;
    this.#wire.carry(() => {
      if (!this.#open) return;
      this.#open = false;
      this.#memberClock.run(() => this.#handler.closed());
    });
  }

  /** The member's process is gone, or ended the connection: what was sent before still arrives. */
  break(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#wire.carry(() => this.#client.broken());
  }

  #link(label: string): ClientLink {
    return {
      remoteAddress: '127.0.0.1',
      label,
      unsentBytes: 0,
      send: (bytes) => this.#wire.carry(() => this.#client.received(bytes)),
      pauseReading: () => undefined,
      resumeReading: () => undefined,
      close: () => this.break(),
    };
  }
}
