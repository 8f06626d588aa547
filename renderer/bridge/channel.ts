/**
 * One WebSocket to the console server: authenticates, answers commands within their deadlines, keeps
 * subscriptions over reconnects, and comes back by itself with growing pauses.
 */
import {
  type CommandInput,
  type CommandName,
  type CommandOutput,
  commands,
} from '../../cluster/api/commands.ts';
import {
  type ClientMessage,
  closeCodes,
  parseServerMessage,
  protocolVersion,
  type ServerMessage,
} from '../../cluster/api/messages.ts';
import type { View, ViewDelta, ViewSnapshot } from '../../cluster/api/views.ts';
import { unreachable } from '../../cluster/base/assert.ts';
import { fail, ok, type Result } from '../../cluster/base/result.ts';
import type { Stop } from '../../cluster/base/scope.ts';
import { type Failure, failureOf } from '../store/failure.ts';
import type { Socket, Surroundings } from './surroundings.ts';

/** First and longest pause before a reconnect; it doubles in between. */
const retryMinMs = 250;
const retryMaxMs = 5_000;

/** How long the server may take to welcome, before the socket is given up. */
const welcomeMs = 5_000;

/** After so long without a message the server is asked for a sign of life, and given as long again. */
const silenceMaxMs = 5_000;

/** The server gives an operation up after 5 s and says so; only a lost answer takes longer. */
const commandMs = 8_000;

export interface Welcome {
  readonly instance: string;
  readonly dataFolder: string;
  readonly nowMs: number;
}

export interface ChannelListener {
  opened(welcome: Welcome): void;
  /** The connection ended; the next attempt follows after `retryMs`. */
  lost(facts: { readonly closing: boolean; readonly retryMs: number }): void;
  /** The token was refused: no further attempt is made. */
  refused(): void;
}

export type ViewUpdate =
  | { readonly kind: 'snapshot'; readonly content: ViewSnapshot }
  | { readonly kind: 'delta'; readonly content: ViewDelta }
  | { readonly kind: 'trouble'; readonly failure: Failure };

export interface Channel {
  /** Sends a command; it always settles, with `notConnected` when there is nobody to send it to. */
  command<Name extends CommandName>(
    name: Name,
    input: CommandInput<Name>,
  ): Promise<Result<CommandOutput<Name>, Failure>>;
  /** Follows a view over reconnects; `view` is asked anew at each one, to resume where it was. */
  subscribe(view: () => View, listener: (update: ViewUpdate) => void): Stop;
  close(): void;
}

interface Pending {
  settle(outcome: Result<unknown, Failure>): void;
}

interface Subscription {
  readonly view: () => View;
  readonly listener: (update: ViewUpdate) => void;
  /** Its number on the current socket; null while there is none. */
  id: number | null;
  revision: number | null;
}

type Phase = 'connecting' | 'welcomed' | 'waiting' | 'closed';

