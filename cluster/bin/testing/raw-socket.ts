/** A socket that sends any bytes, and the few forms of ZooKeeper's protocol that hostile input bends. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createFrameSplitter } from '../../base/frames.ts';
import { zkClientReplyBytesMax } from '../../base/limits.ts';
import { reservedXids } from '../../zk/wire/opcodes.ts';

const waitMs = 20_000;

export class RawSocket {
  readonly socket: Socket;
  readonly #splitter = createFrameSplitter({ frameBytesMax: zkClientReplyBytesMax });
  readonly #frames: Uint8Array[] = [];
  #isClosed = false;
  #wake = (): void => undefined;

  constructor(port: number) {
    this.socket = connect({ host: '127.0.0.1', port });
    this.socket.on('data', (bytes) => {
      const split = this.#splitter.push(bytes);
      if (split.ok) this.#frames.push(...split.value);
      this.#wake();
    });
    // A reset is one way of refusing; `close` follows.
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  send(bytes: Uint8Array): this {
    this.socket.write(bytes);
    return this;
  }

  /** The next frame that came in, or null when the connection was closed instead. */
  async frame(): Promise<Buffer | null> {
    const deadlineMs = performance.now() + waitMs;
    while (this.#frames.length === 0 && !this.#isClosed) {
      if (performance.now() > deadlineMs) throw new Error(`neither an answer nor an end within ${waitMs} ms`);
      await this.#more();
    }
    const frame = this.#frames.shift();
    return frame === undefined ? null : Buffer.from(frame);
  }

  /** Waits until the other side has closed. */
  async closed(): Promise<void> {
    this.socket.resume();
    const deadlineMs = performance.now() + waitMs;
    while (!this.#isClosed) {
      if (performance.now() > deadlineMs) throw new Error(`not closed within ${waitMs} ms`);
      await this.#more();
    }
  }

  async connected(): Promise<this> {
    if (this.socket.connecting) await once(this.socket, 'connect');
    return this;
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, 500);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

export function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([int32(bytes.length), bytes]);
}

/** These parts behind their length. */
export function frame(...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([int32(body.length), body]);
}

/** A request: number, operation code, body. */
export function request(xid: number, opcode: number, ...body: readonly Uint8Array[]): Buffer {
  return frame(int32(xid), int32(opcode), ...body);
}

export function connectRequest(
  fields: {
    readonly lastZxidSeen?: bigint;
    readonly timeoutMs?: number;
    readonly sessionId?: bigint;
    /** With its length in front. */
    readonly password?: Uint8Array;
  } = {},
): Buffer {
  const { lastZxidSeen = 0n, timeoutMs = 10_000, sessionId = 0n } = fields;
  const { password = Buffer.concat([int32(16), Buffer.alloc(16)]) } = fields;
  return frame(int32(0), int64(lastZxidSeen), int32(timeoutMs), int64(sessionId), password, Buffer.alloc(1));
}

export interface ConnectAnswer {
  readonly timeoutMs: number;
  readonly sessionId: bigint;
  /** With its length in front. */
  readonly password: Buffer;
}

/** The answer to a connect request, or null when the connection was closed instead. */
export async function connectAnswer(socket: RawSocket): Promise<ConnectAnswer | null> {
  const answer = await socket.frame();
  if (answer === null) return null;
  const password = answer.subarray(16, 20 + answer.readInt32BE(16));
  return { timeoutMs: answer.readInt32BE(4), sessionId: answer.readBigInt64BE(8), password };
}

export async function openSession(
  port: number,
): Promise<{ readonly socket: RawSocket; readonly session: ConnectAnswer }> {
  const socket = new RawSocket(port).send(connectRequest());
  const session = await connectAnswer(socket);
  if (session === null) throw new Error('the session was refused');
  return { socket, session };
}

/** Number and error code of the next answer, watch events left out; null when the connection was closed instead. */
export async function replyHead(
  socket: RawSocket,
): Promise<{ readonly xid: number; readonly error: number } | null> {
  for (;;) {
    const answer = await socket.frame();
    if (answer === null) return null;
    const xid = answer.readInt32BE(0);
    if (xid !== reservedXids.watchEvent) return { xid, error: answer.readInt32BE(12) };
  }
}
