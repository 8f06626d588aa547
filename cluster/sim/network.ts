/**
 * The links between simulated members: frames are delayed, lost, doubled and, because each has its own
 * delay, reordered. Links are cut per direction. A dead process gives its peers the same evidence as
 * a refused reconnect does (ports/network.ts).
 */
import type { Incarnation, MemberId } from '../base/ids.ts';
import type { Seat } from '../base/membership.ts';
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
  readonly incarnation: Incarnation;
  readonly clock: SimClock;
  readonly listener: NetworkListener;
}

export class SimNetwork {
  readonly counts: NetworkCounts = { delivered: 0, lost: 0, doubled: 0, cut: 0 };
  readonly #scheduler: Scheduler;
  readonly #random: SeededRandom;
  #options: NetworkOptions;
  readonly #stations = new Map<MemberId, Station>();
  readonly #cuts = new Set<number>();

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
  attach(self: Seat, clock: SimClock): Network {
    return {
      send: (to, frame) => this.#send(self, to, frame),
      reply: (to, frame) => {
        if (this.#stations.get(to.id)?.incarnation === to.incarnation) this.#send(self, to.id, frame);
      },
      listen: (listener) => {
        const station = { incarnation: self.incarnation, clock, listener };
        this.#stations.set(self.id, station);
        return () => {
          if (this.#stations.get(self.id) === station) this.#stations.delete(self.id);
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
    this.#cuts.add(linkOf(from, to));
  }

  /** Mends every link, and from now on loses and doubles nothing. */
  heal(): void {
    this.#cuts.clear();
    this.#options = { ...this.#options, loss: 0, duplication: 0 };
  }

  mendLinks(): void {
    this.#cuts.clear();
  }

  #send(from: Seat, to: MemberId, frame: Uint8Array): void {
    if (this.#isCut(from.id, to)) {
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
  #deliver(from: Seat, to: MemberId, frame: Uint8Array): void {
    this.#scheduler.after(this.#delayMs(), () => {
      const station = this.#stations.get(to);
      if (station === undefined || this.#isCut(from.id, to)) return;
      this.counts.delivered += 1;
      station.clock.run(() => station.listener.received(from.id, from.incarnation, frame));
    });
  }

  #delayMs(): number {
    return this.#random.between({ min: this.#options.delayMinMs, max: this.#options.delayMaxMs });
  }

  #isCut(from: MemberId, to: MemberId): boolean {
    return this.#cuts.has(linkOf(from, to));
  }
}

/** One number per direction; member ids stay below 256. */
function linkOf(from: MemberId, to: MemberId): number {
  return from * 256 + to;
}
