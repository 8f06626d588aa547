import { describe, expect, it } from 'vitest';
import type { LogPage } from '../../cluster/api/log.ts';
import type { Action } from './action.ts';
import { entryAt, initialLog, isChunkWanted, type LogState, reduceLog } from './log.ts';
import { noon, sampleEntry, samplePage } from './testing/samples.ts';

const run = (actions: readonly Action[], from: LogState = initialLog) => actions.reduce(reduceLog, from);
const replaced = (...pages: LogPage[]): Action => ({ kind: 'log.replaced', pages, atMs: noon });
const tail = (from: number, to: number, change: Partial<LogPage> = {}) =>
  samplePage(1, {
    last: to,
    entries: Array.from({ length: to - from + 1 }, (_, at) => sampleEntry(from + at)),
    ...change,
  });

function logOf(state: LogState) {
  const log = state.members.get(1);
  if (log === undefined) throw new Error('no log of member 1');
  return log;
}

describe('a log', () => {
  it('knows the entries of its tail and wants those before', () => {
    const log = logOf(run([replaced(tail(1_000, 1_199))]));
    expect(entryAt(log, 1_050)?.index).toBe(1_050);
    expect(entryAt(log, 999)).toBeUndefined();
    expect(isChunkWanted(log, 9)).toBe(true);
    expect(isChunkWanted(log, 10)).toBe(false);
    expect(isChunkWanted(log, 12)).toBe(false);
  });

  it('replaces an uncommitted tail that was overwritten', () => {
    const state = run([
      replaced(tail(1, 120)),
      {
        kind: 'log.continued',
        atMs: noon,
        page: tail(118, 119, { entries: [sampleEntry(118, { term: 4 }), sampleEntry(119, { term: 4 })] }),
      },
    ]);
    expect(entryAt(logOf(state), 117)?.term).toBe(3);
    expect(entryAt(logOf(state), 119)?.term).toBe(4);
    expect(entryAt(logOf(state), 120)).toBeUndefined();
  });

  it('only moves its marks when a delta has no entries', () => {
    const state = run([
      replaced(tail(1, 120)),
      {
        kind: 'log.continued',
        atMs: noon + 1,
        page: samplePage(1, { last: 120, commit: 120, applied: 120, entries: [] }),
      },
    ]);
    expect(logOf(state)).toMatchObject({ commit: 120, applied: 120, readAtMs: noon + 1 });
    expect(entryAt(logOf(state), 120)?.index).toBe(120);
  });

  it('asks for a chunk once, and again only after the next word of the member', () => {
    const failure = { code: 'operationFailed', what: '' } as const;
    const asked = run([replaced(tail(1_000, 1_199)), { kind: 'log.requested', member: 1, chunk: 3 }]);
    expect(isChunkWanted(logOf(asked), 3)).toBe(false);
    const failed = run([{ kind: 'log.failed', member: 1, chunk: 3, failure }], asked);
    expect(isChunkWanted(logOf(failed), 3)).toBe(false);
    const again = run([{ kind: 'log.continued', atMs: noon, page: tail(1_200, 1_200) }], failed);
    expect(isChunkWanted(logOf(again), 3)).toBe(true);
  });

  it('keeps a bounded number of chunks', () => {
    const actions = Array.from(
      { length: 200 },
      (_, chunk): Action => ({
        kind: 'log.loaded',
        chunk,
        page: samplePage(1, {
          entries: Array.from({ length: 100 }, (_, at) => sampleEntry(chunk * 100 + at + 1)),
        }),
      }),
    );
    expect(logOf(run([replaced(tail(1, 20_100)), ...actions])).chunks.size).toBeLessThanOrEqual(60);
  });

  it('stops following when an entry is gone to', () => {
    const state = run([{ kind: 'route.changed', route: { screen: 'log', index: 7, member: null } }]);
    expect(state.following).toBe(false);
  });

  it('keeps what a member said last when others go on', () => {
    const state = run([replaced(samplePage(1), samplePage(2)), replaced(samplePage(2, { last: 121 }))]);
    expect(logOf(state).last).toBe(120);
  });
});
