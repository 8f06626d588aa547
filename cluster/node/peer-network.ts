/** The Network port over TCP on the loopback interface: one connection per direction and pair. */
import type { MemberId } from '../base/ids.ts';
import type { Seat } from '../base/membership.ts';
import type { StopAsync } from '../base/scope.ts';
import type { Network, NetworkListener } from '../ports/network.ts';
import type { Trace } from '../ports/trace.ts';
import { PeerAcceptor } from './peer-acceptor.ts';
import type { Identity } from './peer-handshake.ts';
import { type PeerAddress, PeerSender } from './peer-sender.ts';

export interface PeerNetworkOptions {
  readonly identity: Identity;
  readonly listenPort: number;
  /** Where the others are; the own address does no harm. */
  readonly peers: readonly PeerAddress[];
  readonly trace: Trace;
}

export interface OpenPeerNetwork {
  readonly network: Network;
  readonly port: number;
  /** Replaces the addresses: links that are not among them end, new ones begin. */
  readonly setPeers: (peers: readonly PeerAddress[]) => void;
  readonly stop: StopAsync;
}

/** Listens for the peers and connects to them. Fails when the port is taken. */
export async function createPeerNetwork(options: PeerNetworkOptions): Promise<OpenPeerNetwork> {
  const network = new PeerNetwork(options);
  const port = await network.start(options.listenPort);
  network.setPeers(options.peers);
  return {
    network,
    port,
    setPeers: (peers) => network.setPeers(peers),
    stop: () => network.stop(),
  };
}

class PeerNetwork implements Network {
  readonly #identity: Identity;
  readonly #acceptor: PeerAcceptor;
  readonly #senders = new Map<MemberId, PeerSender>();
  #listener: NetworkListener | null = null;

  constructor({ identity, trace }: PeerNetworkOptions) {
    this.#identity = identity;
    this.#acceptor = new PeerAcceptor({
      identity,
      trace,
      joined: ({ id }) => this.#senders.get(id)?.hurry(),
      received: ({ id, incarnation }, frame) => this.#listener?.received(id, incarnation, frame),
    });
  }

  start(listenPort: number): Promise<number> {
    return this.#acceptor.start(listenPort);
  }

  setPeers(peers: readonly PeerAddress[]): void {
    const others = new Map(
      peers.filter(({ id }) => id !== this.#identity.self).map((peer) => [peer.id, peer]),
    );
    for (const [id, sender] of this.#senders) {
      if (others.get(id)?.port === sender.port) continue;
      sender.stop();
      this.#senders.delete(id);
    }
    for (const [id, peer] of others) if (!this.#senders.has(id)) this.#senders.set(id, this.#connect(peer));
  }

  send(to: MemberId, frame: Uint8Array): void {
    this.#senders.get(to)?.send(frame);
  }

  reply(to: Seat, frame: Uint8Array): void {
    this.#acceptor.reply(to, frame);
  }

  listen(listener: NetworkListener): () => void {
    this.#listener = listener;
    return () => {
      this.#listener = null;
    };
  }

  async stop(): Promise<void> {
    for (const sender of this.#senders.values()) sender.stop();
    await this.#acceptor.stop();
  }

  #connect(peer: PeerAddress): PeerSender {
    return new PeerSender({
      identity: this.#identity,
      peer,
      onGone: (id) => this.#listener?.peerGone(id),
      onReply: ({ id, incarnation }, frame) => this.#listener?.received(id, incarnation, frame),
    });
  }
}
