/** Cuts links by direction, in user space, so that drills need no root (DRILLS.md F06 to F08). */
import type { MemberId } from '../base/ids.ts';
import type { Network } from '../ports/network.ts';

export interface BlockedLinks {
  /** Frames to these members are dropped. */
  readonly to: readonly MemberId[];
  /** Frames from these members are dropped. */
  readonly from: readonly MemberId[];
}

/** The network with links that can be cut. `setBlocked` replaces what was cut before. */
export function wrapNetwork(network: Network): {
  readonly network: Network;
  readonly setBlocked: (links: BlockedLinks) => void;
} {
  let to = new Set<MemberId>();
  let from = new Set<MemberId>();
  return {
    network: {
      send: (member, frame) => {
        if (!to.has(member)) network.send(member, frame);
      },
      reply: (seat, frame) => {
        if (!to.has(seat.id)) network.reply(seat, frame);
      },
      listen: (listener) =>
        network.listen({
          received: (member, incarnation, frame) => {
            if (!from.has(member)) listener.received(member, incarnation, frame);
          },
          // A cut link is silent: it gives no evidence of a dead process.
          peerGone: (member) => {
            if (!from.has(member) && !to.has(member)) listener.peerGone(member);
          },
        }),
    },
    setBlocked: (links) => {
      to = new Set(links.to);
      from = new Set(links.from);
    },
  };
}
