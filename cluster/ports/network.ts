/** The links between members. */
import type { MemberId } from '../base/ids.ts';
import type { Stop } from '../base/scope.ts';

/**
 * Links to the other members. Frames may be lost, delayed, doubled and reordered; whoever needs more
 * builds it on top. Frames to one peer are bounded: past the bound they are dropped, which is a loss.
 */
export interface Network {
  send(to: MemberId, frame: Uint8Array): void;
  /** Starts delivering. Called once. */
  listen(listener: NetworkListener): Stop;
}

export interface NetworkListener {
  received(from: MemberId, frame: Uint8Array): void;
  /**
   * The transport's evidence that a peer's process is gone: its connection was reset or ended, and a
   * reconnect was refused (DESIGN.md 5.1). A dropped or slow link gives no such evidence.
   */
  peerGone(peer: MemberId): void;
}
