/** Opening the console in the operator's browser, where there is one. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import open from 'open';

/** How long the opening program is watched for failing at once. */
const failsWithinMs = 1_500;

/** True when the browser was asked to open `address`; false when there is none to ask. */
export async function openInBrowser(address: string): Promise<boolean> {
  if (!mayHaveBrowser()) return false;
  try {
    const opener = await open(address);
    return await new Promise((settle) => {
      const timer = setTimeout(() => settle(true), failsWithinMs);
      const finish = (opened: boolean): void => {
        clearTimeout(timer);
        settle(opened);
      };
      opener.once('error', () => finish(false));
      opener.once('exit', (code) => finish(code === 0));
    });
  } catch {
    return false;
  }
}

/** On Linux the opener needs a desktop to open in, and is often there without one. */
function mayHaveBrowser(): boolean {
  if (process.platform !== 'linux') return true;
  const { DISPLAY: x11, WAYLAND_DISPLAY: wayland, WSL_DISTRO_NAME: wsl, PATH: path } = process.env;
  if (wsl !== undefined) return true;
  if ((x11 ?? '') === '' && (wayland ?? '') === '') return false;
  return (path ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'xdg-open')));
}
