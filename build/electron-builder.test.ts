// The packaging configuration, judged by electron-builder itself, and the icons it names.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import config from './electron-builder.config.js';
import { repositoryRoot } from './make.js';

const require = createRequire(import.meta.url);
const builderRequire = createRequire(require.resolve('electron-builder/package.json'));
const { validateConfiguration } = builderRequire('app-builder-lib/out/util/config/config');
const { DebugLogger } = builderRequire('builder-util');

const validate = (changes: object): Promise<void> =>
  validateConfiguration({ ...config, ...changes }, new DebugLogger(false));
const icon = (name: string): Buffer => readFileSync(join(repositoryRoot, 'build', name));
const pngSignature = '89504e470d0a1a0a';

describe('the configuration of electron-builder', () => {
  it('is valid', async () => {
    await validate({});
  });

  it('would not be with a name that electron-builder does not know', async () => {
    await expect(validate({ fuses: {} })).rejects.toThrow('fuses');
  });

  it('packs what was built and nothing of node_modules', () => {
    expect(config.files).toContain('dist/**');
    expect(config.files).toContain('!**/node_modules/**');
  });
});

describe('the icons', () => {
  it.each([128, 512, 1024])('hold a PNG of %d pixels', (size) => {
    const png = icon(`icons/${size}x${size}.png`);
    expect(png.subarray(0, 8).toString('hex')).toBe(pngSignature);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size]);
  });

  it('hold for Windows a PNG in each place their directory names', () => {
    const ico = icon('icon.ico');
    const count = ico.readUInt16LE(4);
    const sizes = Array.from({ length: count }, (_, at) => {
      const offset = ico.readUInt32LE(6 + 16 * at + 12);
      expect(ico.subarray(offset, offset + 8).toString('hex')).toBe(pngSignature);
      return ico.readUInt32BE(offset + 16);
    });
    expect(sizes).toEqual([16, 24, 32, 48, 64, 128, 256]);
  });

  it('hold for macOS blocks that fill the file exactly', () => {
    const icns = icon('icon.icns');
    expect(icns.subarray(0, 4).toString()).toBe('icns');
    expect(icns.readUInt32BE(4)).toBe(icns.length);
    const types: string[] = [];
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4))
      types.push(icns.subarray(at, at + 4).toString());
    expect(types).toEqual(['icp4', 'icp5', 'ic07', 'ic08', 'ic09', 'ic10']);
  });
});
