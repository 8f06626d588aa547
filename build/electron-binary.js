// Finds the Electron binary without requiring `electron`, whose first require downloads it and has no deadline.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Surroundings
 * @property {string} packageFolder where the package `electron` is installed
 * @property {Readonly<Record<string, string | undefined>>} env
 * @property {NodeJS.Platform} platform
 * @property {number | null} userId null where the system has no user ids
 */

/** @typedef {{ readonly kind: 'found', readonly file: string } | { readonly kind: 'missing', readonly why: string }} Found */

/** Where the binary lies below Electron's folder. @param {NodeJS.Platform} platform */
function defaultName(platform) {
  switch (platform) {
    case 'darwin':
      return 'Electron.app/Contents/MacOS/Electron';
    case 'win32':
      return 'electron.exe';
    default:
      return 'electron';
  }
}

/** The name that Electron's installer recorded, or the platform's own. @param {Surroundings} surroundings */
function binaryName({ packageFolder, platform }) {
  const recorded = join(packageFolder, 'path.txt');
  return existsSync(recorded) ? readFileSync(recorded, 'utf8').trim() : defaultName(platform);
}

/** @param {Surroundings} surroundings */
export function electronFile(surroundings) {
  const folder = surroundings.env['ELECTRON_OVERRIDE_DIST_PATH'] || join(surroundings.packageFolder, 'dist');
  return join(folder, binaryName(surroundings));
}

/** @param {Surroundings} surroundings */
function hasDisplay({ env, platform }) {
  return platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}

/**
 * The Electron binary, or why the console opens in the browser instead.
 * @param {Surroundings} surroundings @returns {Found}
 */
export function findElectron(surroundings) {
  const file = electronFile(surroundings);
  if (!existsSync(file))
    return { kind: 'missing', why: 'no Electron binary here (npx install-electron fetches one)' };
  if (!hasDisplay(surroundings)) return { kind: 'missing', why: 'no display for Electron' };
  if (surroundings.platform === 'linux' && surroundings.userId === 0)
    return { kind: 'missing', why: 'Electron keeps its sandbox, which root cannot have' };
  return { kind: 'found', file };
}

/** The surroundings of this process. @param {string} repositoryRoot @returns {Surroundings} */
export function ownSurroundings(repositoryRoot) {
  return {
    packageFolder: join(repositoryRoot, 'node_modules/electron'),
    env: process.env,
    platform: process.platform,
    userId: process.getuid?.() ?? null,
  };
}
