/** Changes of members in words: what a step would do, and what it is doing. */
import type { ChangeKind, ChangePlan, ChangeStep, EnsembleChange, PlannedStep } from '../../api/changes.ts';
import { unreachable } from '../../base/assert.ts';
import { failureLines } from './outcome.ts';

const gerunds: Readonly<Record<ChangeKind, string>> = {
  add: 'Adding',
  promote: 'Promoting',
  remove: 'Removing',
  replace: 'Replacing',
};

/** "Replacing member 2". */
export function changeTitle({ kind, member }: Pick<EnsembleChange, 'kind' | 'member'>): string {
  return `${gerunds[kind]} member ${member}`;
}

/** A plan for people: every step, and everything that speaks against it. */
export function planText(plan: ChangePlan): string {
  const steps = plan.steps.map((planned, at) => {
    const done = planned.done ? ' (done, or not needed)' : '';
    return `  ${at + 1}. ${plannedSentence(planned)}${done}`;
  });
  const lines = [`${changeTitle(plan)} would take these steps:`, ...steps, ''];
  if (plan.refusals.length === 0)
    return [...lines, 'Nothing was changed. Leave out --dry-run to do it.'].join('\n');
  return [
    ...lines,
    'It would be refused now:',
    ...plan.refusals.flatMap((refusal) => failureLines(refusal).map((line) => `  ${line}`)),
  ].join('\n');
}

function plannedSentence({ step, facts }: PlannedStep): string {
  const fact = (name: string): string => String(facts[name] ?? '');
  switch (step) {
    case 'handOver':
      return `if member ${fact('member')} leads, hand leadership to another voter`;
    case 'removeSeat': {
      const left = facts['votersLeft'] === undefined ? '' : `; the voters ${fact('votersLeft')} remain`;
      return `give up its seat (incarnation ${fact('incarnation')}) by agreement of a majority${left}`;
    }
    case 'stopProcess':
      return `stop the process of member ${fact('member')}`;
    case 'archive':
      return `move ${fact('from')} to ${fact('to')} in the data folder; nothing is deleted`;
    case 'makeDirectory':
      return `make a new data directory ${fact('folder')} (a new incarnation), and start member ${fact('member')} on it`;
    case 'introduce':
      return 'tell every running member its address';
    case 'addLearner':
      return `take member ${fact('member')} in as a learner: it receives the log and does not vote`;
    case 'catchUp':
      return `wait until it has caught up with ${fact('entries')} entries, by snapshot and log`;
    case 'promote':
      return `make member ${fact('member')} a voter, by agreement of a majority of the old and of the new voters`;
    default:
      return unreachable(step);
  }
}

const underWay: Readonly<Record<ChangeStep, string>> = {
  handOver: 'handing leadership over',
  removeSeat: 'giving up its seat',
  stopProcess: 'stopping its process',
  archive: 'archiving its data directory',
  makeDirectory: 'making a new data directory and starting it',
  introduce: 'telling the others its address',
  addLearner: 'taking it in as a learner',
  catchUp: 'catching up',
  promote: 'making it a voter',
};

/** What a step does, while it does it. */
export function stepText(step: ChangeStep): string {
  return underWay[step];
}

export function progressText({ done, total }: NonNullable<EnsembleChange['progress']>): string {
  return `${done} of ${total} entries`;
}

/** How a change that is done is told, with what comes next. */
export function doneText({ kind, member, archive }: EnsembleChange, standing: string | null): string {
  switch (kind) {
    case 'add':
      return standing === 'voter'
        ? `Member ${member} was added and votes.`
        : `Member ${member} was added as a learner: it receives everything and does not vote. Make it a voter: muster member promote ${member}`;
    case 'promote':
      return `Member ${member} votes now.`;
    case 'remove':
      return `Member ${member} was removed. Its data directory, if there was one, is ${archive} in the data folder.`;
    case 'replace':
      return `Member ${member} was replaced and is a ${standing ?? 'member'} again. Its old data directory, if there was one, is ${archive} in the data folder.`;
    default:
      return unreachable(kind);
  }
}

/** A change that stopped half-way, and how to go on. */
export function unfinishedText(change: EnsembleChange): string {
  const why = change.error === null ? 'its supervisor was stopped or killed.' : change.error.what;
  return `${changeTitle(change)} stopped while ${underWay[change.step]}: ${why} Go on: muster member continue. Give it up: muster member abandon.`;
}
