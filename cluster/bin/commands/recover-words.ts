/** Forced recovery in words: what everyone holds, what a plan means, and what comes after it. */

import { unreachable } from '../../base/assert.ts';
import { hex, logIndex, zxidOf } from '../../base/ids.ts';
import { decodeHardState } from '../../raft/codec.ts';
import { viewOfEntry } from '../../replica/log-reader.ts';
import type { Inspection } from '../../wal/offline/inspect.ts';
import type { EntryRange } from '../../wal/offline/recovery-plan.ts';
import type { PlannedRecovery } from '../offline/force.ts';
import { type Refusal, recommended } from '../offline/preconditions.ts';
import { directoryName, type Finding, type Survey, type Surveyed } from '../offline/survey.ts';
import { entryLines } from './entry-lines.ts';
import { failureLines } from './outcome.ts';
import { table } from './table.ts';

/** Entries of one range in a JSON answer. */
const entriesMax = 1_000;

export function surveyText(survey: Survey): readonly string[] {
  const rows = survey.members.map((member) => [String(member.member), ...cells(member)]);
  const best = recommended(survey);
  return [
    'What the members hold:',
    '',
    table([['member', 'directory', 'term', 'last entry', 'zxid', 'digest', 'znodes', 'snapshots'], ...rows]),
    '',
    ...survey.members.flatMap(notes),
    best === null
      ? 'No directory can be read that could carry the ensemble on.'
      : `Recommended survivor: member ${best}, whose last entry is furthest by term and index.`,
    '',
  ];
}

function cells({ finding, record }: Surveyed): readonly string[] {
  const lost = record.standing === 'lost' ? ', given up' : '';
  switch (finding.kind) {
    case 'absent':
    case 'empty':
    case 'unreadable':
      return [`${finding.kind}${lost}`];
    case 'foreign':
      return ['not the one that belongs here', ...logCells(finding.inspection)];
    case 'readable': {
      const damaged = finding.inspection.findings.length > 0 ? 'damaged' : 'whole';
      const state = finding.state.ok ? finding.state.value : null;
      return [
        `${damaged}${lost}`,
        ...logCells(finding.inspection),
        state === null ? '-' : hex(Number(state.zxid)),
        state?.digest ?? '-',
        String(state?.znodes ?? '-'),
        finding.inspection.snapshots
          .list()
          .map(({ index }) => index)
          .join(' ') || '-',
      ];
    }
    default:
      return unreachable(finding);
  }
}

function logCells(inspection: Inspection): readonly string[] {
  const { last } = inspection;
  return [String(termOf(inspection)), `${last.index} (term ${last.term})`];
}

function termOf({ hardState, last }: Inspection): number {
  const read = hardState === null ? null : decodeHardState(hardState);
  return Math.max(last.term, read?.ok === true ? read.value.term : 0);
}

function notes({ member, finding }: Surveyed): readonly string[] {
  const say = (text: string): string => `  member ${member}: ${text}`;
  if (finding.kind === 'unreadable') return [say(`${finding.error.what} (${finding.error.file})`)];
  if (finding.kind !== 'readable') return [];
  const { findings, fenced, votingBound } = finding.inspection;
  return [
    ...findings.map(({ what, file, offset }) =>
      say(`${what} (${file}${offset === null ? '' : ` at byte ${offset}`})`),
    ),
    ...(votingBound === null ? [] : [say('it lost something that it had promised to keep')]),
    ...(fenced === null ? [] : [say(`it fenced itself: ${fenced}`)]),
    ...(finding.state.ok ? [] : [say(`its store cannot be rebuilt: ${finding.state.error}`)]),
  ];
}

export interface Shown {
  readonly plan: PlannedRecovery | null;
  readonly refusals: readonly Refusal[];
  readonly survey: Survey;
  /** The survivor that was asked for; null: none yet. */
  readonly asked: number | null;
  /** The command line that goes on from here. */
  readonly command: (parts: string) => string;
}

