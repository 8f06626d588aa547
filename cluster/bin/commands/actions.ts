/** `transfer campaign snapshot`: what members are asked to do without changing who they are. */
import type { Command } from 'commander';
import type { ActionOutcome, ActionPlan, ActionRequest } from '../../api/changes.ts';
import { unreachable } from '../../base/assert.ts';
import { ok } from '../../base/result.ts';
import { parseMember } from './members.ts';
import { exitCodes, failureLines, formatOf, printResult } from './outcome.ts';
import { type ReachOptions, withInstance, withReachOptions } from './reach.ts';

interface ActionOptions extends ReachOptions {
  readonly dryRun?: boolean;
}

/** Adds the three commands. */
export function addActionCommands(program: Command): void {
  actionCommand(program, 'transfer')
    .description('hand leadership to a member, or to the one that is furthest')
    .argument('[member]', 'who is to lead', parseMember)
    .addHelpText('after', '\nThe target is caught up first.\n\nExample:\n  $ muster transfer 3')
    .action((to: number | undefined, options: ActionOptions) =>
      run({ kind: 'transfer', to: to ?? null }, options),
    );
  actionCommand(program, 'campaign')
    .description('let a member start an election now, also with manual elections')
    .argument('<member>', 'who is to campaign', parseMember)
    .addHelpText('after', '\nExample:\n  $ muster campaign 2')
    .action((member: number, options: ActionOptions) => run({ kind: 'campaign', member }, options));
  actionCommand(program, 'snapshot')
    .description('have a member, or every running one, take a snapshot now')
    .argument('[member]', 'who is to take one', parseMember)
    .addHelpText('after', '\nExample:\n  $ muster snapshot')
    .action((member: number | undefined, options: ActionOptions) =>
      run({ kind: 'snapshot', member: member ?? null }, options),
    );
}

function actionCommand(program: Command, name: string): Command {
  return withReachOptions(program.command(name)).option(
    '--dry-run',
    'print what would be asked of whom, and what speaks against it (exit code 1 then); change nothing',
  );
}

function run(action: ActionRequest, options: ActionOptions): Promise<void> {
  const format = formatOf(options);
  return withInstance(options, async ({ ask }) => {
    if (options.dryRun === true) {
      const plan = await ask('action.plan', { action });
      if (!plan.ok) return plan;
      printResult(format, { human: planText(plan.value), json: { dryRun: true, plan: plan.value } });
      if (plan.value.refusals.length > 0) process.exitCode = exitCodes.refused;
      return ok(null);
    }
    const outcome = await ask('action.run', { action });
    if (!outcome.ok) return outcome;
    printResult(format, { human: outcomeText(outcome.value), json: { outcome: outcome.value } });
    return ok(null);
  });
}

function planText(plan: ActionPlan): string {
  if (plan.refusals.length > 0) {
    const refusals = plan.refusals.flatMap((refusal) => failureLines(refusal).map((line) => `  ${line}`));
    return ['It would be refused now:', ...refusals].join('\n');
  }
  return `${planSentence(plan)} Nothing was changed. Leave out --dry-run to do it.`;
}

function planSentence({ kind, members, leader }: ActionPlan): string {
  const [first] = members;
  switch (kind) {
    case 'transfer':
      return `Member ${leader} would stop taking writes, catch ${first === undefined ? 'the follower that is furthest' : `member ${first}`} up, and have it elected.`;
    case 'campaign':
      return `Member ${first} would ask the others for their votes${leader === null ? '' : `, against member ${leader}, which leads`}.`;
    case 'snapshot':
      return `A snapshot would be taken by ${members.length === 1 ? 'member' : 'members'} ${members.join(', ')}.`;
    default:
      return unreachable(kind);
  }
}

function outcomeText(outcome: ActionOutcome): string {
  switch (outcome.kind) {
    case 'leads':
      return `Member ${outcome.member} leads in term ${outcome.term}, after ${outcome.tookMs} ms.`;
    case 'snapshots':
      return outcome.taken
        .map(
          ({ member, index, sizeBytes }) =>
            `Member ${member} has a snapshot at entry ${index} (${sizeBytes} bytes).`,
        )
        .join('\n');
    default:
      return unreachable(outcome);
  }
}
