/** `recover`: forced recovery from a chosen survivor, when a majority is lost for good. */
import type { Command } from 'commander';
import { carryOut, type PlannedRecovery, planForced } from '../offline/force.ts';
import type { Refusal } from '../offline/preconditions.ts';
import { type Survey, surveyFolder } from '../offline/survey.ts';
import { parseMember } from './members.ts';
import { type FolderOptions, lockOffline, type OfflineFolder, withFolderOptions } from './offline-folder.ts';
import { type CliFailure, endWith, exitCodes, formatOf, printResult, usageFailure } from './outcome.ts';
import { planJson, surveyJson } from './recover-json.ts';
import { nextCommands, planText, recoveredText, surveyText } from './recover-words.ts';

interface RecoverOptions extends FolderOptions {
  readonly survivor?: number;
  readonly dryRun?: boolean;
  readonly confirm?: string;
}

export function addRecoverCommand(program: Command): void {
  withFolderOptions(program.command('recover'))
    .description(
      'bring back an ensemble that lost its majority for good, from one survivor (nothing may run)',
    )
    .option(
      '--survivor <member>',
      'the member to go on from; without it, only what everyone holds is shown',
      parseMember,
    )
    .option('--confirm <plan>', 'do it, as planned under this id')
    .option('--dry-run', 'show what would be done, also with --confirm; this is what happens without it')
    .addHelpText('after', help)
    .action(recover);
}

const help = `
First without --confirm: it shows what every data directory holds, recommends a survivor by the term
and the index of its last entry, and says what would be kept, lost and committed. The plan has an id;
in another situation it is another plan, and the id does not hold. Nothing is written before the
survivor's directory was copied to the archive.

Example:
  $ muster recover
  $ muster recover --survivor 1
  $ muster recover --survivor 1 --confirm 3f9c0a12b7de`;

async function recover(options: RecoverOptions): Promise<void> {
  if (options.confirm !== undefined && options.survivor === undefined) {
    endWith(noSurvivor, formatOf(options));
    return;
  }
  const folder = lockOffline(options);
  if (!folder.ok) {
    endWith(folder.error, formatOf(options));
    return;
  }
  try {
    await withFolder(folder.value, options);
  } finally {
    folder.value.release();
  }
}

async function withFolder(folder: OfflineFolder, options: RecoverOptions): Promise<void> {
  const survey = surveyFolder(folder.path, folder.record);
  const planned = options.survivor === undefined ? null : planForced(options.survivor, survey);
  if (planned?.ok === true && options.confirm !== undefined && options.dryRun !== true) {
    await confirmed(planned.value, { folder, options });
    return;
  }
  if (planned?.ok === false && options.confirm !== undefined) {
    const [refusal] = planned.error;
    if (refusal !== undefined) endWith(failureOf(refusal), formatOf(options));
    return;
  }
  show(survey, { planned, options });
}

function show(
  survey: Survey,
  {
    planned,
    options,
  }: { readonly planned: ReturnType<typeof planForced> | null; readonly options: RecoverOptions },
): void {
  const plan = planned?.ok === true ? planned.value : null;
  const refusals = planned?.ok === false ? planned.error : [];
  const command = (parts: string) => `muster recover${dataOption(options)} ${parts}`;
  printResult(formatOf(options), {
    human: [
      ...surveyText(survey),
      ...planText({ plan, refusals, survey, command, asked: options.survivor ?? null }),
    ].join('\n'),
    json: {
      dryRun: true,
      ...surveyJson(survey),
      plan: plan === null ? null : planJson(plan, survey),
      refusals,
    },
  });
  if (refusals.length > 0) process.exitCode = exitCodes.refused;
}

async function confirmed(
  planned: PlannedRecovery,
  { folder, options }: { readonly folder: OfflineFolder; readonly options: RecoverOptions },
): Promise<void> {
  const format = formatOf(options);
  if (options.confirm !== planned.id) {
    endWith(planChanged(planned, options.confirm ?? ''), format);
    return;
  }
  const { path, record } = folder;
  const done = await carryOut(planned, { path, record, nowMs: Date.now() });
  if (!done.ok) {
    endWith(failureOf(done.error), format);
    return;
  }
  const next = nextCommands(planned, {
    dataOption: dataOption(options),
    elections: record.settings.elections,
  });
  const json = {
    recovered: { survivor: planned.survivor, archive: done.value.archive, lost: planned.lost },
    next,
  };
  printResult(format, { human: recoveredText(planned, { archive: done.value.archive, next }), json });
}

/** As it must be repeated in the commands that come next. */
function dataOption({ data }: RecoverOptions): string {
  if (data === undefined) return '';
  return /^[\w@%+=:,./-]+$/.test(data) ? ` --data ${data}` : ` --data '${data.replaceAll("'", `'\\''`)}'`;
}

function planChanged({ id, survivor }: PlannedRecovery, given: string): CliFailure {
  return {
    exit: exitCodes.refused,
    code: 'planChanged',
    what: `The plan ${given} is not the plan for this situation, which is ${id}.`,
    meaning: 'Something changed since it was made, or it was made for another survivor; nothing was changed.',
    todo: `Look at it again: \`muster recover --survivor ${survivor}\`.`,
    facts: { survivor, plan: id },
  };
}

const noSurvivor = usageFailure(
  'A plan is confirmed (--confirm), and no survivor is named.',
  'Name the one that the plan is for: `muster recover --survivor N --confirm PLAN`.',
);

function failureOf({ code, what, meaning, todo }: Refusal): CliFailure {
  return { exit: exitCodes.refused, code, what, meaning, todo, facts: {} };
}
