/** What this member says to others, and to itself: that does not cross the network. */
import { assert } from '../../base/assert.ts';
import type { MemberId } from '../../base/ids.ts';
import type { Network } from '../../ports/network.ts';
import { encodePeerMessage, type PeerMessage } from './peer-message.ts';
import type { Roster } from './roster.ts';

export class Post {
  readonly #self: MemberId;
  readonly #network: Network;
  readonly #roster: Roster;
  #toSelf: ((message: PeerMessage) => void) | null = null;

  constructor(options: { readonly self: MemberId; readonly network: Network; readonly roster: Roster }) {
    this.#self = options.self;
    this.#network = options.network;
    this.#roster = options.roster;
  }

  /** Says who takes what this member says to itself. Called once, before anything is sent. */
  open(toSelf: (message: PeerMessage) => void): void {
    this.#toSelf = toSelf;
  }

  send(to: MemberId, message: PeerMessage): void {
    if (to !== this.#self) {
      this.#network.send(to, encodePeerMessage(message));
      return;
    }
    assert(this.#toSelf !== null, 'somebody takes what this member says to itself');
    this.#toSelf(message);
  }

  /** To everyone else with a seat. */
  announce(message: PeerMessage): void {
    const frame = encodePeerMessage(message);
    for (const peer of this.#roster.peers) this.#network.send(peer, frame);
  }
}
