import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EnsembleView, MemberView } from '../../api/ensemble.ts';
import { defaultSettings } from '../../api/settings.ts';
import { Crew } from '../crew.ts';
import type { EnsembleRecord } from '../ensemble-file.ts';
import { defaultTiming } from '../member-messages.ts';
import { Roster } from '../roster.ts';
import { sampleReport } from '../testing/sample-report.ts';
import { Changes } from './changes.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-changes-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const [first, second] = [
  { id: 1, incarnation: '1' },
  { id: 2, incarnation: '2' },
];

/** A member that runs; the first leads, and the second follows it closely. */
function member(id: number, { secondVotes }: { readonly secondVotes: boolean }): MemberView {
  return {
    id,
    clientPort: 1,
    peerPort: 1,
    dataFolder: '',
    logFile: '',
    standing: 'voter',
    process: { kind: 'up', pid: id },
    blocked: { to: [], from: [] },
    report: sampleReport({
      role: id === 1 ? 'leader' : 'follower',
      followers: id === 1 ? [{ id: 2, match: 100, next: 101, silentMs: 1, mode: 'replicate' }] : [],
      membership: {
        voters: secondVotes ? [first, second] : [first],
        outgoing: [],
        learners: secondVotes ? [] : [second],
        removed: [],
      },
    }),
    reportedAtMs: 0,
  };
}

const record: EnsembleRecord = {
  format: 2,
  state: 'created',
  name: 'test',
  clusterId: 1,
  secret: '0'.repeat(64),
  timing: defaultTiming,
  settings: defaultSettings,
  clientPortBase: 0,
  members: [
    { id: 1, clientPort: 1, peerPort: 1, incarnation: 1, standing: 'voter' },
    { id: 2, clientPort: 2, peerPort: 2, incarnation: 2, standing: 'learner' },
  ],
  removed: [],
  change: null,
};

/** The changes of an ensemble whose second member is a learner; `begun` is called when a change begins. */
function learnerEnsemble(begun: () => void) {
  const told: string[] = [];
  const state = { secondVotes: false, isBroken: false };
  const view = (): EnsembleView => {
    if (state.isBroken) throw new Error('EIO: i/o error');
    return Object.assign(Object.create(null), { leader: 1, members: [1, 2].map((id) => member(id, state)) });
  };
  const roster = new Roster(folder, record);
  const changes = new Changes({
    roster,
    crew: Object.create(Crew.prototype),
    view,
    onChange: () => () => undefined,
    isClosing: () => false,
    changed: () => undefined,
    event: ({ kind }) => {
      told.push(kind);
      if (kind === 'changeBegun') begun();
    },
  });
  return { told, state, roster, changes };
}

const promoteSecond = { kind: 'promote', member: 2 } as const;

describe('a change whose step the operating system fails', () => {
  it('ends as failed, stays on record, and can be gone on with', async () => {
    const { told, state, roster, changes } = learnerEnsemble(() => {
      state.isBroken = true;
    });
    const ended = await changes.carryOut(promoteSecond);
    expect(ended).toMatchObject({ ok: true, value: { state: 'failed', step: 'catchUp' } });
    expect(changes.current?.error?.what).toContain('EIO: i/o error');
    expect(roster.record.change).toMatchObject({ kind: 'promote', state: 'failed' });
    expect(told).toEqual(['changeBegun', 'changeFailed']);
    expect(changes.unfinished).not.toBeNull();
    await changes.close();
  });
});

describe('a change that cannot be recorded any more', () => {
  const away = () => `${folder}-away`;

  it('fails before the step that is not on record, and goes on once the disk takes it', async () => {
    let isFull = true;
    const { told, state, roster, changes } = learnerEnsemble(() => {
      if (isFull) renameSync(folder, away());
    });
    expect(await changes.carryOut(promoteSecond)).toMatchObject({
      ok: true,
      value: { state: 'failed', step: 'promote', error: { code: 'operationFailed', facts: { folder } } },
    });
    expect(changes.current?.error?.what).toMatch(/^The step promote .* not begun\. .*ENOENT/);
    expect(changes.resume()).toMatchObject({ ok: false, error: { code: 'operationFailed' } });
    renameSync(away(), folder);
    isFull = false;
    state.secondVotes = true;
    expect(changes.resume().ok).toBe(true);
    await vi.waitFor(() => expect(changes.current?.state).toBe('done'));
    expect(roster.record.change).toBeNull();
    expect(told).toEqual(['changeBegun', 'changeFailed', 'changeBegun', 'changeFinished']);
    await changes.close();
  });

  it('is not called done before its end is on record, and nothing is done twice', async () => {
    let isFull = true;
    const { told, state, roster, changes } = learnerEnsemble(() => {
      state.secondVotes = true;
      if (isFull) renameSync(folder, away());
    });
    expect(await changes.carryOut(promoteSecond)).toMatchObject({ ok: true, value: { state: 'failed' } });
    expect(changes.current?.error?.what).toMatch(/^Every step is done, .*ENOENT/);
    renameSync(away(), folder);
    isFull = false;
    expect(changes.resume().ok).toBe(true);
    await vi.waitFor(() => expect(changes.current?.state).toBe('done'));
    expect(roster.record.change).toBeNull();
    expect(told).toEqual(['changeBegun', 'changeFailed', 'changeBegun', 'changeFinished']);
    await changes.close();
  });
});
