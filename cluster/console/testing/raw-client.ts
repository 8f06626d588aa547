/** A WebSocket client that sends anything and remembers what came back. */
import type { ClientRequestArgs } from 'node:http';
import { type ClientOptions, WebSocket } from 'ws';
import { type ClientMessage, type ServerMessage, serverMessage } from '../../api/messages.ts';

const waitTimeoutMs = 5_000;

export class RawClient {
  readonly socket: WebSocket;
  readonly messages: ServerMessage[] = [];
  readonly closed: Promise<number>;
  #waiting: (() => void)[] = [];

  constructor(url: string, options: ClientOptions & ClientRequestArgs = {}) {
    this.socket = new WebSocket(url.replace('http', 'ws'), options);
    this.socket.on('message', (data) => {
      // What the server sends must follow the protocol, whatever the test is about.
      this.messages.push(serverMessage.parse(JSON.parse(String(data))));
      for (const wake of this.#waiting.splice(0)) wake();
    });
    this.socket.on('error', () => undefined);
    this.closed = new Promise((settle) => this.socket.on('close', (code) => settle(code)));
  }

  opened(): Promise<void> {
    if (this.socket.readyState === WebSocket.OPEN) return Promise.resolve();
    return new Promise((settle, reject) => {
      this.socket.once('open', () => settle());
      this.socket.once('error', reject);
    });
  }

  send(message: ClientMessage): void {
    this.socket.send(JSON.stringify(message));
  }

  /** The next message of this kind that was not taken before. */
  async next<Kind extends ServerMessage['kind']>(
    kind: Kind,
  ): Promise<Extract<ServerMessage, { kind: Kind }>> {
    const deadline = Date.now() + waitTimeoutMs;
    for (;;) {
      const at = this.messages.findIndex((message) => message.kind === kind);
      const [found] = at === -1 ? [] : this.messages.splice(at, 1);
      if (found !== undefined) return found as Extract<ServerMessage, { kind: Kind }>;
      if (Date.now() > deadline) throw new Error(`no ${kind} within ${waitTimeoutMs} ms`);
      await this.#more(deadline - Date.now());
    }
  }

  #more(timeoutMs: number): Promise<void> {
    return new Promise((settle) => {
      const timer = setTimeout(settle, timeoutMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        settle();
      });
    });
  }
}
