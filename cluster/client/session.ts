/**
 * One ZooKeeper session across its connections: finds a server, comes back to the session on another
 * one, keeps it alive with pings, notices a silent server, and says what state it is in.
 *
 * Timing follows ClientCnxn: a ping after a third of the session timeout without traffic, another
 * server after two thirds without an answer.
 */
import { randomInt } from 'node:crypto';
import type { SessionId } from '../base/ids.ts';
import type { Stop } from '../base/scope.ts';
import {
  encodeConnectRequest,
  noSession,
  type ServerHello,
  type SessionCredentials,
  sessionIdOf,
} from '../zk/wire/connect-client.ts';
import type { Call } from './calls.ts';
import { Exchange } from './exchange.ts';
import { type Link, openLink } from './link.ts';
import { formatServer, type ServerAddress, shuffled } from './servers.ts';

export type ClientState =
  /** Looking for a server; `reason` is why the last connection or attempt failed, null at first. */
  | { readonly kind: 'disconnected'; readonly reason: string | null }
  | { readonly kind: 'connected'; readonly server: ServerAddress }
  /** The session is over. A client that renews its session goes on with `disconnected`. */
  | { readonly kind: 'expired' }
  | { readonly kind: 'closed' };

export interface SessionOptions {
  readonly servers: readonly ServerAddress[];
  /** As asked for; the server may grant another. */
  readonly sessionTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly retryDelayMaxMs: number;
  readonly onExpiry: 'stop' | 'renew';
}

const tickMs = 50;
/** Pause after all servers were tried in vain; doubles up to the maximum that the options give. */
const retryDelayMinMs = 20;

