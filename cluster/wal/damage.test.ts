import { describe, expect, it } from 'vitest';
import { incarnation } from '../base/ids.ts';
import type { PersistBatch } from '../ports/consensus.ts';
import { initialise } from './initialise.ts';
import { batch, entry, type Files, identity, TestDirectory, textOf } from './testing/directory.ts';

const appends: readonly PersistBatch[] = [
  batch([entry(1, 'one'), entry(2, 'two')], 'vote A'),
  batch([entry(3, 'three')]),
  batch([entry(3, 'three again', 2), entry(4, 'four', 2)], 'vote B'),
];
const [first, earlier, last] = [1, 2, 3].map((sequence) => `log/00000000000${sequence}.wal`) as [
  string,
  string,
  string,
];

interface Written {
  readonly files: Files;
  /** What the log held when it was opened last and after each append since, with the last segment's length. */
  readonly states: readonly { readonly text: string; readonly bytes: number }[];
}

/** A log of two lives: one append in the first, the others in the second, which was killed or closed. */
function write(ending: 'killed' | 'closed'): Written {
  const directory = TestDirectory.create();
  const before = directory.opened();
  directory.append(before.wal, appends[0] as PersistBatch);
  const { wal, restored } = directory.opened();
  const states = [{ text: textOf(restored), bytes: sizeOf(directory.files(), last) }];
  let held: PersistBatch = restored;
  for (const added of appends.slice(1)) {
    directory.append(wal, added);
    const from = added.entries[0]?.index ?? 1;
    held = {
      hardState: added.hardState ?? held.hardState,
      entries: [...held.entries.slice(0, from - 1), ...added.entries],
    };
    states.push({ text: textOf(held), bytes: sizeOf(directory.files(), last) });
  }
  if (ending === 'closed') wal.close();
  return { files: directory.files(), states };
}

function sizeOf(files: Files, path: string): number {
  return files.get(path)?.length ?? 0;
}

function changed(files: Files, path: string, bytes: Uint8Array): Files {
  return new Map([...files, [path, bytes]]);
}

function without(files: Files, path: string): Files {
  return new Map([...files].filter(([name]) => name !== path));
}

/** The restored log as text, or the code of the refusal and the file it names. */
function outcomeOf(files: Files): string {
  const opened = TestDirectory.of(files).open();
  return opened.ok ? textOf(opened.value.restored) : `${opened.error.code} ${opened.error.file}`;
}

function* bitFlips(bytes: Uint8Array): Generator<{ readonly at: number; readonly flipped: Uint8Array }> {
  for (let at = 0; at < bytes.length; at += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const flipped = bytes.slice();
      flipped[at] = (flipped[at] as number) ^ (1 << bit);
      yield { at, flipped };
    }
  }
}

const killed = write('killed');
const closed = write('closed');
const lastFrameAt = killed.states.at(-2)?.bytes ?? 0;
const end = killed.states.at(-1)?.bytes ?? 0;

describe('a log whose last segment was cut short', () => {
  it('of a killed member is a clean prefix of what was appended, and says what was cut', () => {
    const bytes = killed.files.get(last) as Uint8Array;
    for (let length = killed.states[0]?.bytes ?? 0; length <= end; length += 1) {
      const opened = TestDirectory.of(changed(killed.files, last, bytes.subarray(0, length))).opened();
      const state = killed.states.findLast(({ bytes: whole }) => whole <= length);
      expect({ length, text: textOf(opened.restored), cut: opened.cut }).toEqual({
        length,
        text: state?.text,
        cut:
          state?.bytes === length
            ? null
            : { file: last, offset: state?.bytes, bytes: length - (state?.bytes ?? 0) },
      });
    }
  });

  it('is cut durably: the next opening finds nothing to cut', () => {
    const bytes = killed.files.get(last) as Uint8Array;
    const directory = TestDirectory.of(changed(killed.files, last, bytes.subarray(0, end - 1)));
    const { wal, cut } = directory.opened();
    expect(cut).toMatchObject({ file: last, offset: lastFrameAt });
    directory.append(wal, batch([entry(4, 'new four', 3)]));
    directory.crash();
    expect(directory.opened()).toMatchObject({ cut: null, life: 4 });
  });

  it('before its first append is refused: a segment comes into being whole', () => {
    const bytes = killed.files.get(last) as Uint8Array;
    for (let length = 0; length < (killed.states[0]?.bytes ?? 0); length += 1) {
      expect(outcomeOf(changed(killed.files, last, bytes.subarray(0, length)))).toBe(`corrupt ${last}`);
    }
  });

  it('of a member that was closed in good order is refused', () => {
    const bytes = closed.files.get(last) as Uint8Array;
    for (let length = 0; length < end; length += 1) {
      expect(outcomeOf(changed(closed.files, last, bytes.subarray(0, length)))).toBe(`corrupt ${last}`);
    }
  });
});

