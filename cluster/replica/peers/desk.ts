/**
 * Where frames from other members arrive. A seat that was given up is told so and not listened to; what
 * the others say goes to whom it concerns.
 */
import { unreachable } from '../../base/assert.ts';
import type { Seat } from '../../base/membership.ts';
import type { Network } from '../../ports/network.ts';
import type { Trace } from '../../ports/trace.ts';
import type { ConsensusDriver } from '../driver.ts';
import type { Fence } from '../fence.ts';
import type { Forwarder } from '../forwarding/forwarder.ts';
import type { Intake } from '../forwarding/intake.ts';
import type { Snapshots } from '../snapshots/snapshots.ts';
import type { Checkpoints } from '../upkeep/checkpoints.ts';
import type { SessionClock } from '../upkeep/session-clock.ts';
import type { Links } from './links.ts';
import { decodePeerMessage, encodePeerMessage, type PeerMessage } from './peer-message.ts';
import type { Post } from './post.ts';
import type { Roster } from './roster.ts';

export interface DeskOptions {
  readonly self: Seat;
  readonly network: Network;
  readonly post: Post;
  readonly trace: Trace;
  readonly roster: Roster;
  readonly links: Links;
  readonly fence: Fence;
  readonly driver: ConsensusDriver;
  readonly intake: Intake;
  readonly forwarder: Forwarder;
  readonly sessionClock: SessionClock;
  readonly snapshots: Snapshots;
  readonly checkpoints: Checkpoints;
  /** Another member says that this very directory was given up. */
  readonly removed: () => void;
}

export class Desk {
  readonly #options: DeskOptions;

  constructor(options: DeskOptions) {
    this.#options = options;
    options.post.open((message) => this.#handle(options.self, message));
  }

  received(from: Seat, frame: Uint8Array): void {
    const { roster, links, trace, network } = this.#options;
    if (roster.wasRemoved(from)) {
      if (roster.refuseNow(from)) network.reply(from, encodePeerMessage({ kind: 'removed', seat: from }));
      return;
    }
    links.heard(from.id);
    const decoded = decodePeerMessage(frame);
    if (!decoded.ok) {
      trace.emit('warn', 'peerMessageRefused', { from: from.id, reason: decoded.error });
      return;
    }
    this.#handle(from, decoded.value);
  }

  #handle(from: Seat, message: PeerMessage): void {
    const { roster } = this.#options;
    if (message.kind === 'removed') {
      if (roster.isSelf(message.seat)) this.#options.removed();
      return;
    }
    // Another directory under this member's own number is never a peer.
    if (from.id === this.#options.self.id && !roster.isSelf(from)) return;
    this.#deliver(from, message);
  }

  #deliver(from: Seat, message: Exclude<PeerMessage, { readonly kind: 'removed' }>): void {
    const options = this.#options;
    const { id, incarnation } = from;
    switch (message.kind) {
      case 'consensus':
        options.driver.step({ kind: 'received', from: id, incarnation, message: message.message });
        break;
      case 'hello':
        options.intake.hello(id, message.term, message.origin);
        break;
      case 'welcome':
        options.forwarder.welcomed(id, message);
        break;
      case 'forward':
        options.intake.forward(id, message.term, message.commands);
        break;
      case 'touch':
        for (const session of message.sessions) options.sessionClock.touch(session);
        break;
      case 'probe':
        options.post.send(id, { kind: 'probeReply', token: message.token });
        break;
      case 'probeReply':
        options.links.replied(id, message.token);
        break;
      case 'snapshotRequest':
        // What a diverged member holds must not spread.
        if (options.fence.reason === null) options.snapshots.answer(id, message);
        else options.post.send(id, { kind: 'snapshotGone', index: message.index });
        break;
      case 'snapshotChunk':
        options.snapshots.chunk(id, message);
        break;
      case 'snapshotGone':
        options.snapshots.gone(id, message);
        break;
      case 'digest':
        options.checkpoints.told(from, message);
        break;
      default:
        unreachable(message);
    }
  }
}
