import { describe, expect, it } from 'vitest';
import { clusterId, incarnation, memberId } from '../base/ids.ts';
import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts';
import { checksummedText } from './checksummed-text.ts';
import { readIdentity } from './identity.ts';
import { initialise } from './initialise.ts';
import { openWal } from './open.ts';
import { identity, TestDirectory } from './testing/directory.ts';

describe('a data directory', () => {
  it('knows whose it is once it was initialised', () => {
    expect(readIdentity(TestDirectory.create().disk())).toEqual({ ok: true, value: identity });
  });

  it('says so in words a person can read', () => {
    const file = TestDirectory.create().files().get('identity') ?? new Uint8Array();
    expect(decodeUtf8(file)).toMatch(
      /^muster data directory 2\ncluster c1\nmember 1\nincarnation abcdef\nchecksum [0-9a-f]{8}\n$/,
    );
  });

  it('keeps the largest ids', () => {
    const largest = {
      cluster: clusterId(2 ** 48 - 1),
      member: memberId(255),
      incarnation: incarnation(2 ** 48 - 1),
    };
    const disk = new TestDirectory().disk();
    expect(initialise(disk, largest, null)).toEqual({ ok: true, value: null });
    expect(readIdentity(disk)).toEqual({ ok: true, value: largest });
  });

  it('is not initialised over anything that is there', () => {
    const disk = new TestDirectory().disk();
    disk.replace('notes.txt', encodeUtf8('mine'));
    expect(initialise(disk, identity, null)).toMatchObject({
      ok: false,
      error: { code: 'alreadyInitialised', file: 'notes.txt' },
    });
    expect(disk.list('')).toEqual(['notes.txt']);
    expect(initialise(TestDirectory.create().disk(), identity, null).ok).toBe(false);
  });

  it('with nothing in it is not taken for a new one', () => {
    const directory = new TestDirectory();
    expect(directory.open()).toMatchObject({ ok: false, error: { code: 'notInitialised' } });
    expect(directory.files().size).toBe(0);
  });

  it('of another member or another cluster is refused, and left as it is', () => {
    const directory = TestDirectory.create();
    const before = directory.files();
    for (const stranger of [
      { ...identity, member: memberId(2) },
      { ...identity, cluster: clusterId(7) },
    ]) {
      expect(openWal(directory.disk(), stranger)).toMatchObject({
        ok: false,
        error: { code: 'foreign', file: 'identity' },
      });
    }
    expect(directory.files()).toEqual(before);
  });

  it('of another version is not called damaged', () => {
    const disk = new TestDirectory().disk();
    disk.replace('identity', checksummedText('muster data directory 9\nof another kind\n', 0));
    expect(readIdentity(disk)).toMatchObject({ ok: false, error: { code: 'otherFormat' } });
  });
});
