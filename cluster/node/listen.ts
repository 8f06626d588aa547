/** Opens a port. Nothing that goes wrong with a connection afterwards, out of file numbers say, ends the process. */
import type { Server } from 'node:net';
import type { Trace } from '../ports/trace.ts';

/** Listens, and gives the port: the one asked for, or a free one for 0. Fails when it is taken. */
export function listen(
  server: Server,
  at: { readonly host: '127.0.0.1' | '::1'; readonly port: number; readonly trace: Trace },
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, () => {
      server.off('error', reject);
      server.on('error', ({ message }) => at.trace.emit('warn', 'acceptFailed', { reason: message }));
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : at.port);
    });
  });
}
