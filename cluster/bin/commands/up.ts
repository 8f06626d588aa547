/** `up`: starts an ensemble and its console, and keeps them until it is told to stop. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, InvalidArgumentError } from 'commander';
import type { EnsembleView } from '../../api/ensemble.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { type InstanceFailure, type RunningInstance, startInstance } from '../../console/instance.ts';
import { type Instance, readInstances } from '../../console/instance-file.ts';
import { defaultDataFolder, instancesFolder, ownSurroundings } from '../../console/state-folder.ts';
import { childProcessSpawn } from '../../supervisor/child-process-spawn.ts';
import { openInBrowser } from './browser.ts';
import { type CliFailure, endWith, exitCodes, type FormatOptions, formatOf, printLine } from './outcome.ts';
import { readyBlock, readyLine } from './ready.ts';
import { type SettingsOptions, settingsWish, withSettingsOptions } from './settings.ts';
import { consoleAddress } from './status.ts';
import { stopSignals } from './stop-signals.ts';

/** From the start of the members to a leader that serves. */
const readyTimeoutMs = 20_000;
/** Once a leader serves, the others get this long to report their role, for a complete list. */
const othersReportTimeoutMs = 1_000;

interface UpOptions extends FormatOptions, SettingsOptions {
  readonly members?: number;
  readonly data?: string;
  readonly clientPort?: number;
  readonly consolePort: number;
  readonly open: boolean;
}

export function addUpCommand(program: Command): void {
  const dataFolder = defaultDataFolder(ownSurroundings());
  const command = program
    .command('up')
    .description('start an ensemble and its console; Ctrl-C stops everything')
    .option('--members <count>', '1, 3, 5 or 7 members of a new ensemble (default: 3)', parseMembers)
    .option('--data <folder>', `data folder (default: ${dataFolder})`)
    .option('--client-port <port>', 'client port of member 1, 0 for any (default: 2181)', parsePort)
    .option('--console-port <port>', 'port of the console, 0 for any', parsePort, 0)
    .option('--no-open', 'print the address of the console instead of opening the browser')
    .option('--json', 'print one JSON object on one line when ready');
  withSettingsOptions(command)
    .addHelpText(
      'after',
      [
        '',
        'Client ports in use are replaced by free ones. The options from --elections on are kept in the data',
        'folder: they hold for its members until they are given anew.',
        '',
        'Example:',
        '  $ muster up --members 5 --no-open',
      ].join('\n'),
    )
    .action(up);
}

async function up(options: UpOptions): Promise<void> {
  const signals = stopSignals();
  const dataFolder = resolve(options.data ?? defaultDataFolder(ownSurroundings()));
  const started = await start(dataFolder, options);
  if (!started.ok) {
    endWith(started.error, formatOf(options));
    signals.release();
    return;
  }
  const instance = started.value;
  signals.onForce(() => instance.kill());
  const ready = await Promise.race([untilReady(instance), signals.requested.then(() => null)]);
  if (ready?.ok === true) {
    await announce(instance, options);
    await signals.requested;
  }
  if (options.json !== true) process.stderr.write('Stopping the members…\n');
  await instance.close();
  signals.release();
  if (ready?.ok === false) endWith(ready.error, formatOf(options));
}

async function start(dataFolder: string, options: UpOptions): Promise<Result<RunningInstance, CliFailure>> {
  const instances = instancesFolder(ownSurroundings());
  const started = await startInstance({
    dataFolder,
    name: null,
    members: options.members ?? null,
    clientPortBase: options.clientPort ?? null,
    timing: null,
    settings: settingsWish(options),
    spawn: childProcessSpawn,
    memberModule: besideThisProgram('./member.js'),
    consolePort: options.consolePort,
    assetsFolder: besideThisProgram('../renderer'),
    instancesFolder: instances,
    onDefect: (defect) => {
      process.stderr.write(
        `muster: ${defect instanceof Error ? (defect.stack ?? defect.message) : String(defect)}\n`,
      );
    },
  });
  if (started.ok) return started;
  const running = readInstances(instances).find((one) => one.dataFolder === dataFolder) ?? null;
  return fail(startFailure(started.error, running));
}

