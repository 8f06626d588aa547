import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findElectron, type Surroundings } from './electron-binary.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-electron-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, content = ''): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

const desktop = (changes: Partial<Surroundings> = {}): Surroundings => ({
  packageFolder: folder,
  env: { DISPLAY: ':0' },
  platform: 'linux',
  userId: 1000,
  ...changes,
});

describe('finding Electron', () => {
  it('says how to fetch a binary that was never downloaded', () => {
    expect(findElectron(desktop())).toEqual({
      kind: 'missing',
      why: 'no Electron binary here (npx install-electron fetches one)',
    });
  });

  it.each([
    ['linux', 'dist/electron'],
    ['darwin', 'dist/Electron.app/Contents/MacOS/Electron'],
    ['win32', 'dist/electron.exe'],
  ] as const)('knows where %s keeps it', (platform, path) => {
    const file = put(path);
    expect(findElectron(desktop({ platform }))).toEqual({ kind: 'found', file });
  });

  it('trusts the name the installer recorded', () => {
    put('path.txt', 'electron-nightly\n');
    const file = put('dist/electron-nightly');
    expect(findElectron(desktop())).toEqual({ kind: 'found', file });
  });

  it('prefers the folder the user names', () => {
    put('dist/electron');
    const file = put('mine/electron');
    const env = { DISPLAY: ':0', ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'mine') };
    expect(findElectron(desktop({ env }))).toEqual({ kind: 'found', file });
  });

  it('needs a display on Linux, X11 or Wayland, and none elsewhere', () => {
    const file = put('dist/electron');
    expect(findElectron(desktop({ env: {} }))).toEqual({ kind: 'missing', why: 'no display for Electron' });
    expect(findElectron(desktop({ env: { WAYLAND_DISPLAY: 'wayland-0' } }))).toEqual({ kind: 'found', file });
    const mac = put('dist/Electron.app/Contents/MacOS/Electron');
    expect(findElectron(desktop({ env: {}, platform: 'darwin' }))).toEqual({ kind: 'found', file: mac });
  });

  it('does not run as root, which would cost the sandbox', () => {
    put('dist/electron');
    expect(findElectron(desktop({ userId: 0 })).kind).toBe('missing');
  });
});
