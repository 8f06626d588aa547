/** `member add promote remove replace continue abandon`: who belongs to the ensemble. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { ChangePlan, ChangeRequest, EnsembleChange } from '../../api/changes.ts';
import type { EnsembleView } from '../../api/ensemble.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { ChangeProgress } from './change-progress.ts';
import { changeTitle, doneText, planText } from './change-words.ts';
import { parseMember } from './members.ts';
import {
  type CliFailure,
  exitCodeOf,
  exitCodes,
  type Format,
  formatOf,
  printLine,
  printResult,
} from './outcome.ts';
import { type Reached, type ReachOptions, withInstance, withReachOptions } from './reach.ts';

/** How often a change under way is looked at, and how long in all: each of its steps has a deadline of its own. */
const lookMs = 150;
const waitMaxMs = 60 * 60_000;

interface ChangeOptions extends ReachOptions {
  readonly dryRun?: boolean;
}

type Answer = Promise<Result<null, CliFailure>>;

/** Adds `member` with its commands. */
export function addChangeCommands(program: Command): void {
  const member = program
    .command('member')
    .description('add, promote, remove or replace a member; one change at a time')
    .addHelpText('after', changesHelp);
  changeCommand(member, 'add')
    .description('add a member under the next number, on free ports, as a learner')
    .option('--promote', 'wait until it has caught up, then make it a voter')
    .action((options: ChangeOptions & { readonly promote?: boolean }) =>
      run({ kind: 'add', promote: options.promote === true }, options),
    );
  const named = [
    { kind: 'promote', about: 'make a learner a voter, once it has caught up' },
    { kind: 'remove', about: 'remove a member; its data directory is archived, not deleted' },
    {
      kind: 'replace',
      about:
        'give up the data directory of a member and take it in anew: for one that is lost, damaged, diverged or was removed',
    },
  ] as const;
  for (const { kind, about } of named) {
    changeCommand(member, kind)
      .description(about)
      .argument('<member>', 'number of the member', parseMember)
      .addHelpText('after', `\nExample:\n  $ muster member ${kind} 2 --dry-run`)
      .action((id: number, options: ChangeOptions) => run({ kind, member: id }, options));
  }
  changeCommand(member, 'continue')
    .description('go on with a change that failed or was interrupted')
    .action((options: ChangeOptions) => run(null, options));
  changeCommand(member, 'abandon').description('give up such a change where it stands').action(abandon);
}

const changesHelp = `
Every change is on record before anything is touched. If the instance is killed in the middle,
start it again: \`muster status\` shows where the change stands, \`member continue\` goes on.

Example:
  $ muster member replace 2`;

function changeCommand(parent: Command, name: string): Command {
  return withReachOptions(parent.command(name)).option(
    '--dry-run',
    'print what would be done, and what speaks against it (exit code 1 then); change nothing',
  );
}

/** Plans or carries out a change; null: the unfinished one. */
function run(change: ChangeRequest | null, options: ChangeOptions): Promise<void> {
  const format = formatOf(options);
  return withInstance(options, async (reached) => {
    const plan = await reached.ask('change.plan', { change });
    if (!plan.ok) return plan;
    if (options.dryRun === true) return showPlan(plan.value, format);
    const begun =
      change === null
        ? await reached.ask('change.continue', {})
        : await reached.ask('change.begin', { change });
    if (!begun.ok) return begun;
    if (format === 'human') printLine(`${changeTitle(begun.value)}:`);
    const steps = plan.value.steps.filter(({ done }) => !done).map(({ step }) => step);
    return follow(reached, { begun: begun.value, progress: new ChangeProgress(steps, format) });
  });
}

function showPlan(plan: ChangePlan, format: Format): Result<null, CliFailure> {
  printResult(format, { human: planText(plan), json: { dryRun: true, plan } });
  if (plan.refusals.length > 0) process.exitCode = exitCodes.refused;
  return ok(null);
}

/** Prints the progress of a change until it has ended. */
async function follow(
  { ask }: Reached,
  { begun, progress }: { readonly begun: EnsembleChange; readonly progress: ChangeProgress },
): Answer {
  for (const startedMs = performance.now(); performance.now() - startedMs < waitMaxMs; await delay(lookMs)) {
    const read = await ask('ensemble.read', {});
    if (!read.ok) return fail(lostSight(begun, read.error));
    const { change } = read.value;
    if (change?.id !== begun.id) return fail(lostSight(begun, null));
    progress.show(change);
    if (change.state === 'done') {
      const standing = standingOf(read.value, change.member);
      printResult(progress.format, { human: doneText(change, standing), json: { change, standing } });
      return ok(null);
    }
    if (change.state !== 'running') return fail(failureOf(change));
  }
  return fail(lostSight(begun, null));
}

function abandon(options: ChangeOptions): Promise<void> {
  const format = formatOf(options);
  return withInstance(options, async ({ ask }) => {
    if (options.dryRun === true) {
      const plan = await ask('change.plan', { change: null });
      if (!plan.ok) return plan;
      const open = plan.value.steps.filter(({ done }) => !done).map(({ step }) => step);
      const human = `${changeTitle(plan.value)} would be given up where it stands. Not done would stay: ${open.join(', ') || 'nothing'}. Nothing was changed.`;
      printResult(format, { human, json: { dryRun: true, plan: plan.value } });
      return ok(null);
    }
    const abandoned = await ask('change.abandon', {});
    if (!abandoned.ok) return abandoned;
    const human = `${changeTitle(abandoned.value)} was given up. What was done stays done: see \`muster status\`.`;
    printResult(format, { human, json: { change: abandoned.value } });
    return ok(null);
  });
}

function standingOf({ members }: EnsembleView, member: number): string | null {
  return members.find(({ id }) => id === member)?.standing ?? null;
}

function failureOf({ kind, member, error, step }: EnsembleChange): CliFailure {
  if (error !== null) {
    return { exit: exitCodeOf(error.code), ...error, facts: { ...error.facts, step } };
  }
  return {
    exit: exitCodes.refused,
    code: 'changeUnfinished',
    what: `The change (${kind} member ${member}) was given up by somebody else.`,
    meaning: 'What was done before stays done.',
    todo: 'Look at `muster status`.',
    facts: { step },
  };
}

function lostSight({ kind, member }: EnsembleChange, cause: CliFailure | null): CliFailure {
  return {
    exit: cause?.exit ?? exitCodes.cannotServe,
    code: cause?.code ?? 'deadline',
    what: `The change (${kind} member ${member}) was begun, and how it goes on cannot be seen any more.`,
    meaning: `${cause === null ? 'Another one took its place, or it takes very long.' : cause.what} It is on record.`,
    todo: 'Look at `muster status`: it shows where the change stands, and how to go on.',
    facts: { kind, member },
  };
}
