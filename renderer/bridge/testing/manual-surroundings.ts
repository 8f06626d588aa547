/** Surroundings whose time stands still until told to pass, and whose sockets end at a scripted server. */
import type { Stop } from '../../../cluster/base/scope.ts';
import { noon } from '../../store/testing/samples.ts';
import type { Socket, SocketListener, Surroundings } from '../surroundings.ts';
import type { ScriptedServer } from './scripted-server.ts';

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

export class ManualSurroundings implements Surroundings {
  /** Whether a connection attempt reaches the server. */
  reachable = true;
  /** Whether messages of the server arrive: false plays one that hangs. */
  hangs = false;
  attempts = 0;
  readonly #server: ScriptedServer;
  readonly #timers = new Set<Timer>();
  #nowMs = noon;

  constructor(server: ScriptedServer) {
    this.#server = server;
    server.now = () => this.#nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): Stop {
    const timer = { dueMs: this.#nowMs + delayMs, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  random(): number {
    return 0.5;
  }

  connect(listener: SocketListener): Socket {
    this.attempts += 1;
    if (!this.reachable) {
      queueMicrotask(() => listener.closed(1006));
      return { send: () => undefined, close: () => undefined };
    }
    const connection = this.#server.accept({
      send: (text) => {
        if (!this.hangs) queueMicrotask(() => listener.received(text));
      },
      close: (code) => listener.closed(code),
    });
    queueMicrotask(() => listener.opened());
    return {
      send: (text) => connection.received(text),
      close: () => {
        connection.closed();
        listener.closed(1000);
      },
    };
  }

  /** Lets time pass, running what falls due, in order. */
  async pass(spanMs: number): Promise<void> {
    const untilMs = this.#nowMs + spanMs;
    for (;;) {
      await settled();
      const [next] = [...this.#timers]
        .filter(({ dueMs }) => dueMs <= untilMs)
        .sort((a, b) => a.dueMs - b.dueMs);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.run();
    }
    this.#nowMs = untilMs;
    await settled();
  }
}

/** After what is under way in microtasks. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
}
