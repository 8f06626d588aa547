/**
 * One socket of the console: the token first, then messages of the protocol, and an end for whoever
 * keeps to neither. Nothing a client sends can do more than have it disconnected.
 */
import type { RawData, WebSocket } from 'ws';
import { type ClientMessage, closeCodes, parseClientMessage, protocolVersion } from '../api/messages.ts';
import { consoleAuthenticateMs, consoleInvalidMessagesMax, consolePingMs } from '../base/limits.ts';
import type { Stop } from '../base/scope.ts';
import { createClientSession } from './client-session.ts';
import { endSocket } from './end-socket.ts';
import { apiFailure } from './failures.ts';
import type { Sources } from './feeds.ts';
import { sameToken } from './guard.ts';
import { createOutbox } from './outbox.ts';

/** What a client learns of the instance when it has shown the token. */
interface InstanceFacts {
  readonly instance: string;
  readonly startedAtMs: number;
  readonly dataFolder: string;
}

export interface ConnectionOptions {
  readonly token: string;
  readonly facts: InstanceFacts;
  readonly sources: Sources;
  /** Called once, when the client has shown the token. */
  readonly onAuthenticated: () => void;
  /** Told of a defect that a command ran into. */
  readonly onDefect: (defect: unknown) => void;
}

/** Serves `socket` until it closes. */
export function serveConnection(socket: WebSocket, options: ConnectionOptions): void {
  const outbox = createOutbox(socket, () => session.drained());
  const session = createClientSession({ ...options, outbox });
  let authenticated = false;
  let invalidMessages = 0;

  const deadline = setTimeout(() => {
    void endSocket(socket, { code: closeCodes.notAuthenticated, reason: 'no token in time' });
  }, consoleAuthenticateMs);
  const stopPinging = dropWhenDead(socket);

  function received(data: RawData, isBinary: boolean): void {
    if (socket.readyState !== socket.OPEN) return;
    const message = isBinary ? null : parseClientMessage(String(data));
    if (!authenticated) authenticate(message?.ok ? message.value : null);
    else if (message === null) invalid('Binary messages are not of this protocol.');
    else if (!message.ok) invalid(message.error);
    else if (message.value.kind === 'authenticate') invalid('Authenticated already.');
    else session.handle(message.value);
  }

  function invalid(what: string): void {
    outbox.send({ kind: 'error', error: apiFailure('invalidMessage', what) });
    invalidMessages += 1;
    if (invalidMessages >= consoleInvalidMessagesMax) {
      void endSocket(socket, {
        code: closeCodes.invalidMessage,
        reason: 'too many messages outside the protocol',
      });
    }
  }

  function authenticate(message: ClientMessage | null): void {
    if (message?.kind !== 'authenticate' || !sameToken(message.token, options.token)) {
      void endSocket(socket, { code: closeCodes.notAuthenticated, reason: 'wrong or no token' });
      return;
    }
    clearTimeout(deadline);
    authenticated = true;
    options.onAuthenticated();
    outbox.send({ kind: 'welcome', protocol: protocolVersion, ...options.facts, nowMs: Date.now() });
  }

  socket.on('message', received);
  socket.on('close', () => {
    clearTimeout(deadline);
    stopPinging();
    session.stop();
  });
  // A message past the size bound or a broken frame: ws has begun to close with the fitting code.
  socket.on(
    'error',
    () => void endSocket(socket, { code: closeCodes.invalidMessage, reason: 'broken frame' }),
  );
}

function dropWhenDead(socket: WebSocket): Stop {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) {
      socket.terminate();
      return;
    }
    answered = false;
    socket.ping();
  }, consolePingMs);
  return () => clearInterval(timer);
}
