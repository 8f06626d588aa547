/** The port for ZooKeeper clients: sockets of the loopback interface as `ClientLink`s. */
import { createServer, type Server, type Socket } from 'node:net';
import { clientConnectionsMax } from '../base/limits.ts';
import type { StopAsync } from '../base/scope.ts';
import type { ClientHandler, ClientLink } from '../ports/client-link.ts';
import type { Trace } from '../ports/trace.ts';

const flushTimeoutMs = 1_000;

export interface ClientServerOptions {
  readonly port: number;
  readonly trace: Trace;
  readonly accept: (link: ClientLink) => ClientHandler;
}

/**
 * Listens on 127.0.0.1, and on ::1 where there is one: `localhost` means either. Fails when the port
 * is taken. Stopping ends all connections.
 */
export async function serveClients(
  options: ClientServerOptions,
): Promise<{ readonly port: number; readonly stop: StopAsync }> {
  const sockets = new Set<Socket>();
  const onSocket = (socket: Socket): void => {
    if (sockets.size >= clientConnectionsMax) {
      options.trace.emit('warn', 'clientRefused', {
        reason: 'too many connections',
        limit: clientConnectionsMax,
      });
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    attach(socket, options.accept);
  };
  const first = await listen(onSocket, { host: '127.0.0.1', port: options.port });
  const servers = [first.server];
  try {
    servers.push((await listen(onSocket, { host: '::1', port: first.port })).server);
  } catch (failure) {
    options.trace.emit('info', 'noIpv6Loopback', {
      reason: failure instanceof Error ? failure.message : String(failure),
    });
  }
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  };
  return { port: first.port, stop };
}

function listen(
  onSocket: (socket: Socket) => void,
  at: { readonly host: string; readonly port: number },
): Promise<{ readonly server: Server; readonly port: number }> {
  return new Promise((resolve, reject) => {
    const server = createServer({ noDelay: true }, onSocket);
    server.once('error', reject);
    server.listen(at.port, at.host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address !== null ? address.port : at.port });
    });
  });
}

function attach(socket: Socket, accept: (link: ClientLink) => ClientHandler): void {
  let corked = false;
  const link: ClientLink = {
    remoteAddress: (socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, ''),
    label: `${socket.remoteAddress ?? 'unknown'}:${socket.remotePort ?? 0}`,
    get unsentBytes() {
      return socket.writableLength;
    },
    send: (bytes) => {
      if (!corked) {
        corked = true;
        socket.cork();
        setImmediate(() => {
          corked = false;
          socket.uncork();
        });
      }
      socket.write(bytes);
    },
    pauseReading: () => socket.pause(),
    resumeReading: () => socket.resume(),
    close: () => endSocket(socket),
  };
  const handler = accept(link);
  socket.on('data', (bytes) => handler.received(bytes));
  socket.on('close', () => handler.closed());
  // A reset by the client is its way of leaving; `close` follows.
  socket.on('error', () => undefined);
}

/** Sends what is buffered, then lets go: a client that does not take it has this long. */
function endSocket(socket: Socket): void {
  socket.end(() => socket.destroy());
  setTimeout(() => socket.destroy(), flushTimeoutMs).unref();
}