/** Settles when a leader serves clients, and every member that runs has had time to say its role. */
function untilReady({ supervisor }: RunningInstance): Promise<Result<EnsembleView, CliFailure>> {
  return new Promise((settle) => {
    let graceTimer: NodeJS.Timeout | null = null;
    const finish = (result: Result<EnsembleView, CliFailure>): void => {
      clearTimeout(deadline);
      if (graceTimer !== null) clearTimeout(graceTimer);
      unlisten();
      settle(result);
    };
    const look = (): void => {
      const view = supervisor.view();
      if (!leads(view) && !waitsForOperator(view)) return;
      if (view.members.every(({ report }) => report?.serving === true)) finish(ok(view));
      else graceTimer ??= setTimeout(() => finish(ok(supervisor.view())), othersReportTimeoutMs);
    };
    const deadline = setTimeout(() => finish(fail(notServing(supervisor.view()))), readyTimeoutMs);
    const unlisten = supervisor.onChange(look);
    look();
  });
}

/** With manual elections nobody leads before the operator says so: then it is ready when the members run. */
function waitsForOperator({ settings, members }: EnsembleView): boolean {
  const voters = members.filter(({ standing }) => standing === 'voter');
  return settings.elections === 'manual' && voters.every(({ report }) => report !== null);
}

function leads({ leader, members }: EnsembleView): boolean {
  return members.some(({ id, report }) => id === leader && report?.role === 'leader' && report.serving);
}

async function announce(instance: RunningInstance, options: UpOptions): Promise<void> {
  const view = instance.supervisor.view();
  const address = instance.console.openUrl;
  if (options.json === true) {
    printLine(readyLine(view, address));
    return;
  }
  printLine(readyBlock(view, { address, dataFolder: instance.supervisor.dataFolder }));
  if (!options.open) return;
  const opened = await openInBrowser(address);
  if (!opened) printLine(`No browser could be opened here; open this address in one: ${address}`);
}

function startFailure(failure: InstanceFailure, running: Instance | null): CliFailure {
  if (failure.code !== 'folderInUse') return { exit: exitCodes.refused, ...failure };
  const found = { ...failure, exit: exitCodes.alreadyRunning, code: 'alreadyRunning' };
  if (running === null) return found;
  const { pid, connect } = running;
  const console = consoleAddress(running);
  return {
    ...found,
    todo: `Open ${console} (clients: ${connect}), end it with Ctrl-C or \`kill ${pid}\`, or choose another folder with --data.`,
    facts: { ...failure.facts, pid, connect, console },
  };
}

function notServing(view: EnsembleView): CliFailure {
  const [first] = view.members;
  return {
    exit: exitCodes.cannotServe,
    code: 'notServing',
    what: `No leader was serving within ${readyTimeoutMs / 1_000} s: ${view.health.working} of ${view.health.total} voters work.`,
    meaning: 'Too few members could start or reach each other, so everything was stopped again.',
    todo: `If a majority of the data directories is lost for good, see \`muster recover\`. Otherwise read the members' log files, such as ${first?.logFile ?? 'those in the data folder'}.${refusals(view)}`,
    facts: { working: view.health.working, total: view.health.total },
  };
}

/** What the members that did not start said. */
function refusals({ members }: EnsembleView): string {
  return members
    .map(({ id, process }) =>
      process.kind === 'crashed' && process.reason !== null ? `\n  Member ${id}: ${process.reason}` : '',
    )
    .join('');
}

/** Programs are built into one folder, the console beside it. */
function besideThisProgram(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

function parseMembers(text: string): number {
  const count = Number(text);
  if ([1, 3, 5, 7].includes(count)) return count;
  throw new InvalidArgumentError('An ensemble has 1, 3, 5 or 7 members.');
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^[0-9]{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}