export class Session {
  readonly #options: SessionOptions;
  #servers: readonly ServerAddress[];
  readonly #exchange = new Exchange();
  readonly #listeners = new Set<(state: ClientState) => void>();
  #state: ClientState = { kind: 'disconnected', reason: null };
  #credentials: SessionCredentials = noSession;
  #timeoutMs: number;
  #link: Link | null = null;
  #nextServer = 0;
  /** Attempts since the last connection. */
  #attempts = 0;
  #retryTimer: NodeJS.Timeout | null = null;
  #ticker: NodeJS.Timeout | null = null;
  #closing = false;
  #closed: (() => void) | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#servers = shuffled(options.servers);
    this.#timeoutMs = options.sessionTimeoutMs;
  }

  get state(): ClientState {
    return this.#state;
  }

  /** 0 before the first connection. */
  get id(): SessionId {
    return sessionIdOf(this.#credentials);
  }

  /** As the server granted it. */
  get timeoutMs(): number {
    return this.#timeoutMs;
  }

  /** Requests not sent yet. */
  get waiting(): number {
    return this.#exchange.waiting;
  }

  /** True when nothing can be asked any more. */
  get over(): 'sessionExpired' | 'clientClosed' | null {
    if (this.#closing || this.#state.kind === 'closed') return 'clientClosed';
    return this.#state.kind === 'expired' && this.#options.onExpiry === 'stop' ? 'sessionExpired' : null;
  }

  start(): void {
    this.#ticker = setInterval(() => this.#tick(), tickMs);
    this.#connect();
  }

  /** Where to connect from now on; a connection that stands is kept. Not empty. */
  setServers(servers: readonly ServerAddress[]): void {
    this.#servers = shuffled(servers);
  }

  onState(listener: (state: ClientState) => void): Stop {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  submit(call: Call): void {
    if (call.request.kind === 'auth') this.#exchange.submitCredential(call);
    else this.#exchange.submit(call);
  }

  /** Ends the session on the server if one is connected, after everything asked before. */
  close(deadlineMs: number): Promise<void> {
    if (this.#closing || this.#state.kind === 'closed') return Promise.resolve();
    this.#closing = true;
    const closed = new Promise<void>((resolve) => {
      this.#closed = resolve;
    });
    if (this.#state.kind === 'connected') {
      const done = (): void => this.#finish();
      this.#exchange.submit({ request: { kind: 'closeSession' }, watcher: null, deadlineMs, xid: 0, done });
    } else {
      this.#finish();
    }
    return closed;
  }

  #connect(): void {
    const server = this.#servers[this.#nextServer % this.#servers.length];
    if (server === undefined) return;
    this.#nextServer += 1;
    this.#attempts += 1;
    const link: Link = openLink({
      server,
      hello: encodeConnectRequest({
        lastZxidSeen: this.#exchange.lastZxid,
        timeoutMs: this.#options.sessionTimeoutMs,
        session: this.#credentials,
      }),
      connectTimeoutMs: this.#options.connectTimeoutMs,
      events: {
        opened: (hello) => this.#opened(link, hello),
        received: (frame) => {
          const problem = this.#exchange.receive(frame);
          if (problem !== null) this.#drop(`${formatServer(server)} answered: ${problem}`);
        },
        drained: () => this.#exchange.drained(),
        lost: (reason) => this.#lost(reason),
      },
    });
    this.#link = link;
  }

  #opened(link: Link, hello: ServerHello): void {
    if (hello.timeoutMs <= 0) {
      this.#expire();
      return;
    }
    this.#credentials = hello.session;
    this.#timeoutMs = hello.timeoutMs;
    this.#attempts = 0;
    this.#exchange.attach(link);
    this.#enter({ kind: 'connected', server: link.server });
  }

  #drop(reason: string): void {
    this.#link?.close();
    this.#lost(reason);
  }

  #lost(reason: string): void {
    this.#link = null;
    if (this.#closing) {
      this.#finish();
      return;
    }
    this.#enter({ kind: 'disconnected', reason });
    this.#exchange.detach(reason);
    this.#retry();
  }

  /** The next server at once; a pause once all of them have been tried. */
  #retry(): void {
    // A listener may have closed the client.
    if (this.#closing || this.#retryTimer !== null || this.#link !== null) return;
    const rounds = Math.floor(this.#attempts / this.#servers.length);
    const delayMs =
      rounds === 0 ? 0 : Math.min(retryDelayMinMs * 2 ** (rounds - 1), this.#options.retryDelayMaxMs);
    const jitterMs = delayMs === 0 ? 0 : randomInt(Math.ceil(delayMs / 2));
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = null;
      this.#connect();
    }, delayMs + jitterMs);
  }

  #expire(): void {
    this.#link?.close();
    this.#link = null;
    this.#credentials = noSession;
    const reason = 'the server says that the session has expired';
    if (this.#closing) {
      this.#finish();
      return;
    }
    if (this.#options.onExpiry === 'stop') {
      this.#stopTimers();
      this.#enter({ kind: 'expired' });
      this.#exchange.end('sessionExpired', reason);
      return;
    }
    this.#enter({ kind: 'expired' });
    this.#exchange.renew(reason);
    this.#enter({ kind: 'disconnected', reason });
    this.#retry();
  }

  #finish(): void {
    if (this.#state.kind === 'closed') return;
    this.#stopTimers();
    this.#link?.close();
    this.#link = null;
    this.#enter({ kind: 'closed' });
    this.#exchange.end('clientClosed', 'the client was closed');
    this.#closed?.();
  }

  #tick(): void {
    const nowMs = performance.now();
    this.#exchange.expireCalls(nowMs, this.#state.kind === 'disconnected' ? this.#state.reason : null);
    if (this.#state.kind !== 'connected') return;
    const { sentMs, receivedMs } = this.#exchange.idle(nowMs);
    if (receivedMs > (this.#timeoutMs * 2) / 3) {
      this.#drop(`${formatServer(this.#state.server)} has been silent for ${Math.round(receivedMs)} ms`);
    } else if (sentMs > this.#timeoutMs / 3) {
      this.#exchange.ping();
    }
  }

  /** Another reason to be disconnected is kept, but is no news. */
  #enter(state: ClientState): void {
    const before = this.#state.kind;
    this.#state = state;
    if (state.kind === before) return;
    for (const listener of this.#listeners) listener(state);
  }

  #stopTimers(): void {
    if (this.#ticker !== null) clearInterval(this.#ticker);
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    this.#ticker = null;
    this.#retryTimer = null;
  }
}