describe('damage to any bit', () => {
  it('of a member closed in good order is refused by the name of its file', () => {
    for (const [path, bytes] of closed.files) {
      for (const { at, flipped } of bitFlips(bytes)) {
        const outcome = outcomeOf(changed(closed.files, path, flipped));
        expect({ path, at, outcome }).toEqual({ path, at, outcome: `corrupt ${path}` });
      }
    }
  });

  it('of a killed member is refused too, but for its last append, which is dropped whole', () => {
    for (const [path, bytes] of killed.files) {
      for (const { at, flipped } of bitFlips(bytes)) {
        const outcome = outcomeOf(changed(killed.files, path, flipped));
        const ambiguous = path === last && at >= lastFrameAt;
        const expected = ambiguous ? killed.states.at(-2)?.text : `corrupt ${path}`;
        expect({ path, at, outcome }).toEqual({ path, at, outcome: expected });
      }
    }
  });

  it('is refused with the place, its meaning and what to do, and changes nothing', () => {
    const bytes = (closed.files.get(last) as Uint8Array).slice();
    bytes[lastFrameAt + 30] = (bytes[lastFrameAt + 30] as number) ^ 0xff;
    const directory = TestDirectory.of(changed(closed.files, last, bytes));
    const before = directory.files();
    const opened = directory.open();
    expect(opened).toMatchObject({ ok: false, error: { code: 'corrupt', file: last, offset: lastFrameAt } });
    if (!opened.ok) {
      expect(opened.error.meaning).toContain('must not vote');
      expect(opened.error.todo).toContain('begin a new ensemble');
    }
    expect(directory.files()).toEqual(before);
  });
});

describe('damage to more than a bit', () => {
  it('is refused when a small file was cut short or emptied', () => {
    for (const path of ['identity', 'log-end']) {
      const bytes = closed.files.get(path) as Uint8Array;
      for (let length = 0; length < bytes.length; length += 1) {
        expect(outcomeOf(changed(closed.files, path, bytes.subarray(0, length)))).toBe(`corrupt ${path}`);
      }
    }
  });

  it('in front of a whole frame is refused, however long it is', () => {
    const bytes = killed.files.get(last) as Uint8Array;
    const from = killed.states[0]?.bytes ?? 0;
    for (let to = from + 1; to <= lastFrameAt; to += 1) {
      const wiped = bytes.slice().fill(0, from, to);
      expect(outcomeOf(changed(killed.files, last, wiped))).toBe(`corrupt ${last}`);
    }
  });

  it('is refused when anything stands behind a damaged frame of known length', () => {
    const bytes = killed.files.get(last) as Uint8Array;
    const damaged = bytes.slice(0, lastFrameAt + 1);
    damaged[lastFrameAt - 1] = (damaged[lastFrameAt - 1] as number) ^ 1;
    expect(outcomeOf(changed(killed.files, last, damaged))).toBe(`corrupt ${last}`);
  });

  it('to an earlier segment is never a torn tail', () => {
    const bytes = killed.files.get(earlier) as Uint8Array;
    for (let length = 0; length < bytes.length; length += 1) {
      expect(outcomeOf(changed(killed.files, earlier, bytes.subarray(0, length)))).toMatch(/^corrupt log/);
    }
  });

  it('to an earlier segment is noticed even when it ends with a whole frame and no entry is lost', () => {
    const directory = TestDirectory.create();
    const { wal } = directory.opened();
    directory.append(wal, batch([entry(1, 'one')], 'vote A'));
    const withoutTheVote = directory.files().get(earlier) as Uint8Array;
    directory.append(wal, batch([], 'vote B'));
    const { wal: next } = directory.opened();
    directory.append(next, batch([entry(2, 'two')]));
    expect(outcomeOf(changed(directory.files(), earlier, withoutTheVote))).toBe(`corrupt ${last}`);
  });

  it('is not hidden by zeros where the last append should be', () => {
    const bytes = killed.files.get(last) as Uint8Array;
    const torn = bytes.slice().fill(0, lastFrameAt);
    expect(outcomeOf(changed(killed.files, last, torn))).toBe(killed.states.at(-2)?.text);
    expect(outcomeOf(changed(closed.files, last, torn))).toBe(`corrupt ${last}`);
  });
});

