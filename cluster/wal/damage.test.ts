import { describe, expect, it } from 'vitest';
import { incarnation } from '../base/ids.ts';
import { initialise } from './initialise.ts';
import { batch, entry, type Files, identity, TestDirectory, textOf } from './testing/directory.ts';
import { Ledger } from './testing/ledger.ts';
import { write } from './testing/scenario.ts';

const [first, earlier, last] = [1, 2, 3].map((sequence) => `log/00000000000${sequence}.wal`) as [
  string,
  string,
  string,
];

interface Written {
  readonly files: Files;
  readonly ledger: Ledger;
  /** The last segment's length, and what the log held then: when it was begun and after each append. */
  readonly states: readonly { readonly text: string; readonly bytes: number }[];
}

/** A log of two lives. Without a mark: that of a member whose machine lost power. */
function tell(ending: 'powerCut' | 'killed' | 'closed'): Written {
  const directory = TestDirectory.create();
  const ledger = new Ledger();
  write(directory, ledger, directory.opened().wal, batch([entry(1, 'one'), entry(2, 'two')], 'vote A'));
  const { wal } = directory.opened();
  const states = [stateOf(directory, ledger)];
  for (const added of [
    batch([], 'vote B'),
    batch([entry(3, 'three')]),
    batch([entry(3, 'three again', 2), entry(4, 'four', 2)]),
  ]) {
    write(directory, ledger, wal, added);
    states.push(stateOf(directory, ledger));
  }
  if (ending === 'closed') wal.close();
  const files = directory.files();
  return { files: ending === 'powerCut' ? without(files, 'mark') : files, ledger, states };
}

function stateOf(
  directory: TestDirectory,
  ledger: Ledger,
): { readonly text: string; readonly bytes: number } {
  const { entries, hardState } = ledger.held;
  return { text: textOf({ entries, hardState }), bytes: directory.files().get(last)?.length ?? 0 };
}

function changed(files: Files, path: string, bytes: Uint8Array): Files {
  return new Map([...files, [path, bytes]]);
}

function without(files: Files, path: string): Files {
  return new Map([...files].filter(([name]) => name !== path));
}

/** The restored log as text; what a repair is bounded by; or the code of the refusal and the file it names. */
function outcomeOf(files: Files): string {
  const opened = TestDirectory.of(files).open();
  if (!opened.ok) return `${opened.error.code} ${opened.error.file}`;
  const { restored, damage } = opened.value;
  const bound = restored.votingBound;
  if (bound === null) return textOf(restored);
  const [finding] = damage?.findings ?? [];
  return `${finding?.file} repaired to ${bound.kind === 'point' ? `${bound.index}.${bound.term}` : bound.kind}`;
}

const powerCut = tell('powerCut');
const killed = tell('killed');
const closed = tell('closed');
const end = powerCut.states.at(-1)?.bytes ?? 0;
const lastFrameAt = powerCut.states.at(-2)?.bytes ?? 0;
/** Up to here the second copy of the vote knows that the log was durable. */
const votedAt = powerCut.states[1]?.bytes ?? 0;

describe('a last segment that was cut short', () => {
  it('by a power cut is a clean prefix of what was appended, and says what was cut', () => {
    const bytes = powerCut.files.get(last) as Uint8Array;
    for (let length = votedAt; length <= end; length += 1) {
      const { restored, cut } = TestDirectory.of(
        changed(powerCut.files, last, bytes.subarray(0, length)),
      ).opened();
      const state = powerCut.states.findLast(({ bytes: whole }) => whole <= length);
      const rest = length - (state?.bytes ?? 0);
      expect({ length, text: textOf(restored), cut }).toEqual({
        length,
        text: state?.text,
        cut: rest === 0 ? null : { file: last, offset: state?.bytes, bytes: rest },
      });
    }
  });

  it('is cut durably: the next opening finds nothing to cut', () => {
    const bytes = powerCut.files.get(last) as Uint8Array;
    const directory = TestDirectory.of(changed(powerCut.files, last, bytes.subarray(0, end - 1)));
    const { wal, cut } = directory.opened();
    expect(cut).toMatchObject({ file: last, offset: lastFrameAt });
    directory.append(wal, batch([entry(4, 'new four', 3)]));
    directory.crash();
    expect(directory.opened()).toMatchObject({ cut: null, damage: null, life: 4 });
  });

  it('before the last vote is a loss: the second copy of the vote remembers more', () => {
    const bytes = powerCut.files.get(last) as Uint8Array;
    for (let length = 0; length < votedAt; length += 1)
      expect(outcomeOf(changed(powerCut.files, last, bytes.subarray(0, length)))).toBe(
        `${last} repaired to unknown`,
      );
  });

  it('although its member was only killed is a loss: the mark remembers every append', () => {
    const bytes = killed.files.get(last) as Uint8Array;
    for (let length = 0; length < end; length += 1)
      expect(outcomeOf(changed(killed.files, last, bytes.subarray(0, length)))).toBe(
        `${last} repaired to unknown`,
      );
  });

  it('although the log was closed in good order is a loss, and exactly bounded', () => {
    const bytes = closed.files.get(last) as Uint8Array;
    for (let length = 0; length < end; length += 1)
      expect(outcomeOf(changed(closed.files, last, bytes.subarray(0, length)))).toBe(
        `${last} repaired to 4.2`,
      );
  });

  it('by zeros where the last append should be is told from a torn one by the mark', () => {
    const torn = (powerCut.files.get(last) as Uint8Array).slice().fill(0, lastFrameAt);
    expect(outcomeOf(changed(powerCut.files, last, torn))).toBe(powerCut.states.at(-2)?.text);
    expect(outcomeOf(changed(killed.files, last, torn))).toBe(`${last} repaired to 4.2`);
  });

  it('by a process that was killed while it wrote is cut, and nothing is lost', () => {
    const bytes = killed.files.get(last) as Uint8Array;
    const written = new Uint8Array([...bytes, ...bytes.subarray(lastFrameAt, end - 1)]);
    expect(outcomeOf(changed(killed.files, last, written))).toBe(killed.states.at(-1)?.text);
  });
});

