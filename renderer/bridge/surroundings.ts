/** What the bridge needs of the browser, passed in once, so that a test can stand in for it. */
import type { Stop } from '../../cluster/base/scope.ts';

/** The part of a WebSocket that the channel uses. */
export interface Socket {
  send(text: string): void;
  close(): void;
}

export interface SocketListener {
  opened(): void;
  received(text: string): void;
  /** The last call; `code` is the WebSocket close code. */
  closed(code: number): void;
}

export interface Surroundings {
  /** Wall milliseconds of this machine. */
  now(): number;
  /** Calls once, after this many milliseconds. */
  after(delayMs: number, run: () => void): Stop;
  /** A number from 0 up to 1, for spreading retries. */
  random(): number;
  connect(listener: SocketListener): Socket;
}

/** The browser's own clock, timers and WebSocket to `url`. */
export function browserSurroundings(url: string): Surroundings {
  return {
    now: () => Date.now(),
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    random: () => Math.random(),
    connect(listener) {
      const socket = new WebSocket(url);
      socket.addEventListener('open', () => listener.opened());
      socket.addEventListener('message', ({ data }) => listener.received(String(data)));
      socket.addEventListener('close', ({ code }) => listener.closed(code));
      return socket;
    },
  };
}
