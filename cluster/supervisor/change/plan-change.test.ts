import { describe, expect, it } from 'vitest';
import type { ChangeRequest } from '../../api/changes.ts';
import type { MemberReport, MemberView } from '../../api/ensemble.ts';
import type { Standing } from '../../api/membership.ts';
import { defaultSettings } from '../../api/settings.ts';
import type { EnsembleRecord } from '../ensemble-file.ts';
import { defaultTiming } from '../member-messages.ts';
import { sampleReport } from '../testing/sample-report.ts';
import { planChange, type Situation } from './plan-change.ts';

interface Case {
  readonly standings?: readonly Standing[];
  /** Members whose process does not run. */
  readonly down?: readonly number[];
  readonly report?: Partial<MemberReport>;
  readonly record?: Partial<EnsembleRecord>;
  readonly leader?: number | null;
}

const incarnationOf = (id: number): number => id;

/** Member 1 leads; the others follow, unless they are down. */
function situationOf({ standings = ['voter', 'voter', 'voter'], down = [], ...rest }: Case): Situation {
  const ids = standings.map((_, at) => at + 1);
  const named = (wanted: Standing) =>
    ids.filter((id) => standings[id - 1] === wanted).map((id) => ({ id, incarnation: String(id) }));
  const report = sampleReport({
    role: 'leader',
    followers: ids.slice(1).map((id) => ({ id, match: 100, next: 101, silentMs: 0, mode: 'replicate' })),
    membership: { voters: named('voter'), outgoing: [], learners: named('learner'), removed: named('lost') },
    ...rest.report,
  });
  const members: MemberView[] = ids.map((id) => ({
    id,
    clientPort: id,
    peerPort: id,
    dataFolder: '',
    logFile: '',
    standing: standings[id - 1] ?? 'voter',
    process: down.includes(id) ? { kind: 'stopped' } : { kind: 'up', pid: id },
    blocked: { to: [], from: [] },
    report: id === 1 ? report : sampleReport(),
    reportedAtMs: 0,
  }));
  const record: EnsembleRecord = {
    format: 2,
    state: 'created',
    name: 'test',
    clusterId: 1,
    secret: '0'.repeat(64),
    timing: defaultTiming,
    settings: defaultSettings,
    clientPortBase: 0,
    members: members.map(({ id, clientPort, peerPort, standing }) => ({
      ...{ id, clientPort, peerPort, standing },
      incarnation: incarnationOf(id),
    })),
    removed: [],
    change: null,
    ...rest.record,
  };
  const leader = rest.leader === undefined ? 1 : rest.leader;
  return { record, view: { leader, members }, path: '/data', nowMs: Date.UTC(2026, 0, 1) };
}

const reasonsOf = (request: ChangeRequest, given: Case) =>
  planChange(request, situationOf(given)).plan.refusals.map(({ code, facts }) => facts['reason'] ?? code);

const openSteps = (request: ChangeRequest, given: Case) =>
  planChange(request, situationOf(given)).plan.steps.flatMap(({ step, done }) => (done ? [] : [step]));

describe('what speaks against a change', () => {
  const table: readonly [string, ChangeRequest, Case, readonly unknown[]][] = [
    ['nothing', { kind: 'remove', member: 2 }, {}, []],
    ['an unknown member', { kind: 'remove', member: 9 }, {}, ['unknownMember']],
    ['nobody leads', { kind: 'add', promote: false }, { leader: null }, ['noQuorum']],
    ['the voters that remain do not work', { kind: 'remove', member: 2 }, { down: [3] }, ['wouldLoseQuorum']],
    ['the one that is down goes', { kind: 'remove', member: 3 }, { down: [3] }, []],
    ['the only voter', { kind: 'replace', member: 1 }, { standings: ['voter'] }, ['lastVoter']],
    [
      'the only voter beside a learner',
      { kind: 'replace', member: 2 },
      { standings: ['voter', 'learner'] },
      [],
    ],
    ['a voter is no learner', { kind: 'promote', member: 2 }, {}, ['notLearner']],
    ['one given up comes back', { kind: 'replace', member: 2 }, { standings: ['voter', 'lost'] }, []],
    [
      'a change of voters is half-way',
      { kind: 'remove', member: 2 },
      { report: { membershipIndex: 101 } },
      ['changing'],
    ],
    [
      'as many members as there may be',
      { kind: 'add', promote: false },
      { standings: Array<Standing>(7).fill('voter') },
      ['tooManyMembers'],
    ],
  ];
  it.each(table)('%s', (_name, request, given, reasons) => {
    expect(reasonsOf(request, given)).toEqual(reasons);
  });

  it('a change that is unfinished', () => {
    const { change } = planChange({ kind: 'remove', member: 2 }, situationOf({}));
    const failed = { record: { change: { ...change, state: 'failed' as const } } };
    expect(reasonsOf({ kind: 'add', promote: true }, failed)).toEqual(['changeUnfinished']);
    const running = { record: { change } };
    expect(reasonsOf({ kind: 'add', promote: true }, running)).toEqual(['changeRunning']);
  });
});

describe('the steps that are left', () => {
  it('begin with leadership for one that leads', () => {
    expect(openSteps({ kind: 'remove', member: 1 }, {})).toEqual([
      'handOver',
      'removeSeat',
      'stopProcess',
      'archive',
    ]);
  });

  it('leave a membership alone that has no such seat any more', () => {
    expect(openSteps({ kind: 'replace', member: 2 }, { standings: ['voter', 'lost'], down: [2] })).toEqual([
      'archive',
      'makeDirectory',
      'introduce',
      'addLearner',
      'catchUp',
      'promote',
    ]);
  });

  it('end with a learner for one that was a learner', () => {
    const steps = openSteps({ kind: 'replace', member: 2 }, { standings: ['voter', 'learner'] });
    expect(steps.at(-1)).toBe('addLearner');
  });

  it('give a new member the next number that nobody ever had', () => {
    const removed = [{ member: 6, incarnation: 6, why: 'removed', atMs: 0, archive: null }] as const;
    const { change } = planChange(
      { kind: 'add', promote: false },
      situationOf({ record: { removed: [...removed] } }),
    );
    expect(change).toMatchObject({ member: 7, oldIncarnation: null, promote: false });
  });
});
