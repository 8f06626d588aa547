import { describe, expect, it } from 'vitest';
import { batch, entry, type Files, TestDirectory, textOf } from './testing/directory.ts';

/** Without the mark, so that a frame at the end has to speak for itself. */
function afterPowerCut(files: Files, path: string, bytes: Uint8Array): TestDirectory {
  return TestDirectory.of(new Map([...files, [path, bytes] as const].filter(([name]) => name !== 'mark')));
}

describe('a frame', () => {
  it('of another segment, put at the same offset of the last one, is not taken', () => {
    const directory = TestDirectory.create();
    directory.append(directory.opened().wal, batch([entry(1, 'one')]));
    directory.append(directory.opened().wal, batch([entry(2, 'old')]));
    const old = directory.files().get('log/000000000003.wal') as Uint8Array;
    const { wal } = directory.opened();
    const path = 'log/000000000004.wal';
    const start = directory.files().get(path)?.length ?? 0;
    directory.append(wal, batch([entry(2, 'new')]));
    const current = directory.files().get(path) as Uint8Array;
    expect(old.length).toBe(current.length);
    const spliced = new Uint8Array([...current.subarray(0, start), ...old.subarray(start)]);
    const { restored, cut } = afterPowerCut(directory.files(), path, spliced).opened();
    expect(textOf(restored)).toBe(textOf(batch([entry(1, 'one'), entry(2, 'old')])));
    expect(cut).toMatchObject({ file: path, offset: start });
  });

  it('copied behind itself is not taken a second time', () => {
    const directory = TestDirectory.create();
    const { wal } = directory.opened();
    const path = 'log/000000000002.wal';
    const start = directory.files().get(path)?.length ?? 0;
    directory.append(wal, batch([entry(1, 'one')]));
    const bytes = directory.files().get(path) as Uint8Array;
    const doubled = new Uint8Array([...bytes, ...bytes.subarray(start)]);
    const { restored } = afterPowerCut(directory.files(), path, doubled).opened();
    expect(textOf(restored)).toBe(textOf(batch([entry(1, 'one')])));
  });

  it('inside the data of a client is none, so it does not turn a torn tail into a loss', () => {
    const directory = TestDirectory.create();
    const { wal } = directory.opened();
    const path = 'log/000000000002.wal';
    directory.append(wal, batch([entry(1, 'one')]));
    const frames = directory.files().get(path) as Uint8Array;
    directory.append(wal, batch([{ ...entry(2, ''), payload: frames }]));
    const bytes = directory.files().get(path) as Uint8Array;
    const torn = bytes.slice(0, -1).fill(0, frames.length, frames.length + 4);
    const { restored } = afterPowerCut(directory.files(), path, torn).opened();
    expect(restored.votingBound).toBeNull();
    expect(textOf(restored)).toBe(textOf(batch([entry(1, 'one')])));
  });
});

describe('entries that do not follow each other', () => {
  it('are refused, at the start and later: no damage explains them', () => {
    for (const indexes of [[2], [1, 3]]) {
      const directory = TestDirectory.create();
      const { wal } = directory.opened();
      directory.append(wal, batch(indexes.map((index) => entry(index, 'x'))));
      const error = { code: 'corrupt', file: 'log/000000000002.wal' };
      expect(directory.open()).toMatchObject({ ok: false, error });
    }
  });
});
