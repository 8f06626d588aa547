/** The `muster` command line: starts an ensemble, or acts on the one that is running. */

import { Command, CommanderError } from 'commander';
import { musterVersion } from '../base/version.ts';
import { addActionCommands } from './commands/actions.ts';
import { addChangeCommands } from './commands/changes.ts';
import { addCheckCommand, checkExitCodes } from './commands/check.ts';
import { addLogCommand } from './commands/log.ts';
import { addLinkCommands, addMemberCommands } from './commands/members.ts';
import { type CliFailure, endWith, exitCodes, formatOf, usageFailure } from './commands/outcome.ts';
import { addReadCommands } from './commands/read-znodes.ts';
import { addRecoverCommand } from './commands/recover.ts';
import { addStatusCommand } from './commands/status.ts';
import { addUpCommand } from './commands/up.ts';
import { addWalCommands } from './commands/wal.ts';
import { addWriteCommands } from './commands/write-znodes.ts';

const exitCodeHelp = `
Exit codes:
  0  done
  1  refused, or it failed (no such znode, wrong version, a member in the wrong state)
  2  the command line is wrong
  3  no instance is running
  4  the ensemble cannot serve: no majority, or no answer in time
  5  an instance is running on this data folder already
check has its own (check --help).`;

function createProgram(): Command {
  const program = new Command('muster')
    .description('A local ZooKeeper-compatible ensemble over Raft, made to be broken and brought back.')
    .addHelpText('after', exitCodeHelp)
    .configureHelp({ showGlobalOptions: false })
    .version(musterVersion, '--version', 'print the version')
    // Errors of usage are printed in the same form as all others.
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
  addUpCommand(program);
  addStatusCommand(program);
  addMemberCommands(program);
  addLinkCommands(program);
  addChangeCommands(program);
  addActionCommands(program);
  addReadCommands(program);
  addWriteCommands(program);
  addLogCommand(program);
  addCheckCommand(program);
  addWalCommands(program);
  addRecoverCommand(program);
  return program;
}

async function main(args: readonly string[]): Promise<void> {
  // A reader that has seen enough, such as `head`, closes the pipe: not an error.
  process.stdout.on('error', (failure: NodeJS.ErrnoException) => {
    if (failure.code !== 'EPIPE') throw failure;
  });
  try {
    await createProgram().parseAsync(args, { from: 'user' });
  } catch (failure) {
    if (!(failure instanceof CommanderError)) throw failure;
    // Help comes as an error with exit code 0; asked for by a wrong command line, with another.
    if (failure.exitCode === 0) return;
    if (failure.code === 'commander.help') process.exitCode = exitCodes.usage;
    else endWith(usageOf(failure, args), formatOf({ json: args.includes('--json') }));
  }
}

function usageOf({ message }: CommanderError, args: readonly string[]): CliFailure {
  const what = message.replace(/^error: /, '').replace(/([^.])$/, '$1.');
  const failure = usageFailure(
    `${what[0]?.toUpperCase() ?? ''}${what.slice(1)}`,
    'Add --help for the usage and an example.',
  );
  // The others of its exit codes are verdicts.
  return args[0] === 'check' ? { ...failure, exit: checkExitCodes.badInput } : failure;
}

await main(process.argv.slice(2));
