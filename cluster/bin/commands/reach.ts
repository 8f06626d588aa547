/** From the command line to the running instance: finds it, asks it, ends with what it answered. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type CommandInput, type CommandName, type CommandOutput, parseInput } from '../../api/commands.ts';
import { unreachable } from '../../base/assert.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { type ConsoleClient, connectConsole } from '../../console/console-client.ts';
import {
  type ChooseFailure,
  chooseInstance,
  type Instance,
  readInstances,
  withdrawInstance,
} from '../../console/instance-file.ts';
import { instancesFolder, ownSurroundings } from '../../console/state-folder.ts';
import {
  type CliFailure,
  endWith,
  exitCodeOf,
  exitCodes,
  type FormatOptions,
  formatOf,
  usageFailure,
} from './outcome.ts';

/** The instance is on this machine: past this it hangs. */
const connectTimeoutMs = 3_000;
/** Longer than any deadline of the instance itself. */
const commandTimeoutMs = 15_000;

export interface ReachOptions extends FormatOptions {
  readonly data?: string;
}

/** Adds the options of every command that talks to a running instance. */
export function withReachOptions(command: Command): Command {
  return command
    .option('--data <folder>', 'data folder of the instance to talk to, when several run')
    .option('--json', 'print one JSON object instead of text');
}

/** What a command works with once it has reached the instance. */
export interface Reached {
  readonly instance: Instance;
  ask<Name extends CommandName>(
    name: Name,
    input: CommandInput<Name>,
  ): Promise<Result<CommandOutput<Name>, CliFailure>>;
}

/** Runs `act` with the running instance; prints whatever failure comes of it. */
export async function withInstance(
  options: ReachOptions,
  act: (reached: Reached) => Promise<Result<null, CliFailure>>,
): Promise<void> {
  const connected = await reach(options);
  if (!connected.ok) {
    endWith(connected.error, formatOf(options));
    return;
  }
  const { client, instance } = connected.value;
  const outcome = await act({ instance, ask: (name, input) => ask(client, { name, input }) });
  client.close();
  if (!outcome.ok) endWith(outcome.error, formatOf(options));
}

async function reach(
  options: ReachOptions,
): Promise<Result<{ readonly client: ConsoleClient; readonly instance: Instance }, CliFailure>> {
  const folder = instancesFolder(ownSurroundings());
  const dataFolder = options.data === undefined ? null : resolve(options.data);
  const chosen = chooseInstance(readInstances(folder), dataFolder);
  if (!chosen.ok) return fail(notChosen(chosen.error));
  const instance = chosen.value;
  const { url, token } = instance;
  const client = await connectConsole({ url, token, connectTimeoutMs, commandTimeoutMs });
  if (client.ok) return ok({ client: client.value, instance });
  if (client.error.kind === 'gone') withdrawInstance(folder, instance);
  return fail(notAnswering(instance, client.error.why));
}

async function ask<Name extends CommandName>(
  client: ConsoleClient,
  { name, input }: { readonly name: Name; readonly input: CommandInput<Name> },
): Promise<Result<CommandOutput<Name>, CliFailure>> {
  const checked = parseInput(name, input);
  if (!checked.ok)
    return fail(usageFailure(`Wrong input: ${checked.error}.`, 'See the help of this command (--help).'));
  const answer = await client.command(name, checked.value);
  return answer.ok ? answer : fail({ exit: exitCodeOf(answer.error.code), ...answer.error });
}

function notChosen(failure: ChooseFailure): CliFailure {
  switch (failure.kind) {
    case 'none':
      return {
        exit: exitCodes.noInstance,
        code: 'noInstance',
        what: `No instance is running${failure.dataFolder === null ? '' : ` on ${failure.dataFolder}`}.`,
        meaning: 'This command acts on a running ensemble, and there is none.',
        todo: 'Start one with `muster up`, and leave it running.',
        facts: { dataFolder: failure.dataFolder },
      };
    case 'several':
      return {
        ...usageFailure(
          `${failure.instances.length} instances are running: ${failure.instances.map((one) => one.dataFolder).join(', ')}.`,
          'Name one by its data folder: --data FOLDER.',
        ),
        code: 'severalInstances',
        meaning: 'It is not clear which one is meant; nothing was done.',
      };
    default:
      return unreachable(failure);
  }
}

function notAnswering(instance: Instance, why: string): CliFailure {
  return {
    exit: exitCodes.noInstance,
    code: 'noInstance',
    what: `The instance on ${instance.dataFolder} does not answer at ${instance.url}: ${why}.`,
    meaning: 'It has ended without tidying up, or hangs.',
    todo: `See whether process ${instance.pid} is still running; if not, start again with \`muster up\`.`,
    facts: { pid: instance.pid, url: instance.url },
  };
}
