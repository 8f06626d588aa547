/** The links between members. */
import type { Incarnation, MemberId } from '../base/ids.ts';
import type { Seat } from '../base/membership.ts';
import type { Stop } from '../base/scope.ts';

/**
 * Links to the other members. Frames may be lost, delayed, doubled and reordered; whoever needs more
 * builds it on top. Frames to one peer are bounded: past the bound they are dropped, which is a loss.
 * Whom a member id stands for today, and at which address, is the adapter's business.
 */
export interface Network {
  send(to: MemberId, frame: Uint8Array): void;
  /**
   * To exactly this process, over the connection that it opened to us; dropped when there is none. For
   * one that has no address here: a seat that was given up, or is not known yet.
   */
  reply(to: Seat, frame: Uint8Array): void;
  /** Starts delivering. Called once. */
  listen(listener: NetworkListener): Stop;
}

export interface NetworkListener {
  /** The sender has proved that it belongs to this cluster, not that it still has a seat in it. */
  received(from: MemberId, incarnation: Incarnation, frame: Uint8Array): void;
  /**
   * The transport's evidence that a peer's process is gone: its connection was reset or ended, and a
   * reconnect was refused (DESIGN.md 5.1). A dropped or slow link gives no such evidence.
   */
  peerGone(peer: MemberId): void;
}
