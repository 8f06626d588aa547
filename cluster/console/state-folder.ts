/** Where Muster keeps things of its own for one user: running instances, and the default ensemble's data. */
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/** This process's own surroundings. */
export function ownSurroundings(): Surroundings {
  return { env: process.env, platform: process.platform, home: homedir() };
}

/**
 * `MUSTER_HOME` if set, else the platform's place: `%LOCALAPPDATA%\Muster`,
 * `~/Library/Application Support/Muster`, or `muster` under the XDG state folder
 * (XDG Base Directory Specification: a relative XDG_STATE_HOME is to be ignored).
 */
export function stateFolder({ env, platform, home }: Surroundings): string {
  const { MUSTER_HOME: own, LOCALAPPDATA: local, XDG_STATE_HOME: xdg } = env;
  if (own !== undefined && own !== '') return resolve(own);
  if (platform === 'win32') return join(local ?? join(home, 'AppData', 'Local'), 'Muster');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Muster');
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(home, '.local', 'state');
  return join(base, 'muster');
}

/** The ensemble's data folder when none is named. */
export function defaultDataFolder(surroundings: Surroundings): string {
  return join(stateFolder(surroundings), 'data');
}

/** One file per running instance. */
export function instancesFolder(surroundings: Surroundings): string {
  return join(stateFolder(surroundings), 'instances');
}
