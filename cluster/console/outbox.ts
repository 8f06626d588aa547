/**
 * What one client still has to receive. Counts unsent bytes, so that live views can hold back and a
 * client that does not read is disconnected, whatever it asked for.
 */
import type { WebSocket } from 'ws';
import { closeCodes, type ServerMessage } from '../api/messages.ts';
import { consoleUnsentBytesForGap, consoleUnsentBytesMax } from '../base/limits.ts';
import { endSocket } from './end-socket.ts';

export interface Outbox {
  send(message: ServerMessage): void;
  /** Whether live views must hold back now; `drained` tells when they may go on. */
  full(): boolean;
}

/** `drained` is called each time the client has caught up after the outbox was full. */
export function createOutbox(socket: WebSocket, drained: () => void): Outbox {
  let unsentBytes = 0;
  let wasFull = false;

  function sent(bytes: number): void {
    unsentBytes -= bytes;
    if (!wasFull || unsentBytes > consoleUnsentBytesForGap / 2) return;
    wasFull = false;
    drained();
  }

  return {
    send(message) {
      if (socket.readyState !== socket.OPEN) return;
      const bytes = Buffer.from(JSON.stringify(message));
      unsentBytes += bytes.length;
      socket.send(bytes, { binary: false }, () => sent(bytes.length));
      if (unsentBytes > consoleUnsentBytesMax) {
        void endSocket(socket, { code: closeCodes.tooSlow, reason: 'does not read what it asked for' });
      }
    },
    full() {
      wasFull ||= unsentBytes > consoleUnsentBytesForGap;
      return wasFull;
    },
  };
}
