import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultDataFolder, instancesFolder, type Surroundings, stateFolder } from './state-folder.ts';

const linux: Surroundings = { env: {}, platform: 'linux', home: '/home/ada' };

describe('the state folder', () => {
  it.each([
    ['Linux', linux, '/home/ada/.local/state/muster'],
    ['Linux with XDG_STATE_HOME', { ...linux, env: { XDG_STATE_HOME: '/var/ada' } }, '/var/ada/muster'],
    [
      'a relative XDG_STATE_HOME',
      { ...linux, env: { XDG_STATE_HOME: 'ada' } },
      '/home/ada/.local/state/muster',
    ],
    ['macOS', { ...linux, platform: 'darwin' }, '/home/ada/Library/Application Support/Muster'],
    ['Windows', { ...linux, platform: 'win32', env: { LOCALAPPDATA: '/local' } }, '/local/Muster'],
    ['Windows without LOCALAPPDATA', { ...linux, platform: 'win32' }, '/home/ada/AppData/Local/Muster'],
    ['MUSTER_HOME', { ...linux, env: { MUSTER_HOME: '/own' } }, '/own'],
    ['an empty MUSTER_HOME', { ...linux, env: { MUSTER_HOME: '' } }, '/home/ada/.local/state/muster'],
  ] as const)('follows %s', (_case, surroundings, expected) => {
    expect(stateFolder(surroundings)).toBe(join(expected));
  });

  it('makes a relative MUSTER_HOME absolute, and holds data and instances', () => {
    const surroundings = { ...linux, env: { MUSTER_HOME: 'own' } };
    expect(defaultDataFolder(surroundings)).toBe(join(resolve('own'), 'data'));
    expect(instancesFolder(surroundings)).toBe(join(resolve('own'), 'instances'));
  });
});
