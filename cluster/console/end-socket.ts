/** Closing a socket with a reason, and without waiting for a peer that does not answer. */
import type { WebSocket } from 'ws';

/** How long a client gets to answer the closing handshake. */
const closeGraceMs = 250;

/** Settles when the socket is closed, by the handshake or without it. */
export function endSocket(
  socket: WebSocket,
  why: { readonly code: number; readonly reason: string },
): Promise<void> {
  if (socket.readyState === socket.CLOSED) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.terminate(), closeGraceMs);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.close(why.code, why.reason);
  });
}
