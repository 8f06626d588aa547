import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from './make-folder.ts';

/** Linux has a file system in which nobody makes folders; elsewhere there is none to try. */
const unmakeable = ['/proc'].filter((path) => existsSync(path)).map((path) => join(path, 'muster/data'));

let room: string;
beforeEach(() => {
  room = mkdtempSync(join(tmpdir(), 'muster-make-folder-'));
});
afterEach(() => rmSync(room, { recursive: true, force: true }));

describe('making a folder', () => {
  it('makes the folders above it, for the owner only, and may be repeated', () => {
    const path = join(room, 'one', 'two');
    makeFolder(path);
    makeFolder(path);
    const modes = [join(room, 'one'), path].map((folder) => statSync(folder).mode & 0o777);
    if (process.platform !== 'win32') expect(modes).toEqual([0o700, 0o700]);
    expect(statSync(path).isDirectory()).toBe(true);
  });

  it.each(['file', join('file', 'below')])('says that a file is in the way of %s', (name) => {
    const file = join(room, 'file');
    writeFileSync(file, '');
    expect(() => makeFolder(join(room, name))).toThrow(`${file} is a file, not a folder`);
  });

  it.each(unmakeable)('fails, and comes to an end, where nothing can be made: %s', (path) => {
    expect(() => makeFolder(path)).toThrow('ENOENT');
  });
});