describe('damage to more than a bit', () => {
  it('in front of a whole frame is a loss, however long it is', () => {
    const bytes = powerCut.files.get(last) as Uint8Array;
    const from = powerCut.states[0]?.bytes ?? 0;
    for (let to = from + 1; to <= lastFrameAt; to += 1) {
      const wiped = bytes.slice().fill(0, from, to);
      expect(outcomeOf(changed(powerCut.files, last, wiped))).toBe(`${last} repaired to 4.2`);
    }
  });

  it('to an earlier segment is never a torn tail', () => {
    const bytes = powerCut.files.get(earlier) as Uint8Array;
    for (let length = 0; length < bytes.length; length += 1)
      expect(outcomeOf(changed(powerCut.files, earlier, bytes.subarray(0, length)))).toBe(
        `${earlier} repaired to 4.2`,
      );
  });

  it('to the log and to the second copy of the vote is refused: the vote may be forgotten', () => {
    const wiped = (killed.files.get(earlier) as Uint8Array).slice().fill(0, 200);
    for (const file of ['hard-state.1', 'hard-state.2'])
      expect(outcomeOf(changed(without(killed.files, file), earlier, wiped))).toBe(`corrupt ${earlier}`);
  });

  it('to both copies of a small file is refused by its name, with what to do, and changes nothing', () => {
    for (const path of ['identity', 'log-end']) {
      const directory = TestDirectory.of(
        new Map([...closed.files, [path, new Uint8Array(3)], [`${path}.copy`, new Uint8Array(3)]]),
      );
      const before = directory.files();
      const opened = directory.open();
      expect(opened).toMatchObject({ ok: false, error: { file: path } });
      if (!opened.ok) expect(opened.error.todo).toContain('muster member replace');
      expect(directory.files()).toEqual(before);
    }
  });

  it('to one copy of a small file is healed, also when it is gone', () => {
    for (const path of [
      'identity',
      'identity.copy',
      'log-end',
      'log-end.copy',
      'hard-state.1',
      'hard-state.2',
    ]) {
      const directory = TestDirectory.of(without(closed.files, path));
      expect(directory.opened().damage?.findings).toMatchObject([{ file: path, cure: 'secondCopy' }]);
      expect(directory.opened().damage).toBeNull();
    }
  });
});

describe('a missing or foreign file', () => {
  it('of the log is a loss, bounded where the rest tells', () => {
    expect(outcomeOf(without(killed.files, earlier))).toBe(`${earlier} repaired to 4.2`);
    expect(outcomeOf(without(killed.files, last))).toBe(`${last} repaired to unknown`);
    expect(outcomeOf(without(closed.files, last))).toBe(`${last} repaired to 4.2`);
  });

  it('is noticed when the whole log is gone', () => {
    const files = new Map([...killed.files].filter(([path]) => !path.startsWith('log/')));
    expect(outcomeOf(files)).toBe(`${last} repaired to unknown`);
  });

  it('of the identity is no new directory', () => {
    const files = without(without(killed.files, 'identity'), 'identity.copy');
    expect(outcomeOf(files)).toBe('notInitialised identity');
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
