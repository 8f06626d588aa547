import { describe, expect, it } from 'vitest';
import type { Action } from './action.ts';
import { initialPreferences, parsePreferences } from './preferences.ts';
import { parseRoute, type Route, routeHash } from './route.ts';
import { cutLinks, cutPairs, selectTheme } from './selectors.ts';
import { type AppState, initialState, reduce } from './state.ts';
import { noon, sampleEnsemble, sampleEvent, sampleMember, sampleZnode } from './testing/samples.ts';
import { draftBytes, isChanged } from './znode-edit.ts';

const fresh = initialState(initialPreferences('en', 'light'), noon);
const run = (actions: readonly Action[], from: AppState = fresh) => actions.reduce(reduce, from);
const opened = (instance: string): Action => ({
  kind: 'connection.opened',
  instance,
  dataFolder: '/data',
  atMs: noon,
});
const lost: Action = { kind: 'connection.lost', closing: false, retryAtMs: noon + 500, atMs: noon };

describe('the connection', () => {
  it('says since when it is lost, however often it is tried', () => {
    const state = run([opened('a'), lost, { ...lost, atMs: noon + 9_000, retryAtMs: noon + 14_000 }]);
    expect(state.connection).toMatchObject({ kind: 'reconnecting', sinceMs: noon, retryAtMs: noon + 14_000 });
  });

  it('keeps what is known when it comes back to the same run', () => {
    const state = run([
      opened('a'),
      { kind: 'ensemble.seen', ensemble: sampleEnsemble(), atMs: noon },
      lost,
      opened('a'),
    ]);
    expect(state.ensemble.view?.leader).toBe(2);
  });

  it('forgets another run, but not the drafts', () => {
    const state = run([
      opened('a'),
      { kind: 'ensemble.seen', ensemble: sampleEnsemble(), atMs: noon },
      { kind: 'timeline.replaced', events: [sampleEvent(9)], missed: 0 },
      { kind: 'edit.begun', base: sampleZnode('/a', 'x') },
      lost,
      opened('b'),
    ]);
    expect(state.ensemble.view).toBeNull();
    expect(state.timeline.last).toBe(0);
    expect([...state.drafts.keys()]).toEqual(['/a']);
  });
});

describe('the ensemble', () => {
  it('notes when the leader changed and who it was before', () => {
    const state = run([
      { kind: 'ensemble.seen', ensemble: sampleEnsemble(), atMs: noon },
      { kind: 'ensemble.seen', ensemble: sampleEnsemble({ leader: 3, term: 4 }), atMs: noon + 80 },
    ]);
    expect(state.ensemble).toMatchObject({ leaderChangedAtMs: noon + 80, previousLeader: 2 });
  });

  it('counts a link cut in both directions, told by either end, once', () => {
    const members = [
      sampleMember(1, { blocked: { to: [2], from: [2] } }),
      sampleMember(2, { blocked: { to: [1], from: [1] } }),
    ];
    expect([...cutLinks(members)].sort()).toEqual(['1>2', '2>1']);
    expect(cutPairs(members)).toBe(1);
  });
});

describe('the timeline', () => {
  it('takes each event once, though a resumed subscription overlaps', () => {
    const state = run([
      { kind: 'timeline.replaced', events: [sampleEvent(1), sampleEvent(2)], missed: 0 },
      { kind: 'timeline.continued', events: [sampleEvent(2), sampleEvent(3)] },
    ]);
    expect(state.timeline.events.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  it('keeps a bounded number of events', () => {
    const events = Array.from({ length: 5_000 }, (_, at) => sampleEvent(at + 1));
    expect(run([{ kind: 'timeline.continued', events }]).timeline.events).toHaveLength(2_000);
  });
});

describe('notices', () => {
  const started: Action = { kind: 'operation.started', id: 1, operation: { kind: 'heal' }, atMs: noon };

  it('of successes go by themselves', () => {
    const done = run([started, { kind: 'operation.finished', id: 1, atMs: noon }]);
    expect(run([{ kind: 'clock.ticked', nowMs: noon + 4_000 }], done).notices).toHaveLength(1);
    expect(run([{ kind: 'clock.ticked', nowMs: noon + 4_001 }], done).notices).toHaveLength(0);
  });

  it('of failures stay until they are dismissed', () => {
    const failure = { code: 'noQuorum', what: '' } as const;
    const failed = run([
      started,
      { kind: 'operation.failed', id: 1, failure, atMs: noon },
      { kind: 'clock.ticked', nowMs: noon + 99_000 },
    ]);
    expect(failed.notices).toHaveLength(1);
    expect(run([{ kind: 'notice.dismissed', id: 1 }], failed).notices).toEqual([]);
  });
});

describe('a draft', () => {
  const base = sampleZnode('/a', 'one\n');
  const begun: Action = { kind: 'edit.begun', base };

  it('is unchanged until something else is typed', () => {
    const draft = run([begun]).drafts.get('/a');
    expect(draft && isChanged(draft)).toBe(false);
    const typed = run([begun, { kind: 'edit.typed', path: '/a', text: 'two' }]).drafts.get('/a');
    expect(typed && isChanged(typed)).toBe(true);
    expect(typed && new TextDecoder().decode(draftBytes(typed) ?? undefined)).toBe('two');
  });

  it('survives a conflict and takes the new version as its base when it is rebased', () => {
    const theirs = sampleZnode('/a', 'theirs', { version: 4 });
    const state = run([
      begun,
      { kind: 'edit.typed', path: '/a', text: 'mine' },
      { kind: 'edit.submitted', path: '/a' },
      { kind: 'edit.conflicted', path: '/a', theirs: { kind: 'present', value: theirs } },
      { kind: 'edit.rebased', theirs },
    ]);
    expect(state.drafts.get('/a')).toMatchObject({
      text: 'mine',
      base: { stat: { version: 4 } },
      stage: { kind: 'reviewing' },
    });
  });

  it('of bytes that are no text is hexadecimal', () => {
    const binary = { ...base, data: { base64: '/w==', length: 1 } };
    expect(run([{ kind: 'edit.begun', base: binary }]).drafts.get('/a')).toMatchObject({
      format: 'hex',
      text: 'ff',
    });
  });
});

describe('routes', () => {
  const routes: readonly Route[] = [
    { screen: 'overview', member: null },
    { screen: 'overview', member: 3 },
    { screen: 'znodes', path: '/' },
    { screen: 'znodes', path: '/a b/订单/x?y#z%' },
    { screen: 'log', index: 12, member: 2 },
    { screen: 'log', index: null, member: null },
  ];

  it('are read as they were written', () => {
    expect(routes.map(routeHash).map(parseRoute)).toEqual(routes);
  });

  it('that are none lead to the Overview', () => {
    expect(parseRoute('#/nonsense')).toEqual({ screen: 'overview', member: null });
    expect(parseRoute('#/log?index=-4')).toEqual({ screen: 'log', index: null, member: null });
  });
});

describe('preferences', () => {
  it('are taken from storage as far as they can be understood', () => {
    expect(
      parsePreferences('{"theme":"dark","language":"xx","timelineHeight":9999,"timelineOpen":false}'),
    ).toEqual({
      theme: 'dark',
      timelineHeight: 480,
      timelineOpen: false,
    });
    expect(parsePreferences('{')).toEqual({});
  });

  it('follow the system unless a theme was chosen', () => {
    const dark = run([{ kind: 'systemTheme.changed', theme: 'dark' }]);
    expect(selectTheme(dark)).toBe('dark');
    expect(selectTheme(run([{ kind: 'preference.changed', change: { theme: 'light' } }], dark))).toBe(
      'light',
    );
  });
});