/** Opens the channel; it connects at once. */
export function openChannel(options: {
  readonly token: string;
  readonly surroundings: Surroundings;
  readonly listener: ChannelListener;
}): Channel {
  const { surroundings, listener } = options;
  const pending = new Map<number, Pending>();
  const subscriptions = new Set<Subscription>();
  let phase: Phase = 'connecting';
  let socket: Socket | null = null;
  let nextId = 1;
  let attempts = 0;
  let stopTimer: Stop = () => undefined;

  function connect(): void {
    phase = 'connecting';
    const own = surroundings.connect({
      opened: () => send({ kind: 'authenticate', token: options.token, protocol: protocolVersion }),
      received: (text) => socket === own && receive(text),
      closed: (code) => socket === own && disconnected(code),
    });
    socket = own;
    setTimer(welcomeMs, drop);
  }

  /** A socket that says nothing any more: closed without waiting for its answer. */
  function drop(): void {
    const silent = socket;
    disconnected(1006);
    silent?.close();
  }

  function disconnected(code: number): void {
    socket = null;
    stopTimer();
    for (const subscription of subscriptions) subscription.id = null;
    const broken = { code: 'outcomeUnknown', what: 'The connection to the server broke.' } as const;
    for (const { settle } of [...pending.values()]) settle(fail(broken));
    if (phase === 'closed') return;
    if (code === closeCodes.notAuthenticated) {
      phase = 'closed';
      return listener.refused();
    }
    phase = 'waiting';
    const retryMs = retryDelay(attempts, surroundings.random());
    attempts += 1;
    setTimer(retryMs, connect);
    listener.lost({ closing: code === closeCodes.closing, retryMs });
  }

  function receive(text: string): void {
    const message = parseServerMessage(text);
    // A server of another version: nothing it says can be trusted, a new socket may find its successor.
    if (!message.ok) return drop();
    if (phase === 'welcomed') watchSilence();
    handle(message.value);
  }

  function handle(message: ServerMessage): void {
    switch (message.kind) {
      case 'welcome':
        phase = 'welcomed';
        attempts = 0;
        watchSilence();
        listener.opened(message);
        for (const subscription of subscriptions) start(subscription);
        return;
      case 'result':
        return pending.get(message.id)?.settle(ok(message.output));
      case 'failure':
        return failed(message.id, failureOf(message.error));
      case 'snapshot':
        return update(message, { kind: 'snapshot', content: message.content });
      case 'delta':
        return update(message, { kind: 'delta', content: message.content });
      case 'gap':
        return update(message, null);
      case 'trouble':
        return update(message, { kind: 'trouble', failure: failureOf(message.error) });
      case 'error':
        return;
      default:
        return unreachable(message);
    }
  }

  function failed(id: number, failure: Failure): void {
    pending.get(id)?.settle(fail(failure));
    for (const subscription of subscriptions) {
      if (subscription.id === id) subscription.listener({ kind: 'trouble', failure });
    }
  }

  /** A revision out of order means that something was lost on the way: ask for the whole again. */
  function update(
    message: { readonly subscription: number; readonly revision: number },
    news: ViewUpdate | null,
  ): void {
    for (const subscription of subscriptions) {
      if (subscription.id !== message.subscription) continue;
      const { revision } = subscription;
      subscription.revision = message.revision;
      if (revision !== null && message.revision !== revision + 1) {
        stop(subscription);
        start(subscription);
      } else if (news !== null) subscription.listener(news);
    }
  }

  function start(subscription: Subscription): void {
    if (phase !== 'welcomed') return;
    subscription.id = takeId();
    subscription.revision = null;
    send({ kind: 'subscribe', id: subscription.id, view: subscription.view() });
  }

  function stop(subscription: Subscription): void {
    if (phase === 'welcomed' && subscription.id !== null) send({ kind: 'unsubscribe', id: subscription.id });
    subscription.id = null;
  }

  /** A server that hangs keeps its socket open: only asking tells. */
  function watchSilence(): void {
    setTimer(silenceMaxMs, () => {
      send({
        kind: 'command',
        id: takeId(),
        name: 'timeline.read',
        input: { after: Number.MAX_SAFE_INTEGER },
      });
      setTimer(silenceMaxMs, drop);
    });
  }

  function send(message: ClientMessage): void {
    socket?.send(JSON.stringify(message));
  }

  function setTimer(delayMs: number, run: () => void): void {
    stopTimer();
    stopTimer = surroundings.after(delayMs, run);
  }

  function takeId(): number {
    nextId += 1;
    return nextId;
  }

  connect();
  return {
    command: (name, input) =>
      new Promise((resolve) => {
        if (phase !== 'welcomed') {
          return resolve(fail({ code: 'notConnected', what: 'The console is not connected to the server.' }));
        }
        const id = takeId();
        const late = {
          code: 'deadline',
          what: `No answer to ${name} within ${commandMs / 1_000} s.`,
        } as const;
        const stopDeadline = surroundings.after(commandMs, () => pending.get(id)?.settle(fail(late)));
        pending.set(id, {
          settle(outcome) {
            stopDeadline();
            pending.delete(id);
            resolve(outcome.ok ? checkedOutput(name, outcome.value) : outcome);
          },
        });
        send({ kind: 'command', id, name, input });
      }),
    subscribe(view, subscriber) {
      const subscription: Subscription = { view, listener: subscriber, id: null, revision: null };
      subscriptions.add(subscription);
      start(subscription);
      return () => {
        stop(subscription);
        subscriptions.delete(subscription);
      };
    },
    close() {
      phase = 'closed';
      stopTimer();
      socket?.close();
    },
  };
}

/** Doubles from attempt to attempt, give or take a quarter, so that many consoles do not come at once. */
function retryDelay(attempts: number, random: number): number {
  return Math.round(Math.min(retryMaxMs, retryMinMs * 2 ** attempts) * (0.75 + random / 2));
}

function checkedOutput<Name extends CommandName>(
  name: Name,
  output: unknown,
): Result<CommandOutput<Name>, Failure> {
  const checked = commands[name].output.safeParse(output);
  if (!checked.success)
    return fail({ code: 'invalidMessage', what: `The answer to ${name} is not of its form.` });
  // The table pairs each name with its schema; the compiler loses that pairing in a generic lookup.
  return ok(checked.data as CommandOutput<Name>);
}
