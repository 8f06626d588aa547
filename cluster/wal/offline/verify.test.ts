import { describe, expect, it } from 'vitest';
import { logIndex } from '../../base/ids.ts';
import { type Files, TestDirectory } from '../testing/directory.ts';
import { tellStory } from '../testing/scenario.ts';
import { inspectWal } from './inspect.ts';
import { verifyWal } from './verify.ts';

const story: Files = (() => {
  const directory = TestDirectory.create();
  tellStory(directory, 'closed');
  return directory.files();
})();

function damagedAt(path: string, at: number): TestDirectory {
  const bytes = (story.get(path) as Uint8Array).slice();
  bytes[at] = (bytes[at] as number) ^ 0x10;
  return TestDirectory.of(new Map([...story, [path, bytes]]));
}

describe('inspecting a directory', () => {
  it('tells what it holds, and changes nothing', () => {
    const directory = TestDirectory.of(story);
    const before = directory.files();
    const inspected = inspectWal(directory.disk());
    if (!inspected.ok) throw new Error(inspected.error.what);
    const found = inspected.value;
    expect(found).toMatchObject({
      lives: 3,
      base: { index: 0 },
      last: { index: 10, term: 3 },
      votingBound: null,
      fenced: null,
      torn: null,
      findings: [],
    });
    expect(found.snapshots.list().map(({ index }) => index)).toEqual([4, 2]);
    expect(found.entries(logIndex(9), 5).map(({ index }) => index)).toEqual([9, 10]);
    expect(directory.files()).toEqual(before);
  });
});

describe('verifying a directory', () => {
  it('finds nothing in a whole one', () => {
    expect(verifyWal(TestDirectory.of(story).disk())).toEqual({
      isWhole: true,
      findings: [],
      refusal: null,
    });
  });

  it('tells of files that were set aside, not of folders whose files are gone', () => {
    const aside = new Map([['damaged/2/log-000000000001.wal', new Uint8Array(9)]]);
    const disk = TestDirectory.of(new Map([...story, ...aside])).disk();
    // Real disks keep a folder's name when its files are gone; this one forgets it.
    const list = disk.list.bind(disk);
    disk.list = (folder) => (folder === 'damaged' ? ['1', ...list(folder)] : list(folder));
    expect(verifyWal(disk)).toMatchObject({
      isWhole: true,
      findings: [{ file: 'damaged/2', outcome: 'none' }],
    });
  });

  it('reports damage anywhere but in the mark, which promises nothing, and changes nothing', () => {
    for (const [path, bytes] of story) {
      if (path === 'mark') continue;
      for (let at = 0; at < bytes.length; at += 7) {
        const directory = damagedAt(path, at);
        const before = directory.files();
        const { findings, isWhole } = verifyWal(directory.disk());
        expect({ path, at, isWhole, files: findings.map(({ file }) => file) }).toEqual({
          path,
          at,
          isWhole: false,
          files: [path],
        });
        expect(directory.files()).toEqual(before);
      }
    }
  });

  it('says why a member would not start, and what to do', () => {
    const { refusal } = verifyWal(new TestDirectory().disk());
    expect(refusal).toMatchObject({ code: 'notInitialised' });
  });

  it('tells a fence and what lies around from damage', () => {
    const directory = TestDirectory.of(story);
    const { wal } = directory.opened();
    wal.fence('digest differs at 5');
    wal.close();
    directory.disk().replace('snapshots/000000000000099-0000003.snap.part', new Uint8Array(5));
    const { findings } = verifyWal(directory.disk());
    expect(findings.map(({ file, outcome }) => `${file} ${outcome}`)).toEqual([
      'fence refuse',
      'snapshots/000000000000099-0000003.snap.part none',
    ]);
    expect(directory.opened().fenced).toBe('digest differs at 5');
  });
});
