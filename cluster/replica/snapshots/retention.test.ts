import { describe, expect, it } from 'vitest';
import { logIndex } from '../../base/ids.ts';
import { firstToKeep } from './retention.ts';

const at = (...indexes: readonly number[]) => indexes.map(logIndex);

describe('the log that is kept', () => {
  it.each([
    ['all of it behind the only snapshot: it may be damaged', at(100), 0, at(), 1],
    ['what follows the snapshot before the newest', at(300, 200, 100), 0, at(), 201],
    ['what members need that lag a little', at(300, 200, 100), 150, at(), 151],
    ['what follows a snapshot that is being sent', at(300, 200, 100), 0, at(100), 101],
    ['all of it when more is to be kept than there is', at(300, 200), 1_000, at(), 1],
  ])('is %s', (_what, snapshots, logEntriesKept, held, first) => {
    const [taken = logIndex(0)] = snapshots;
    expect(firstToKeep({ taken, snapshots, logEntriesKept, held })).toBe(first);
  });

  it('reaches what was just taken, though newer ones were fetched and never needed', () => {
    const state = { snapshots: at(900, 700, 500, 300), logEntriesKept: 100, held: at() };
    expect(firstToKeep({ ...state, taken: logIndex(500) })).toBe(301);
  });
});
