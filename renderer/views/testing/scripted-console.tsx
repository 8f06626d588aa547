/** The whole console in a test: real store, real bridge, a scripted server, and a layout that has room. */
import { act, type ReactNode } from 'react';
import { openConsole } from '../../bridge/console.ts';
import { ManualSurroundings } from '../../bridge/testing/manual-surroundings.ts';
import { ScriptedServer, scriptedToken } from '../../bridge/testing/scripted-server.ts';
import { initialPreferences } from '../../store/preferences.ts';
import { initialState } from '../../store/state.ts';
import { createStore } from '../../store/store.ts';
import { noon } from '../../store/testing/samples.ts';
import { App } from '../app.tsx';

export class ScriptedConsole {
  readonly server = new ScriptedServer();
  readonly surroundings = new ManualSurroundings(this.server);
  #stop: () => void = () => undefined;

  /** What to render, for an address with this fragment. */
  open(hash: string, token: string | null = scriptedToken): ReactNode {
    giveRoom();
    localStorage.clear();
    location.hash = hash;
    const store = createStore(initialState(initialPreferences('en', 'light'), noon));
    const opened = openConsole({ store, token, surroundings: this.surroundings });
    this.#stop = opened.stop;
    return <App store={store} operations={opened.operations} />;
  }

  close(): void {
    this.#stop();
    location.hash = '';
  }

  /** Lets time pass, and React draw what came of it. */
  async pass(spanMs: number): Promise<void> {
    await act(() => this.surroundings.pass(spanMs));
  }

  /** Does something on the server's side, and draws what came of it. */
  async play(run: (server: ScriptedServer) => void): Promise<void> {
    run(this.server);
    await this.pass(0);
  }
}

const room = { width: 800, height: 600 } as const;

/** A test's DOM lays nothing out: virtual lists and the picture are told how large they are. */
function giveRoom(): void {
  globalThis.ResizeObserver = RoomyResizeObserver;
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, value: room.height });
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, value: room.width });
}

class RoomyResizeObserver implements ResizeObserver {
  readonly #callback: ResizeObserverCallback;

  constructor(callback: ResizeObserverCallback) {
    this.#callback = callback;
  }

  observe(target: Element): void {
    const size = [{ inlineSize: room.width, blockSize: room.height }];
    const sizes = { borderBoxSize: size, contentBoxSize: size, devicePixelContentBoxSize: size };
    this.#callback([{ target, contentRect: DOMRect.fromRect(room), ...sizes }], this);
  }

  unobserve(): void {
    this.disconnect();
  }

  disconnect(): undefined {
    return undefined;
  }
}