export function planText({ plan, refusals, survey, asked, command }: Shown): readonly string[] {
  if (plan !== null)
    return [
      ...planLines(plan, survey),
      '',
      'Nothing was changed. To do it:',
      `  ${command(`--survivor ${plan.survivor} --confirm ${plan.id}`)}`,
    ];
  if (asked !== null) {
    return [
      `Going on from member ${asked} is refused:`,
      ...refusals.flatMap((refusal) => failureLines(refusal).map((line) => `  ${line}`)),
    ];
  }
  const best = recommended(survey);
  return best === null
    ? []
    : ['Nothing was changed. To see what going on from it would mean:', `  ${command(`--survivor ${best}`)}`];
}

function planLines({ id, survivor, lost, plan }: PlannedRecovery, survey: Survey): readonly string[] {
  const own = inspectionOf(survey, survivor);
  const unseen = survey.members.filter(
    ({ member, finding }) => member !== survivor && finding.kind !== 'readable',
  );
  const indented = (lines: readonly string[]) => lines.map((line) => `             ${line}`);
  return [
    `Plan ${id}: going on from member ${survivor} would`,
    `  keep       entries up to ${plan.last.index} of term ${plan.last.term}; up to ${plan.committedAtLeast} they are known to be committed`,
    ...(plan.mayCommit === null
      ? ['  commit     nothing that is not held by a majority already']
      : [
          `  commit     ${rangeText(plan.mayCommit)}, which no majority is seen to hold: their clients may not have been told`,
          ...indented(linesOf(own, plan.mayCommit)),
        ]),
    ...(plan.lost.length === 0
      ? ['  lose       nothing that any other directory can be seen to hold']
      : plan.lost.flatMap((range) => [
          `  lose       ${rangeText(range)} of ${range.holder}, which may have been acknowledged`,
          ...indented(linesOf(inspectionNamed(survey, range.holder), range)),
        ])),
    ...(unseen.length === 0
      ? []
      : [
          `  not know   what ${unseen.map(({ member }) => directoryName(member)).join(', ')} held: anything only they and others that are lost acknowledged is gone`,
        ]),
    `  append     entry ${plan.last.index + 1} of term ${plan.term}: member ${survivor} is the only voter, every session ends, zxids go on above ${hex(zxidOf(plan.term, 0))}`,
    `  give up    the data directories of ${lost.length === 0 ? 'nobody' : lost.map(directoryName).join(', ')}: ${plan.membership.removed.length} seats can never come back`,
    `  archive    a copy of the directory of member ${survivor}, before anything is written`,
    ...plan.warnings.map((warning) => `  beware     ${warning}`),
  ];
}

function rangeText({ from, to }: EntryRange): string {
  return from === to ? `entry ${from}` : `entries ${from} to ${to}`;
}

function linesOf(inspection: Inspection | null, { from, to }: EntryRange): readonly string[] {
  if (inspection === null) return [];
  const held = inspection.entries(from, Math.min(entriesMax, to - from + 1));
  return entryLines(held, to - from + 1);
}

function inspectionOf({ members }: Survey, member: number): Inspection | null {
  const finding = members.find((one) => one.member === member)?.finding;
  return finding?.kind === 'readable' ? finding.inspection : null;
}

function inspectionNamed(survey: Survey, name: string): Inspection | null {
  const found = survey.members.find(({ member }) => directoryName(member) === name);
  return found === undefined ? null : inspectionOf(survey, found.member);
}

/** What is to be run next, in order; `muster up` stays in the foreground. */
export function nextCommands(
  { lost, survivor }: PlannedRecovery,
  { dataOption, elections }: { readonly dataOption: string; readonly elections: 'automatic' | 'manual' },
): readonly string[] {
  return [
    `muster up${dataOption}`,
    // Nobody leads by itself then, not even the only voter.
    ...(elections === 'manual' ? [`muster campaign ${survivor}${dataOption}`] : []),
    ...lost.map((member) => `muster member replace ${member}${dataOption}`),
  ];
}

