/**
 * The console server: on 127.0.0.1 only, the built renderer over HTTP and the API over one WebSocket
 * endpoint (DESIGN.md 7). The token travels in the address's fragment, which browsers send nowhere.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { closeCodes, messageBytesMax, socketPath } from '../api/messages.ts';
import { consoleSocketsMax, consoleSocketsUnauthenticatedMax } from '../base/limits.ts';
import { Scope } from '../base/scope.ts';
import { serveConnection } from './connection.ts';
import { endSocket } from './end-socket.ts';
import type { Sources } from './feeds.ts';
import { hostAllowed, originAllowed } from './guard.ts';
import { createStaticFiles } from './static-files.ts';

export interface ConsoleServerOptions extends Sources {
  /** 0 takes a free port. */
  readonly port: number;
  readonly token: string;
  /** The built renderer: a folder with index.html. */
  readonly assetsFolder: string;
  readonly dataFolder: string;
  /** Told of defects that commands ran into. */
  readonly onDefect: (defect: unknown) => void;
}

export interface ConsoleServer {
  readonly port: number;
  /** `http://127.0.0.1:PORT/` without the token. */
  readonly url: string;
  /** The address to open: the token is in its fragment. */
  readonly openUrl: string;
  close(): Promise<void>;
}

const connectionsMax = 256;

/** 192 random bits, safe in an address. */
export function createToken(): string {
  return randomBytes(24).toString('base64url');
}

/** Listens on 127.0.0.1; rejects with the system's error when the port cannot be had. */
export async function createConsoleServer(options: ConsoleServerOptions): Promise<ConsoleServer> {
  let port = options.port;
  const http = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 });
  http.maxConnections = connectionsMax;
  http.on('request', createStaticFiles({ assetsFolder: options.assetsFolder, port: () => port }));
  const sockets = acceptSockets(http, { ...options, currentPort: () => port });
  port = await listen(http, options.port);
  const url = `http://127.0.0.1:${port}/`;
  return {
    port,
    url,
    openUrl: `${url}#token=${options.token}`,
    async close() {
      const closed = new Promise<void>((resolve) => {
        http.close(() => resolve());
      });
      await sockets.close();
      http.closeAllConnections();
      await closed;
    },
  };
}

function listen(http: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen({ host: '127.0.0.1', port }, () => {
      http.off('error', reject);
      const address = http.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function acceptSockets(
  http: Server,
  options: ConsoleServerOptions & { readonly currentPort: () => number },
): Scope {
  const scope = new Scope();
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: messageBytesMax,
    perMessageDeflate: false,
  });
  const unauthenticated = new Set<WebSocket>();
  const facts = {
    instance: randomBytes(8).toString('hex'),
    startedAtMs: Date.now(),
    dataFolder: options.dataFolder,
  };

  http.on('upgrade', (request, stream, head) => {
    stream.on('error', () => stream.destroy());
    const refusal = refuseUpgrade(request, options.currentPort());
    if (refusal !== null) answerAndClose(stream, refusal);
    else server.handleUpgrade(request, stream, head, accept);
  });

  function accept(socket: WebSocket): void {
    if (server.clients.size > consoleSocketsMax || unauthenticated.size >= consoleSocketsUnauthenticatedMax) {
      socket.on('error', () => socket.terminate());
      void endSocket(socket, { code: closeCodes.tooMany, reason: 'too many clients' });
      return;
    }
    unauthenticated.add(socket);
    serveConnection(socket, {
      ...options,
      facts,
      sources: options,
      onAuthenticated: () => unauthenticated.delete(socket),
    });
    socket.on('close', () => unauthenticated.delete(socket));
  }

  scope.add(async () => {
    const closed = [...server.clients].map((socket) =>
      endSocket(socket, { code: closeCodes.closing, reason: 'the instance is stopping' }),
    );
    server.close();
    await Promise.all(closed);
  });
  return scope;
}

function refuseUpgrade(request: IncomingMessage, port: number): string | null {
  if (!hostAllowed(request, port) || !originAllowed(request, port)) return '403 Forbidden';
  if ((request.url ?? '').split('?', 1)[0] !== socketPath) return '404 Not Found';
  return null;
}

function answerAndClose(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
