/** The Network port over TCP on the loopback interface: one connection per direction and pair. */
import { createServer, type Server, type Socket } from 'node:net';
import { createFrameSplitter } from '../base/frames.ts';
import type { MemberId } from '../base/ids.ts';
import { peerFrameBytesMax, peerHandshakesMax } from '../base/limits.ts';
import type { StopAsync } from '../base/scope.ts';
import type { Network, NetworkListener } from '../ports/network.ts';
import type { Trace } from '../ports/trace.ts';
import { FixedReader } from './fixed-reader.ts';
import { listen } from './listen.ts';
import {
  helloBytes,
  type Identity,
  isProof,
  makeChallenge,
  proofBytes,
  readHello,
} from './peer-handshake.ts';
import { PeerSender } from './peer-sender.ts';

const handshakeTimeoutMs = 1_000;

export interface PeerNetworkOptions {
  readonly identity: Identity;
  readonly listenPort: number;
  readonly peers: readonly { readonly id: MemberId; readonly port: number }[];
  readonly trace: Trace;
}

/** Listens for the peers and connects to them. Fails when the port is taken. */
export async function createPeerNetwork(
  options: PeerNetworkOptions,
): Promise<{ readonly network: Network; readonly port: number; readonly stop: StopAsync }> {
  const network = new PeerNetwork(options);
  const port = await network.start();
  return { network, port, stop: () => network.stop() };
}

class PeerNetwork implements Network {
  readonly #options: PeerNetworkOptions;
  readonly #server: Server;
  readonly #incoming = new Set<Socket>();
  readonly #senders = new Map<MemberId, PeerSender>();
  #handshakes = 0;
  #listener: NetworkListener | null = null;

  constructor(options: PeerNetworkOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  async start(): Promise<number> {
    const { listenPort, trace } = this.#options;
    const port = await listen(this.#server, { host: '127.0.0.1', port: listenPort, trace });
    for (const peer of this.#options.peers) {
      const onGone = (id: MemberId): void => this.#listener?.peerGone(id);
      this.#senders.set(peer.id, new PeerSender({ identity: this.#options.identity, peer, onGone }));
    }
    return port;
  }

  send(to: MemberId, frame: Uint8Array): void {
    this.#senders.get(to)?.send(frame);
  }

  listen(listener: NetworkListener): () => void {
    this.#listener = listener;
    return () => {
      this.#listener = null;
    };
  }

  async stop(): Promise<void> {
    for (const sender of this.#senders.values()) sender.stop();
    for (const socket of this.#incoming) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(socket: Socket): void {
    if (this.#handshakes >= peerHandshakesMax) {
      socket.destroy();
      return;
    }
    this.#incoming.add(socket);
    this.#handshakes += 1;
    const deadline = setTimeout(() => socket.destroy(), handshakeTimeoutMs);
    let pending = true;
    const settle = (): void => {
      clearTimeout(deadline);
      if (pending) this.#handshakes -= 1;
      pending = false;
    };
    // A reset is how a killed peer leaves; `close` follows.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      settle();
      this.#incoming.delete(socket);
    });
    this.#respond(socket, settle);
  }

  #respond(socket: Socket, settle: () => void): void {
    const { identity, trace } = this.#options;
    const reader = new FixedReader();
    let greeting: {
      readonly from: MemberId;
      readonly hello: Uint8Array;
      readonly challenge: Uint8Array;
    } | null = null;
    const onData = (bytes: Buffer): void => {
      reader.push(bytes);
      if (greeting === null) {
        const hello = reader.take(helloBytes);
        if (hello === null) return;
        const from = this.#peerOf(readHello(hello, identity));
        if (from === null) {
          trace.emit('warn', 'peerRefused', { reason: 'not a member of this ensemble' });
          socket.destroy();
          return;
        }
        greeting = { from, hello, challenge: makeChallenge(hello, identity.secret) };
        socket.write(greeting.challenge);
      }
      const proof = reader.take(proofBytes);
      if (proof === null) return;
      socket.off('data', onData);
      if (!isProof(proof, { ...greeting, secret: identity.secret })) {
        trace.emit('warn', 'peerRefused', { reason: 'does not know the secret', from: greeting.from });
        socket.destroy();
        return;
      }
      settle();
      this.#receive(socket, greeting.from, reader.rest());
    };
    socket.on('data', onData);
  }

  #receive(socket: Socket, from: MemberId, rest: Uint8Array): void {
    const splitter = createFrameSplitter({ frameBytesMax: peerFrameBytesMax });
    const onBytes = (bytes: Uint8Array): void => {
      const frames = splitter.push(bytes);
      if (!frames.ok) {
        this.#options.trace.emit('warn', 'peerFrameRefused', { from, reason: frames.error });
        socket.destroy();
        return;
      }
      for (const frame of frames.value) this.#listener?.received(from, frame);
    };
    this.#senders.get(from)?.hurry();
    socket.on('data', onBytes);
    if (rest.length > 0) onBytes(rest);
  }

  #peerOf(id: number | null): MemberId | null {
    return this.#options.peers.find((peer) => peer.id === id)?.id ?? null;
  }
}
