/** The one window: the console in Chromium's sandbox, unable to go or open anything else. */
import { BrowserWindow, nativeTheme, type Session, type WebContents } from 'electron';
import { isConsoleAddress } from './addresses.ts';

export interface WindowOptions {
  /** Address of the console, its token in the fragment. */
  readonly openUrl: string;
  readonly preloadFile: string;
}

/** The console's own background, so that nothing flashes before its first paint. */
const background = { light: '#ffffff', dark: '#0b0f14' } as const;

/** Opens the window; it shows itself once it has something to show. */
export function openWindow({ openUrl, preloadFile }: WindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 800,
    minHeight: 560,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    webPreferences: {
      preload: preloadFile,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  });
  confine(window.webContents, openUrl);
  denyPermissions(window.webContents.session, openUrl);
  window.once('ready-to-show', () => window.show());
  return window;
}

/** Brings the window forward, as a second start of the application asks for. */
export function focusWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function confine(contents: WebContents, consoleAddress: string): void {
  const stay = (event: { readonly url: string; preventDefault(): void }): void => {
    if (!isConsoleAddress(event.url, consoleAddress)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** The console may put text on the clipboard when it is asked to; nothing else is granted to anyone. */
function denyPermissions(session: Session, consoleAddress: string): void {
  const mayUse = (permission: string, address: string): boolean =>
    permission === 'clipboard-sanitized-write' && isConsoleAddress(address, consoleAddress);
  session.setPermissionRequestHandler((contents, permission, answer) => {
    answer(mayUse(permission, contents.getURL()));
  });
  session.setPermissionCheckHandler((_contents, permission, origin) => mayUse(permission, origin));
  session.setDevicePermissionHandler(() => false);
}
