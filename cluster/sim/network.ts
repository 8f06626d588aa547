/**
 * The links between simulated members: frames are delayed, lost, doubled and, because each has its own
 * delay, reordered. Links are cut per direction. A dead process gives its peers the same evidence as
 * a refused reconnect does (ports/network.ts).
 */
import type { MemberId } from '../base/ids.ts';
import type { Network, NetworkListener } from '../ports/network.ts';
import type { SimClock } from './clock.ts';
import type { SeededRandom } from './random.ts';
import type { Scheduler } from './scheduler.ts';

export interface NetworkOptions {
  readonly delayMinMs: number;
  readonly delayMaxMs: number;
  /** Probabilities per frame, 0 to 1. */
  readonly loss: number;
  readonly duplication: number;
}

/** Frames by fate, for the run's report. */
export interface NetworkCounts {
  delivered: number;
  lost: number;
  doubled: number;
  cut: number;
}

interface Station {
  readonly clock: SimClock;
  readonly listener: NetworkListener;
}

export class SimNetwork {
  readonly counts: NetworkCounts = { delivered: 0, lost: 0, doubled: 0, cut: 0 };
  readonly #scheduler: Scheduler;
  readonly #random: SeededRandom;
  #options: NetworkOptions;
  readonly #stations = new Map<MemberId, Station>();
  readonly #cuts = new Set<string>();

  constructor(options: {
    readonly scheduler: Scheduler;
    readonly random: SeededRandom;
    readonly behaviour: NetworkOptions;
  }) {
    this.#scheduler = options.scheduler;
    this.#random = options.random;
    this.#options = options.behaviour;
  }

  /** The network as one life of one member sees it. */
  attach(self: MemberId, clock: SimClock): Network {
    return {
      send: (to, frame) => this.#send(self, to, frame.slice()),
      listen: (listener) => {
        const station = { clock, listener };
        this.#stations.set(self, station);
        return () => {
          if (this.#stations.get(self) === station) this.#stations.delete(self);
        };
      },
    };
  }

  /** The member's process ended: peers whose links to it work are told by the transport. */
  processGone(member: MemberId): void {
    this.#stations.delete(member);
    for (const [peer, { clock, listener }] of this.#stations) {
      if (this.#isCut(member, peer) || this.#isCut(peer, member)) continue;
      this.#scheduler.after(this.#delayMs(), () => clock.run(() => listener.peerGone(member)));
    }
  }

  cut(from: MemberId, to: MemberId): void {
    this.#cuts.add(linkName(from, to));
  }

  /** Mends every link, and from now on loses and doubles nothing. */
  heal(): void {
    this.#cuts.clear();
    this.#options = { ...this.#options, loss: 0, duplication: 0 };
  }

  mendLinks(): void {
    this.#cuts.clear();
  }

  #send(from: MemberId, to: MemberId, frame: Uint8Array): void {
    if (this.#isCut(from, to)) {
      this.counts.cut += 1;
      return;
    }
    if (this.#random.chance(this.#options.loss)) {
      this.counts.lost += 1;
      return;
    }
    this.#deliver(from, to, frame);
    if (this.#random.chance(this.#options.duplication)) {
      this.counts.doubled += 1;
      this.#deliver(from, to, frame);
    }
  }

  /** A link that is cut while the frame is under way loses it as well. */
  #deliver(from: MemberId, to: MemberId, frame: Uint8Array): void {
    this.#scheduler.after(this.#delayMs(), () => {
      const station = this.#stations.get(to);
      if (station === undefined || this.#isCut(from, to)) return;
      this.counts.delivered += 1;
      station.clock.run(() => station.listener.received(from, frame.slice()));
    });
  }

  #delayMs(): number {
    return this.#random.between({ min: this.#options.delayMinMs, max: this.#options.delayMaxMs });
  }

  #isCut(from: MemberId, to: MemberId): boolean {
    return this.#cuts.has(linkName(from, to));
  }
}

function linkName(from: MemberId, to: MemberId): string {
  return `${from}>${to}`;
}
