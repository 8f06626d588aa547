/** The port for ZooKeeper clients: sockets of the loopback interface as `ClientLink`s. */
import { createServer, type Server, type Socket } from 'node:net';
import { clientConnectionsMax } from '../base/limits.ts';
import type { StopAsync } from '../base/scope.ts';
import type { ClientHandler, ClientLink } from '../ports/client-link.ts';
import type { Trace } from '../ports/trace.ts';
import { listen } from './listen.ts';

const flushTimeoutMs = 1_000;
/** How often another free port is tried when ::1 has a server on the one found. */
const freePortAttemptsMax = 10;

export interface ClientServerOptions {
  readonly port: number;
  readonly trace: Trace;
  readonly accept: (link: ClientLink) => ClientHandler;
}

/**
 * Listens on 127.0.0.1, and on ::1 where there is one: `localhost` means either. Fails when the port
 * is taken on one of them. Stopping ends all connections. The bound on connections is over all
 * addresses: 127.0.0.0/8 has sixteen million of them.
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
  const open = () => createServer({ noDelay: true }, onSocket);
  const { servers, port } = await listenOnLocalhost(open, options);
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  };
  return { port, stop };
}

/** Two servers on one port; one where there is no IPv6. Half a `localhost` is refused: the rest is another's. */
async function listenOnLocalhost(
  open: () => Server,
  { port: wanted, trace }: { readonly port: number; readonly trace: Trace },
): Promise<{ readonly servers: readonly Server[]; readonly port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const [first, second] = [open(), open()];
    const port = await listen(first, { host: '127.0.0.1', port: wanted, trace });
    try {
      await listen(second, { host: '::1', port, trace });
      return { servers: [first, second], port };
    } catch (failure) {
      const { code, message } = failure as NodeJS.ErrnoException;
      if (code !== 'EADDRINUSE') {
        trace.emit('info', 'noIpv6Loopback', { reason: message });
        return { servers: [first], port };
      }
      await new Promise((resolve) => first.close(resolve));
      if (wanted !== 0 || attempt === freePortAttemptsMax) throw failure;
    }
  }
}

function attach(socket: Socket, accept: (link: ClientLink) => ClientHandler): void {
  let corked = false;
  let open = true;
  const link: ClientLink = {
    remoteAddress: (socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, ''),
    label: `${socket.remoteAddress ?? 'unknown'}:${socket.remotePort ?? 0}`,
    get unsentBytes() {
      return socket.writableLength;
    },
    send: (bytes) => {
      if (!open) return;
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
    close: () => {
      if (!open) return;
      open = false;
      endSocket(socket);
    },
  };
  const handler = accept(link);
  socket.on('data', (bytes) => {
    if (open) handler.received(bytes);
  });
  socket.on('drain', () => handler.drained());
  socket.on('close', () => handler.closed());
  // A reset by the client is its way of leaving; `close` follows.
  socket.on('error', () => undefined);
}

/**
 * Sends what is buffered and the end, then waits for the client's end, reading on and dropping what
 * comes: closing over unread bytes would reset the connection and could take the last answer with it.
 * A client that does not end has this long.
 */
function endSocket(socket: Socket): void {
  socket.end();
  socket.resume();
  const deadline = setTimeout(() => socket.destroy(), flushTimeoutMs);
  socket.once('close', () => clearTimeout(deadline));
}
