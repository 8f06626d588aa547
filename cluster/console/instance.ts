/**
 * A whole instance in one process: the ensemble, its console and the file by which the CLI finds it.
 * The command line and the desktop shell start the same one.
 */
import type { ProcessState } from '../api/ensemble.ts';
import type { ApiError } from '../api/errors.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { Scope, type Stop } from '../base/scope.ts';
import { createSupervisor, type Supervisor, type SupervisorOptions } from '../supervisor/supervisor.ts';
import { publishInstance } from './instance-file.ts';
import { type ConsoleServer, createConsoleServer, createToken } from './server.ts';
import { createZnodes } from './znodes.ts';

export interface InstanceOptions extends SupervisorOptions {
  /** Port of the console; 0 takes a free one. */
  readonly consolePort: number;
  /** The built renderer. */
  readonly assetsFolder: string;
  /** Where running instances are listed (state-folder.ts). */
  readonly instancesFolder: string;
  /** Told of defects: of Muster itself, not of what was asked. */
  readonly onDefect: (defect: unknown) => void;
}

export interface RunningInstance {
  readonly supervisor: Supervisor;
  readonly console: ConsoleServer;
  /** Withdraws the file, closes the console, stops every member. Nothing runs afterwards. */
  close(): Promise<void>;
  /** Kills every member and withdraws the file at once, for an end that waits for nothing. */
  kill(): void;
}

export interface InstanceFailure {
  readonly code: string;
  readonly what: string;
  readonly meaning: string;
  readonly todo: string;
  readonly facts: ApiError['facts'];
}

/** Starts the members and the console. What was started is stopped again when a part fails. */
export async function startInstance(
  options: InstanceOptions,
): Promise<Result<RunningInstance, InstanceFailure>> {
  const supervisor = await createSupervisor(options);
  if (!supervisor.ok) return supervisor;
  const scope = new Scope();
  scope.add(() => supervisor.value.close());
  const console = await openConsole(options, { supervisor: supervisor.value, scope });
  if (!console.ok) {
    await scope.close();
    return console;
  }
  return ok({
    supervisor: supervisor.value,
    console: console.value.server,
    close: () => scope.close(),
    kill() {
      console.value.withdraw();
      for (const member of supervisor.value.view().members) killNow(member.process);
    },
  });
}

/** The supervisor shows a pid only while it holds that process. */
function killNow(state: ProcessState): void {
  if (!('pid' in state)) return;
  try {
    process.kill(state.pid, 'SIGKILL');
  } catch (failure) {
    // ESRCH: it ended this moment.
    if ((failure as NodeJS.ErrnoException).code !== 'ESRCH') throw failure;
  }
}

interface OpenConsole {
  readonly server: ConsoleServer;
  readonly withdraw: Stop;
}

async function openConsole(
  options: InstanceOptions,
  { supervisor, scope }: { readonly supervisor: Supervisor; readonly scope: Scope },
): Promise<Result<OpenConsole, InstanceFailure>> {
  const token = createToken();
  const { connect } = supervisor.view();
  const znodes = createZnodes({ quorum: supervisor });
  scope.add(() => znodes.close());
  try {
    const { assetsFolder, consolePort: port, onDefect } = options;
    const { dataFolder } = supervisor;
    const server = await createConsoleServer({
      supervisor,
      znodes,
      token,
      port,
      assetsFolder,
      dataFolder,
      onDefect,
    });
    scope.add(() => server.close());
    const withdraw = publishInstance(options.instancesFolder, {
      format: 1,
      pid: process.pid,
      dataFolder,
      url: server.url,
      token,
      connect,
      startedAtMs: Date.now(),
    });
    scope.add(withdraw);
    return ok({ server, withdraw });
  } catch (failure) {
    return fail(consoleFailure(options, failure));
  }
}

function consoleFailure(
  { consolePort, instancesFolder }: InstanceOptions,
  failure: unknown,
): InstanceFailure {
  const problem = failure instanceof Error ? failure.message : String(failure);
  const taken = (failure as NodeJS.ErrnoException | null)?.code === 'EADDRINUSE';
  return {
    code: taken ? 'consolePortInUse' : 'consoleUnavailable',
    what: taken ? `Port ${consolePort} is in use.` : `The console could not be opened: ${problem}`,
    meaning: 'Without its console an ensemble could not be watched or driven, so it was stopped again.',
    todo: taken
      ? 'Choose another port with --console-port, or leave it out to take a free one.'
      : `Check that ${instancesFolder} can be written.`,
    facts: { problem },
  };
}
