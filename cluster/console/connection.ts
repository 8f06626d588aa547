/**
 * One client of the console: the token first, then commands and subscriptions, each bounded. Nothing
 * it sends can do more than have it disconnected.
 */
import type { RawData, WebSocket } from 'ws';
import { type ClientMessage, closeCodes, parseClientMessage, protocolVersion } from '../api/messages.ts';
import type { View } from '../api/views.ts';
import { unreachable } from '../base/assert.ts';
import {
  consoleAuthenticateMs,
  consoleCommandsMax,
  consoleInvalidMessagesMax,
  consolePingMs,
  consoleSubscriptionsMax,
} from '../base/limits.ts';
import type { Stop } from '../base/scope.ts';
import { execute } from './execute.ts';
import { apiFailure } from './failures.ts';
import { openFeed, type Sources } from './feeds.ts';
import { sameToken } from './guard.ts';
import { createOutbox } from './outbox.ts';
import { type FeedSink, openSubscription, type Subscription } from './subscription.ts';

/** What a client learns of the instance when it has shown the token. */
export interface InstanceFacts {
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
export function serveConnection(socket: WebSocket, options: ConnectionOptions): Stop {
  const subscriptions = new Map<number, Subscription>();
  const commandsUnderWay = new Set<number>();
  const outbox = createOutbox(socket, () => {
    for (const subscription of subscriptions.values()) subscription.drained();
  });
  let authenticated = false;
  let invalidMessages = 0;

  const deadline = setTimeout(() => {
    socket.close(closeCodes.notAuthenticated, 'no token in time');
  }, consoleAuthenticateMs);
  const stopPinging = dropWhenDead(socket);

  function received(data: RawData, isBinary: boolean): void {
    const message = isBinary ? null : parseClientMessage(String(data));
    if (!authenticated) authenticate(message?.ok ? message.value : null);
    else if (message?.ok) handle(message.value);
    else invalid(message === null ? 'Binary messages are not of this protocol.' : message.error);
  }

  function invalid(what: string): void {
    outbox.send({ kind: 'error', error: apiFailure('invalidMessage', what) });
    invalidMessages += 1;
    if (invalidMessages >= consoleInvalidMessagesMax) {
      socket.close(closeCodes.invalidMessage, 'too many messages outside the protocol');
    }
  }

  function authenticate(message: ClientMessage | null): void {
    if (message?.kind !== 'authenticate' || !sameToken(message.token, options.token)) {
      socket.close(closeCodes.notAuthenticated, 'wrong or no token');
      return;
    }
    clearTimeout(deadline);
    authenticated = true;
    options.onAuthenticated();
    outbox.send({ kind: 'welcome', protocol: protocolVersion, ...options.facts, nowMs: Date.now() });
  }

  function handle(message: ClientMessage): void {
    switch (message.kind) {
      case 'authenticate':
        invalid('Authenticated already.');
        return;
      case 'command':
        command(message);
        return;
      case 'subscribe':
        subscribe(message.id, message.view);
        return;
      case 'unsubscribe':
        subscriptions.get(message.id)?.stop();
        subscriptions.delete(message.id);
        return;
      default:
        unreachable(message);
    }
  }

  function command({ id, name, input }: Extract<ClientMessage, { kind: 'command' }>): void {
    const refusal = refuse({ id, taken: commandsUnderWay, most: consoleCommandsMax, noun: 'command' });
    if (refusal !== null) {
      outbox.send({ kind: 'failure', id, error: refusal });
      return;
    }
    commandsUnderWay.add(id);
    execute({ name, input }, options.sources)
      .catch((defect: unknown) => {
        options.onDefect(defect);
        return { ok: false, error: apiFailure('internal', `${name} failed: ${String(defect)}`) } as const;
      })
      .then((outcome) => {
        commandsUnderWay.delete(id);
        if (outcome.ok) outbox.send({ kind: 'result', id, output: outcome.value });
        else outbox.send({ kind: 'failure', id, error: outcome.error });
      });
  }

  function subscribe(id: number, view: View): void {
    const refusal = refuse({ id, taken: subscriptions, most: consoleSubscriptionsMax, noun: 'subscription' });
    if (refusal !== null) {
      outbox.send({ kind: 'failure', id, error: refusal });
      return;
    }
    const open = (sink: FeedSink) => openFeed(view, { sources: options.sources, sink });
    subscriptions.set(id, openSubscription(id, { outbox, openFeed: open }));
  }

  function stop(): void {
    clearTimeout(deadline);
    stopPinging();
    for (const subscription of subscriptions.values()) subscription.stop();
    subscriptions.clear();
  }

  socket.on('message', received);
  socket.on('close', stop);
  // A message past the size bound or a broken frame: ws closes the socket with the fitting code.
  socket.on('error', () => socket.terminate());
  return stop;
}

function refuse(request: {
  readonly id: number;
  readonly taken: { has(id: number): boolean; readonly size: number };
  readonly most: number;
  readonly noun: string;
}) {
  const { id, taken, most, noun } = request;
  if (taken.has(id)) return apiFailure('invalidMessage', `The ${noun} number ${id} is in use.`, { id });
  if (taken.size >= most) return apiFailure('tooMany', `${most} ${noun}s are open already.`, { most });
  return null;
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
