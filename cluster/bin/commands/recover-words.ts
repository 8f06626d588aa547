/** Forced recovery in words: what everyone holds, what a plan means, and what comes after it. */
import { unreachable } from '../../base/assert.ts';
import { hex, zxidOf } from '../../base/ids.ts';
import type { Inspection } from '../../wal/offline/inspect.ts';
import type { EntryRange } from '../../wal/offline/recovery-plan.ts';
import type { PlannedRecovery } from '../offline/force.ts';
import { majorityThatStarts, type Refusal, recommended } from '../offline/preconditions.ts';
import { directoryName, type Survey, type Surveyed } from '../offline/survey.ts';
import { entryLines, entryLinesMax } from './entry-lines.ts';
import { failureLines } from './outcome.ts';
import { inspectionNamed, inspectionOf, termOf } from './recover-json.ts';
import { table } from './table.ts';

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

function cells({ finding, record, livesSeen }: Surveyed): readonly string[] {
  const lost = record.standing === 'lost' ? ', given up' : '';
  switch (finding.kind) {
    case 'absent':
    case 'empty':
    case 'unreadable':
      return [`${finding.kind}${lost}`];
    case 'foreign':
      return ['not the one that belongs here', ...logCells(finding.inspection)];
    case 'readable': {
      const older = finding.inspection.lives < livesSeen ? 'older copy, ' : '';
      const damaged = finding.inspection.findings.length > 0 ? 'damaged' : 'whole';
      const state = finding.state.ok ? finding.state.value : null;
      return [
        `${older}${damaged}${lost}`,
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
  const starting = majorityThatStarts(survey);
  if (starting !== null) {
    return [
      `Nothing has to be recovered: ${starting.length} members can be started, and they are a majority.`,
      '  muster up',
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
  const held = inspection.entries(from, Math.min(entryLinesMax, to - from + 1));
  return entryLines(held, to - from + 1);
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
