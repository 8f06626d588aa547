/**
 * The outgoing half of a link to one peer: connects, proves who we are, sends frames, reconnects. Tells
 * when the peer's process is gone: a connection that stood was ended, and another was refused. What the
 * peer sends back on it are words to exactly this process (`Network.reply`).
 */
import { connect, type Socket } from 'node:net';
import { createFrameSplitter } from '../base/frames.ts';
import type { MemberId } from '../base/ids.ts';
import { peerFrameBytesMax, peerUnsentBytesMax } from '../base/limits.ts';
import type { Seat } from '../base/membership.ts';
import { FixedReader } from './fixed-reader.ts';
import { answerChallenge, challengeBytes, type Identity, makeHello } from './peer-handshake.ts';

const backoffMinMs = 20;
const backoffMaxMs = 500;
const handshakeTimeoutMs = 1_000;

export interface PeerAddress {
  readonly id: MemberId;
  readonly port: number;
}

export interface PeerSenderOptions {
  readonly identity: Identity;
  readonly peer: PeerAddress;
  readonly onGone: (peer: MemberId) => void;
  readonly onReply: (from: Seat, frame: Uint8Array) => void;
}

export class PeerSender {
  readonly #identity: Identity;
  readonly #peer: PeerAddress;
  readonly #onGone: (peer: MemberId) => void;
  readonly #onReply: (from: Seat, frame: Uint8Array) => void;
  #socket: Socket | null = null;
  #ready = false;
  /** The last connection stood: a refusal now is evidence. */
  #stood = false;
  #backoffMs = backoffMinMs;
  #retry: NodeJS.Timeout | null = null;
  #corked = false;
  #stopped = false;

  constructor(options: PeerSenderOptions) {
    this.#identity = options.identity;
    this.#peer = options.peer;
    this.#onGone = options.onGone;
    this.#onReply = options.onReply;
    this.#connect();
  }

  get port(): number {
    return this.#peer.port;
  }

  /** Sends a frame, or drops it when there is no connection or too much is unsent: a loss. */
  send(frame: Uint8Array): void {
    const socket = this.#socket;
    if (socket === null || !this.#ready || socket.writableLength > peerUnsentBytesMax) return;
    this.#corkForThisTurn(socket);
    const length = Buffer.allocUnsafe(4);
    length.writeInt32BE(frame.length);
    socket.write(length);
    socket.write(frame);
  }

  /** The peer has just connected to us: it is up, so do not wait to connect to it. */
  hurry(): void {
    if (this.#retry === null) return;
    clearTimeout(this.#retry);
    this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#socket?.destroy();
  }

  #connect(): void {
    this.#retry = null;
    const socket = connect({ host: '127.0.0.1', port: this.#peer.port, noDelay: true });
    this.#socket = socket;
    let refused = false;
    socket.once('connect', () => this.#shakeHands(socket));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      refused = error.code === 'ECONNREFUSED';
    });
    socket.once('close', () => this.#closed(refused));
  }

  #shakeHands(socket: Socket): void {
    const reader = new FixedReader();
    const hello = makeHello(this.#identity, this.#peer.id);
    const deadline = setTimeout(() => socket.destroy(), handshakeTimeoutMs);
    socket.once('close', () => clearTimeout(deadline));
    socket.write(hello);
    const onData = (bytes: Buffer): void => {
      reader.push(bytes);
      const challenge = reader.take(challengeBytes);
      if (challenge === null) return;
      clearTimeout(deadline);
      socket.off('data', onData);
      const answer = answerChallenge(hello, challenge, this.#identity.secret);
      if (answer === null) {
        socket.destroy();
        return;
      }
      socket.write(answer.proof);
      this.#listen(socket, { id: this.#peer.id, incarnation: answer.responder }, reader.rest());
      this.#ready = true;
      this.#stood = true;
      this.#backoffMs = backoffMinMs;
    };
    socket.on('data', onData);
  }

  /** Reading is also what notices the end of the connection. */
  #listen(socket: Socket, from: Seat, rest: Uint8Array): void {
    const splitter = createFrameSplitter({ frameBytesMax: peerFrameBytesMax });
    const onBytes = (bytes: Uint8Array): void => {
      const frames = splitter.push(bytes);
      if (!frames.ok) socket.destroy();
      else for (const frame of frames.value) this.#onReply(from, frame);
    };
    socket.on('data', onBytes);
    if (rest.length > 0) onBytes(rest);
  }

  #closed(refused: boolean): void {
    const ended = this.#ready;
    this.#ready = false;
    this.#socket = null;
    if (this.#stopped) return;
    if (refused && this.#stood) {
      this.#stood = false;
      this.#onGone(this.#peer.id);
    }
    if (ended) {
      this.#connect();
      return;
    }
    const delayMs = this.#backoffMs * (0.75 + Math.random() / 2);
    this.#backoffMs = Math.min(this.#backoffMs * 2, backoffMaxMs);
    this.#retry = setTimeout(() => this.#connect(), delayMs);
  }

  #corkForThisTurn(socket: Socket): void {
    if (this.#corked) return;
    this.#corked = true;
    socket.cork();
    setImmediate(() => {
      this.#corked = false;
      socket.uncork();
    });
  }
}
