/** The desktop shell: starts or finds the ensemble, shows its console, and stops the members on leaving. */
import { fileURLToPath } from 'node:url';
import { app, type BrowserWindow } from 'electron';
import { answerPage, installMenu, tellFailure } from './desktop.ts';
import { createHost, type Host } from './host.ts';
import { createQuit } from './quitting.ts';
import { parseShellOptions, type ShellOptions } from './shell-options.ts';
import { focusWindow, openWindow } from './window.ts';

/** The members stop in under a second; past this they are killed. */
const quitDeadlineMs = 5_000;
const preloadFile = fileURLToPath(new URL('./preload.cjs', import.meta.url));

class Shell {
  readonly #host: Host;
  #window: BrowserWindow;

  constructor(host: Host) {
    this.#host = host;
    this.#window = this.#open();
    answerPage(host);
    installMenu(host, (fragment) => this.#show(fragment));
    app.on('second-instance', () => focusWindow(this.#shown()));
    app.on('activate', () => focusWindow(this.#shown()));
    app.on('window-all-closed', () => {
      // On a Mac an application outlives its windows, and the ensemble with it.
      if (process.platform !== 'darwin') app.quit();
    });
    const quit = createQuit({
      close: async () => host.instance?.close(),
      kill: () => host.instance?.kill(),
      exit: (code) => app.exit(code),
      deadlineMs: quitDeadlineMs,
    });
    app.on('before-quit', (event) => {
      event.preventDefault();
      void quit();
    });
  }

  #open(): BrowserWindow {
    const window = openWindow({ openUrl: this.#host.openUrl, preloadFile });
    window.loadURL(this.#host.openUrl).catch((failure: unknown) => {
      tellFailure({
        what: 'The console could not be shown.',
        meaning: `Its page did not load: ${String(failure)}`,
        todo: `Open ${this.#host.openUrl} in a browser.`,
      });
    });
    return window;
  }

  /** The window, opened again if it was closed. */
  #shown(): BrowserWindow {
    if (this.#window.isDestroyed()) this.#window = this.#open();
    return this.#window;
  }

  #show(fragment: string): void {
    const window = this.#shown();
    focusWindow(window);
    // The page follows its fragment; the path and the token it keeps stay as they are.
    void window.webContents.executeJavaScript(`location.hash = ${JSON.stringify(fragment)}`);
  }
}

async function begin(options: ShellOptions): Promise<void> {
  await app.whenReady();
  const host = await createHost(options);
  if (host.ok) {
    new Shell(host.value);
    return;
  }
  tellFailure(host.error);
  app.exit(1);
}

app.enableSandbox();
const options = parseShellOptions(process.argv.slice(1));
if (!options.ok) {
  process.stderr.write(`muster: ${options.error}\n`);
  app.exit(2);
} else if (!app.requestSingleInstanceLock()) {
  app.quit();
} else {
  void begin(options.value);
}
