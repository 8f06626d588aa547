/** One TCP connection to one server: opens it, shakes hands, then carries packets until it breaks. */
import { createConnection } from 'node:net';
import { createFrameSplitter } from '../base/frames.ts';
import { zkClientReplyBytesMax } from '../base/limits.ts';
import { decodeConnectResponse, type ServerHello } from '../zk/wire/connect-client.ts';
import { formatServer, type ServerAddress } from './servers.ts';

export interface LinkEvents {
  /** The server answered the handshake, perhaps with "expired". */
  opened(hello: ServerHello): void;
  /** One packet after the handshake. */
  received(frame: Uint8Array): void;
  /** The socket took everything that was sent. */
  drained(): void;
  /** The connection broke, or never came about. Nothing follows. Not called after `close`. */
  lost(reason: string): void;
}

export interface Link {
  readonly server: ServerAddress;
  /** Bytes sent that the socket has not taken yet. */
  readonly unsentBytes: number;
  send(bytes: Uint8Array): void;
  /** Ends the connection now; no event follows. */
  close(): void;
}

/** Starts connecting; every event comes later than this call returns. */
export function openLink(options: {
  readonly server: ServerAddress;
  /** The client's first packet. */
  readonly hello: Uint8Array;
  /** Time for the connection and the server's answer to the handshake. */
  readonly connectTimeoutMs: number;
  readonly events: LinkEvents;
}): Link {
  const { server, hello, connectTimeoutMs, events } = options;
  const socket = createConnection({ host: server.host, port: server.port, noDelay: true });
  const splitter = createFrameSplitter({ frameBytesMax: zkClientReplyBytesMax });
  let phase: 'opening' | 'open' | 'closed' = 'opening';

  const handshakeTimer = setTimeout(() => {
    lose(`${formatServer(server)} did not answer the handshake within ${Math.round(connectTimeoutMs)} ms`);
  }, connectTimeoutMs);

  function close(): void {
    phase = 'closed';
    clearTimeout(handshakeTimer);
    socket.destroy();
  }

  function lose(reason: string): void {
    if (phase === 'closed') return;
    close();
    events.lost(reason);
  }

  function take(frame: Uint8Array): void {
    if (phase === 'open') {
      events.received(frame);
      return;
    }
    const decoded = decodeConnectResponse(frame);
    if (!decoded.ok) {
      lose(`${formatServer(server)} answered the handshake with something else: ${decoded.error}`);
      return;
    }
    phase = 'open';
    clearTimeout(handshakeTimer);
    events.opened(decoded.value);
  }

  socket.on('connect', () => socket.write(hello));
  socket.on('drain', () => events.drained());
  socket.on('error', (failure) => lose(`${formatServer(server)}: ${failure.message}`));
  // The end of the server's half comes before `close`, which waits for what is still unsent.
  socket.on('end', () => lose(`${formatServer(server)} closed the connection`));
  socket.on('close', () => lose(`${formatServer(server)} closed the connection`));
  socket.on('data', (bytes) => {
    const split = splitter.push(bytes);
    if (!split.ok) {
      lose(`${formatServer(server)} sent no ZooKeeper packets: ${split.error}`);
      return;
    }
    for (const frame of split.value) {
      // An event may have closed this link.
      if (phase === 'closed') return;
      take(frame);
    }
  });

  return {
    server,
    get unsentBytes() {
      return socket.writableLength;
    },
    send: (bytes) => {
      socket.write(bytes);
    },
    close,
  };
}
