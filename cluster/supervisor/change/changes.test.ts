import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

const leader: MemberView = {
  id: 1,
  clientPort: 1,
  peerPort: 1,
  dataFolder: '',
  logFile: '',
  standing: 'voter',
  process: { kind: 'up', pid: 1 },
  blocked: { to: [], from: [] },
  report: sampleReport({
    role: 'leader',
    followers: [],
    membership: {
      voters: [{ id: 1, incarnation: '1' }],
      outgoing: [],
      learners: [{ id: 2, incarnation: '2' }],
      removed: [],
    },
  }),
  reportedAtMs: 0,
};

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

describe('a change whose step the operating system fails', () => {
  it('ends as failed, stays on record, and can be gone on with', async () => {
    const told: string[] = [];
    let isBroken = false;
    const view = (): EnsembleView => {
      if (isBroken) throw new Error('EIO: i/o error');
      return Object.assign(Object.create(null), { leader: 1, members: [leader] });
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
        if (kind === 'changeBegun') isBroken = true;
      },
    });
    const ended = await changes.carryOut({ kind: 'promote', member: 2 });
    expect(ended).toMatchObject({ ok: true, value: { state: 'failed', step: 'catchUp' } });
    expect(changes.current?.error?.what).toContain('EIO: i/o error');
    expect(roster.record.change).toMatchObject({ kind: 'promote', state: 'failed' });
    expect(told).toEqual(['changeBegun', 'changeFailed']);
    expect(changes.unfinished).not.toBeNull();
    await changes.close();
  });
});
