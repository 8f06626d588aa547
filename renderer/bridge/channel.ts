/**
 * One WebSocket to the console server: authenticates, answers commands within their deadlines, keeps
 * subscriptions over reconnects, and comes back by itself with growing pauses.
 */
import type { CommandInput, CommandName, CommandOutput } from '../../cluster/api/commands.ts';
import {
  type ClientMessage,
  closeCodes,
  parseServerMessage,
  protocolVersion,
  type ServerMessage,
} from '../../cluster/api/messages.ts';
import type { View } from '../../cluster/api/views.ts';
import { unreachable } from '../../cluster/base/assert.ts';
import { fail, ok, type Result } from '../../cluster/base/result.ts';
import type { Stop } from '../../cluster/base/scope.ts';
import { type Failure, failureOf } from '../store/failure.ts';
import { PendingCommands } from './pending-commands.ts';
import { Subscriptions, type ViewUpdate } from './subscriptions.ts';
import type { Socket, Surroundings } from './surroundings.ts';

/** First and longest pause before a reconnect; it doubles in between. */
const retryMinMs = 250;
const retryMaxMs = 5_000;

/** How long the server may take to welcome, before the socket is given up. */
const welcomeMs = 5_000;

/** After so long without a message the server is asked for a sign of life, and given as long again. */
const silenceMaxMs = 5_000;

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

interface ChannelOptions {
  readonly token: string;
  readonly surroundings: Surroundings;
  readonly listener: ChannelListener;
}

type Phase = 'connecting' | 'welcomed' | 'waiting' | 'closed';

/** Connects when made, and stays connected until closed or refused. */
export class Channel {
  readonly #options: ChannelOptions;
  readonly #pending: PendingCommands;
  readonly #subscriptions: Subscriptions;
  #phase: Phase = 'connecting';
  #socket: Socket | null = null;
  #lastId = 0;
  #attempts = 0;
  #stopTimer: Stop = () => undefined;

  constructor(options: ChannelOptions) {
    this.#options = options;
    this.#pending = new PendingCommands(options.surroundings);
    this.#subscriptions = new Subscriptions({
      takeId: () => this.#takeId(),
      send: () => (this.#phase === 'welcomed' ? (message) => this.#send(message) : null),
    });
    this.#connect();
  }

  /** Sends a command; it always settles, with `notConnected` when there is nobody to send it to. */
  command<Name extends CommandName>(
    name: Name,
    input: CommandInput<Name>,
  ): Promise<Result<CommandOutput<Name>, Failure>> {
    if (this.#phase !== 'welcomed') {
      const what = 'The console is not connected to the server.';
      return Promise.resolve(fail({ code: 'notConnected', what } as const));
    }
    const id = this.#takeId();
    const answer = this.#pending.answer(id, name);
    this.#send({ kind: 'command', id, name, input });
    return answer;
  }

  /** Follows a view over reconnects; `view` is asked anew at each one, to resume where it was. */
  subscribe(view: () => View, listener: (update: ViewUpdate) => void): Stop {
    return this.#subscriptions.add(view, listener);
  }

  close(): void {
    this.#phase = 'closed';
    this.#stopTimer();
    this.#socket?.close();
  }

  #connect(): void {
    this.#phase = 'connecting';
    const { surroundings, token } = this.#options;
    const own = surroundings.connect({
      opened: () => this.#send({ kind: 'authenticate', token, protocol: protocolVersion }),
      received: (text) => this.#socket === own && this.#receive(text),
      closed: (code) => this.#socket === own && this.#disconnected(code),
    });
    this.#socket = own;
    this.#setTimer(welcomeMs, () => this.#drop());
  }

  /** A socket that says nothing any more: closed without waiting for its answer. */
  #drop(): void {
    const silent = this.#socket;
    this.#disconnected(1006);
    silent?.close();
  }

  #disconnected(code: number): void {
    const wasClosed = this.#phase === 'closed';
    this.#phase = 'waiting';
    this.#socket = null;
    this.#stopTimer();
    this.#subscriptions.forgetSocket();
    this.#pending.failAll({ code: 'outcomeUnknown', what: 'The connection to the server broke.' });
    if (wasClosed || code === closeCodes.notAuthenticated) {
      this.#phase = 'closed';
      if (!wasClosed) this.#options.listener.refused();
      return;
    }
    const retryMs = retryDelay(this.#attempts, this.#options.surroundings.random());
    this.#attempts += 1;
    this.#setTimer(retryMs, () => this.#connect());
    this.#options.listener.lost({ closing: code === closeCodes.closing, retryMs });
  }

  #receive(text: string): void {
    const message = parseServerMessage(text);
    // A server of another version: nothing it says can be trusted, a new socket may find its successor.
    if (!message.ok) return this.#drop();
    if (this.#phase === 'welcomed') this.#watchSilence();
    this.#handle(message.value);
  }

  #handle(message: ServerMessage): void {
    switch (message.kind) {
      case 'welcome':
        return this.#welcomed(message);
      case 'result':
        return this.#pending.settle(message.id, ok(message.output));
      case 'failure': {
        const failure = failureOf(message.error);
        this.#pending.settle(message.id, fail(failure));
        return this.#subscriptions.refused(message.id, failure);
      }
      case 'snapshot':
        return this.#subscriptions.update(message, { kind: 'snapshot', content: message.content });
      case 'delta':
        return this.#subscriptions.update(message, { kind: 'delta', content: message.content });
      case 'gap':
        return this.#subscriptions.update(message, null);
      case 'trouble':
        return this.#subscriptions.update(message, { kind: 'trouble', failure: failureOf(message.error) });
      // About a message that this client did not number: nobody here waits for it.
      case 'error':
        return;
      default:
        return unreachable(message);
    }
  }

  #welcomed(welcome: Welcome): void {
    this.#phase = 'welcomed';
    this.#attempts = 0;
    this.#watchSilence();
    this.#options.listener.opened(welcome);
    this.#subscriptions.startAll();
  }

  /** A server that hangs keeps its socket open: only asking tells. */
  #watchSilence(): void {
    this.#setTimer(silenceMaxMs, () => {
      this.#setTimer(silenceMaxMs, () => this.#drop());
      const input = { after: Number.MAX_SAFE_INTEGER };
      this.#send({ kind: 'command', id: this.#takeId(), name: 'timeline.read', input });
    });
  }

  #send(message: ClientMessage): void {
    this.#socket?.send(JSON.stringify(message));
  }

  #setTimer(delayMs: number, run: () => void): void {
    this.#stopTimer();
    this.#stopTimer = this.#options.surroundings.after(delayMs, run);
  }

  #takeId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}

/** Doubles from attempt to attempt, give or take a quarter, so that many consoles do not come at once. */
function retryDelay(attempts: number, random: number): number {
  return Math.round(Math.min(retryMaxMs, retryMinMs * 2 ** attempts) * (0.75 + random / 2));
}
