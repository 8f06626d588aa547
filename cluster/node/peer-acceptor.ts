/**
 * The incoming half of the links: takes connections on the peer port, has each prove itself, and passes
 * on what it says. Answers go back over the same connection only where there is no other way.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { createFrameSplitter } from '../base/frames.ts';
import {
  peerConnectionsMax,
  peerFrameBytesMax,
  peerHandshakesMax,
  peerUnsentBytesMax,
} from '../base/limits.ts';
import type { Seat } from '../base/membership.ts';
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

const handshakeTimeoutMs = 1_000;

export interface PeerAcceptorOptions {
  readonly identity: Identity;
  readonly trace: Trace;
  /** A peer has proved itself on a new connection. */
  readonly joined: (from: Seat) => void;
  readonly received: (from: Seat, frame: Uint8Array) => void;
}

export class PeerAcceptor {
  readonly #options: PeerAcceptorOptions;
  readonly #server: Server;
  /** Null until the other side has proved who it is. */
  readonly #connections = new Map<Socket, Seat | null>();
  #handshakes = 0;

  constructor(options: PeerAcceptorOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  /** Begins to listen; answers with the port. Fails when it is taken. */
  start(port: number): Promise<number> {
    return listen(this.#server, { host: '127.0.0.1', port, trace: this.#options.trace });
  }

  async stop(): Promise<void> {
    for (const socket of this.#connections.keys()) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Sends a frame to exactly this process, over the newest connection it made; drops it when there is none. */
  reply({ id, incarnation }: Seat, frame: Uint8Array): void {
    let newest: Socket | null = null;
    for (const [socket, seat] of this.#connections) {
      if (seat?.id === id && seat.incarnation === incarnation) newest = socket;
    }
    if (newest === null || newest.writableLength > peerUnsentBytesMax) return;
    const length = Buffer.allocUnsafe(4);
    length.writeInt32BE(frame.length);
    newest.write(length);
    newest.write(frame);
  }

  #accept(socket: Socket): void {
    if (this.#handshakes >= peerHandshakesMax || this.#connections.size >= peerConnectionsMax) {
      socket.destroy();
      return;
    }
    this.#connections.set(socket, null);
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
      this.#connections.delete(socket);
    });
    this.#respond(socket, settle);
  }

  #respond(socket: Socket, settle: () => void): void {
    const { identity, trace } = this.#options;
    const reader = new FixedReader();
    let greeting: { readonly from: Seat; readonly hello: Uint8Array; readonly challenge: Uint8Array } | null =
      null;
    const onData = (bytes: Buffer): void => {
      reader.push(bytes);
      if (greeting === null) {
        const hello = reader.take(helloBytes);
        if (hello === null) return;
        const from = readHello(hello, identity);
        if (from === null) {
          trace.emit('warn', 'peerRefused', { reason: 'not of this ensemble' });
          socket.destroy();
          return;
        }
        greeting = { from, hello, challenge: makeChallenge(hello, identity) };
        socket.write(greeting.challenge);
      }
      const proof = reader.take(proofBytes);
      if (proof === null) return;
      socket.off('data', onData);
      if (!isProof(proof, { ...greeting, secret: identity.secret })) {
        trace.emit('warn', 'peerRefused', { reason: 'does not know the secret', from: greeting.from.id });
        socket.destroy();
        return;
      }
      settle();
      this.#receive(socket, greeting.from, reader.rest());
    };
    socket.on('data', onData);
  }

  #receive(socket: Socket, from: Seat, rest: Uint8Array): void {
    this.#connections.set(socket, from);
    const splitter = createFrameSplitter({ frameBytesMax: peerFrameBytesMax });
    const onBytes = (bytes: Uint8Array): void => {
      const frames = splitter.push(bytes);
      if (!frames.ok) {
        this.#options.trace.emit('warn', 'peerFrameRefused', { from: from.id, reason: frames.error });
        socket.destroy();
        return;
      }
      for (const frame of frames.value) this.#options.received(from, frame);
    };
    this.#options.joined(from);
    socket.on('data', onBytes);
    if (rest.length > 0) onBytes(rest);
  }
}