describe('a missing or foreign file', () => {
  it('is named', () => {
    for (const path of killed.files.keys()) {
      const code = path === 'identity' ? 'notInitialised' : 'missing';
      expect(outcomeOf(without(killed.files, path))).toBe(`${code} ${path}`);
    }
  });

  it('is noticed when the whole log is gone', () => {
    const files = new Map([...killed.files].filter(([path]) => !path.startsWith('log/')));
    expect(outcomeOf(files)).toBe(`missing ${first}`);
  });

  it('does not pass as a segment of this directory', () => {
    const other = TestDirectory.of(new Map());
    expect(initialise(other.disk(), { ...identity, incarnation: incarnation(99) }, null).ok).toBe(true);
    const stranger = other.files().get(first) as Uint8Array;
    expect(outcomeOf(changed(killed.files, first, stranger))).toBe(`foreign ${first}`);
    const moved = killed.files.get(earlier) as Uint8Array;
    expect(outcomeOf(changed(killed.files, last, moved))).toBe(`foreign ${last}`);
  });

  it('that is only half made is ignored: its rename never happened', () => {
    const files = changed(killed.files, 'log/000000000004.wal.new', new Uint8Array([1, 2, 3]));
    expect(outcomeOf(files)).toBe(killed.states.at(-1)?.text);
  });
});

describe('a frame', () => {
  it('of another segment, put at the same offset of the last one, is not taken', () => {
    const directory = TestDirectory.create();
    directory.append(directory.opened().wal, batch([entry(1, 'one')], 'vote'));
    directory.append(directory.opened().wal, batch([entry(2, 'old')]));
    const { wal } = directory.opened();
    const start = sizeOf(directory.files(), 'log/000000000004.wal');
    directory.append(wal, batch([entry(2, 'new')]));
    const files = directory.files();
    const [old, current] = [files.get(last), files.get('log/000000000004.wal')] as [Uint8Array, Uint8Array];
    expect(old.length).toBe(current.length);
    const spliced = new Uint8Array([...current.subarray(0, start), ...old.subarray(start)]);
    expect(outcomeOf(changed(files, 'log/000000000004.wal', current))).toBe(
      textOf(batch([entry(1, 'one'), entry(2, 'new')], 'vote')),
    );
    expect(outcomeOf(changed(files, 'log/000000000004.wal', spliced))).toBe(
      textOf(batch([entry(1, 'one'), entry(2, 'old')], 'vote')),
    );
    expect(TestDirectory.of(changed(files, 'log/000000000004.wal', spliced)).opened().cut).not.toBeNull();
  });

  it('copied behind itself is not taken a second time', () => {
    const bytes = killed.files.get(last) as Uint8Array;
    const doubled = new Uint8Array([...bytes, ...bytes.subarray(lastFrameAt)]);
    expect(outcomeOf(changed(killed.files, last, doubled))).toBe(killed.states.at(-1)?.text);
  });

  it('inside the data of a client is none, so it does not turn a torn tail into corruption', () => {
    const directory = TestDirectory.create();
    const { wal } = directory.opened();
    directory.append(wal, batch([entry(1, 'one')]));
    const frames = directory.files().get(earlier) as Uint8Array;
    const hostile = { ...entry(2, ''), payload: frames };
    directory.append(wal, batch([hostile]));
    const bytes = directory.files().get(earlier) as Uint8Array;
    const torn = bytes.slice(0, -1).fill(0, frames.length, frames.length + 4);
    expect(outcomeOf(changed(directory.files(), earlier, torn))).toBe(textOf(batch([entry(1, 'one')])));
  });
});

describe('entries that do not follow each other', () => {
  it('are refused, at the start and later', () => {
    for (const indexes of [[2], [1, 3]]) {
      const directory = TestDirectory.create();
      const { wal } = directory.opened();
      directory.append(wal, batch(indexes.map((index) => entry(index, 'x'))));
      expect(directory.open()).toMatchObject({ ok: false, error: { code: 'corrupt', file: earlier } });
    }
  });
});