export function recoveredText(
  { survivor, lost }: PlannedRecovery,
  { archive, next }: { readonly archive: string; readonly next: readonly string[] },
): string {
  return [
    `Recovered from member ${survivor}. Its directory as it was is ${archive} in the data folder.`,
    '',
    `Next: start the ensemble and leave it running${lost.length === 0 ? '.' : '; then, in another terminal, take the others in anew, one after the other.'}`,
    ...next.map((command) => `  ${command}`),
  ].join('\n');
}

export function surveyJson(survey: Survey): Readonly<Record<string, unknown>> {
  return {
    recommended: recommended(survey),
    members: survey.members.map(({ member, folder, record, finding }) => ({
      member,
      folder,
      standing: record.standing,
      recordedIncarnation: record.incarnation.toString(16),
      directory: findingJson(finding),
    })),
  };
}

function findingJson(finding: Finding): Readonly<Record<string, unknown>> {
  switch (finding.kind) {
    case 'absent':
    case 'empty':
      return { kind: finding.kind };
    case 'unreadable':
      return { kind: finding.kind, error: finding.error };
    case 'foreign':
      return { kind: finding.kind, ...inspectionJson(finding.inspection) };
    case 'readable': {
      const { state } = finding;
      return {
        kind: finding.kind,
        ...inspectionJson(finding.inspection),
        state: state.ok ? state.value : null,
      };
    }
    default:
      return unreachable(finding);
  }
}

/** What a directory holds, without its entries. */
export function inspectionJson(inspection: Inspection): Readonly<Record<string, unknown>> {
  const { identity, base, last, lives, membership, snapshots, votingBound, fenced, torn, findings } =
    inspection;
  const vote = inspection.hardState === null ? null : decodeHardState(inspection.hardState);
  return {
    identity: {
      cluster: identity.cluster.toString(16),
      member: identity.member,
      incarnation: identity.incarnation.toString(16),
    },
    lives,
    term: termOf(inspection),
    votedFor: vote?.ok === true ? (vote.value.votedFor?.id ?? null) : null,
    first: base.index + 1,
    last,
    membership: seatsJson(membership),
    snapshots: snapshots.list().map((info) => ({ ...info, zxid: String(info.zxid) })),
    votingBound,
    fenced,
    torn,
    damage: findings,
  };
}

function seatsJson({
  membership,
  index,
  cause,
}: Inspection['membership']): Readonly<Record<string, unknown>> {
  const named = (seats: (typeof membership)['voters']) =>
    seats.map(({ id, incarnation }) => ({ id, incarnation: incarnation.toString(16) }));
  const { voters, outgoing, learners, removed } = membership;
  return {
    index,
    cause,
    voters: named(voters),
    outgoing: named(outgoing),
    learners: named(learners),
    removed: named(removed),
  };
}

export function planJson(
  { id, survivor, lost, plan }: PlannedRecovery,
  survey: Survey,
): Readonly<Record<string, unknown>> {
  const entries = (inspection: Inspection | null, { from, to }: EntryRange) =>
    (inspection?.entries(from, Math.min(entriesMax, to - from + 1)) ?? []).map((entry) =>
      viewOfEntry(entry, null),
    );
  const { mayCommit } = plan;
  return {
    id,
    survivor,
    kept: { first: logIndex(1), last: plan.last, committedAtLeast: plan.committedAtLeast },
    committed:
      mayCommit === null
        ? null
        : { ...mayCommit, entries: entries(inspectionOf(survey, survivor), mayCommit) },
    lost: plan.lost.map((range) => ({
      ...range,
      entries: entries(inspectionNamed(survey, range.holder), range),
    })),
    unseen: survey.members
      .filter(({ member, finding }) => member !== survivor && finding.kind !== 'readable')
      .map(({ member }) => member),
    appended: { index: plan.last.index + 1, term: plan.term },
    givenUp: lost,
    warnings: plan.warnings,
  };
}
