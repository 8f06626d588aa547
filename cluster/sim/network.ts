/**
 * The links between simulated members: frames are delayed, lost, doubled and, because each has its own
 * delay, reordered. Links are cut, slowed and reset per direction. A dead process gives its peers the
 * same evidence as a refused reconnect does (ports/network.ts); so does, falsely, a reset.
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
  /** Arrived after a frame that was sent later on the same link. */
  reordered: number;
}

interface Station {
  readonly incarnation: Incarnation;
  readonly clock: SimClock;
  readonly listener: NetworkListener;
}

/** One direction between two members. */
interface Link {
  /** Faults that cut it now. */
  cuts: number;
  slowMs: number;
  /** Frames of an earlier connection are gone. */
  connection: number;
  sent: number;
  newestArrived: number;
}

export type Direction = readonly [from: MemberId, to: MemberId];

export class SimNetwork {
  readonly counts: NetworkCounts = { delivered: 0, lost: 0, doubled: 0, cut: 0, reordered: 0 };
  readonly #scheduler: Scheduler;
  readonly #random: SeededRandom;
  readonly #usual: NetworkOptions;
  #options: NetworkOptions;
  readonly #observe: (from: Seat, to: MemberId, frame: Uint8Array) => void;
  readonly #stations = new Map<MemberId, Station>();
  readonly #links = new Map<number, Link>();

  constructor(options: {
    readonly scheduler: Scheduler;
    readonly random: SeededRandom;
    readonly behaviour: NetworkOptions;
    /** Told of every frame that leaves a member, whatever becomes of it. */
    readonly observe: (from: Seat, to: MemberId, frame: Uint8Array) => void;
  }) {
    this.#scheduler = options.scheduler;
    this.#random = options.random;
    this.#usual = options.behaviour;
    this.#options = options.behaviour;
    this.#observe = options.observe;
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
    for (const peer of this.#stations.keys()) this.#tellGone(peer, member);
  }

  /** Cuts links until the returned function is called. Several faults may cut the same link. */
  cut(links: readonly Direction[]): () => void {
    const hit = links.map(([from, to]) => this.#link(from, to));
    for (const link of hit) link.cuts += 1;
    return () => {
      for (const link of hit) link.cuts -= 1;
    };
  }

  /** Delays what these links carry, until the returned function is called. */
  slow(links: readonly Direction[], byMs: number): () => void {
    const hit = links.map(([from, to]) => this.#link(from, to));
    for (const link of hit) link.slowMs += byMs;
    return () => {
      for (const link of hit) link.slowMs -= byMs;
    };
  }

  /** A connection is reset though both processes live: what is under way is lost, and each thinks the other gone. */
  reset(one: MemberId, other: MemberId): void {
    this.#link(one, other).connection += 1;
    this.#link(other, one).connection += 1;
    this.#tellGone(one, other);
    this.#tellGone(other, one);
  }

  /** Loses and doubles more than usual, until the returned function is called. */
  flaky(rates: { readonly loss: number; readonly duplication: number }): () => void {
    this.#options = { ...this.#usual, ...rates };
    return () => {
      this.#options = this.#usual;
    };
  }

  /** From now on nothing is lost or doubled. Cuts are mended by who made them. */
  heal(): void {
    this.#options = { ...this.#usual, loss: 0, duplication: 0 };
  }

  #tellGone(to: MemberId, gone: MemberId): void {
    const station = this.#stations.get(to);
    if (station === undefined || this.#link(gone, to).cuts > 0 || this.#link(to, gone).cuts > 0) return;
    this.#scheduler.after(this.#delayMs(), () => station.clock.run(() => station.listener.peerGone(gone)));
  }

  #send(from: Seat, to: MemberId, frame: Uint8Array): void {
    this.#observe(from, to, frame);
    const link = this.#link(from.id, to);
    if (link.cuts > 0) {
      this.counts.cut += 1;
      return;
    }
    link.sent += 1;
    if (this.#random.chance(this.#options.loss)) {
      this.counts.lost += 1;
      return;
    }
    this.#deliver(from, to, { link, frame, number: link.sent });
    if (this.#random.chance(this.#options.duplication)) {
      this.counts.doubled += 1;
      this.#deliver(from, to, { link, frame, number: link.sent });
    }
  }

  /** A link that is cut or reset while the frame is under way loses it as well. */
  #deliver(
    from: Seat,
    to: MemberId,
    { link, frame, number }: { readonly link: Link; readonly frame: Uint8Array; readonly number: number },
  ): void {
    const { connection } = link;
    this.#scheduler.after(this.#delayMs() + link.slowMs, () => {
      const station = this.#stations.get(to);
      if (station === undefined || link.cuts > 0 || link.connection !== connection) return;
      this.counts.delivered += 1;
      if (number < link.newestArrived) this.counts.reordered += 1;
      else link.newestArrived = number;
      station.clock.run(() => station.listener.received(from.id, from.incarnation, frame));
    });
  }

  #delayMs(): number {
    return this.#random.between({ min: this.#options.delayMinMs, max: this.#options.delayMaxMs });
  }

  /** Member ids stay below 256, so one number names a direction. */
  #link(from: MemberId, to: MemberId): Link {
    const name = from * 256 + to;
    let link = this.#links.get(name);
    if (link === undefined) {
      link = { cuts: 0, slowMs: 0, connection: 0, sent: 0, newestArrived: 0 };
      this.#links.set(name, link);
    }
    return link;
  }
}
