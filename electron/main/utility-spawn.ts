/**
 * The spawn port over Electron's `utilityProcess`. The desktop needs no `ELECTRON_RUN_AS_NODE`, whose
 * fuse is off in the packaged application.
 */
import { createWriteStream } from 'node:fs';
import { fail, ok, type Result } from '../../cluster/base/result.ts';
import { deliverSignal } from '../../cluster/supervisor/process-identity.ts';
import type {
  MemberProcess,
  ProcessExit,
  ProcessListener,
  SpawnPort,
  SpawnRequest,
} from '../../cluster/supervisor/spawn-port.ts';

/** Longest wait for the operating system to give a process. */
const spawnTimeoutMs = 10_000;

/** What is used of Electron's `UtilityProcess`. */
export interface UtilityChild {
  readonly pid: number | undefined;
  readonly stdout: NodeJS.ReadableStream | null;
  readonly stderr: NodeJS.ReadableStream | null;
  postMessage(message: unknown): void;
  kill(): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'spawn', listener: () => void): unknown;
  once(event: 'exit', listener: (code: number) => void): unknown;
}

/** `utilityProcess.fork` with both outputs piped. */
export type ForkUtility = (request: Pick<SpawnRequest, 'modulePath' | 'args'>) => UtilityChild;

export function createUtilitySpawn(fork: ForkUtility): SpawnPort {
  return { spawn: (request, listener) => spawn(fork, { request, listener }) };
}

function spawn(
  fork: ForkUtility,
  { request, listener }: { readonly request: SpawnRequest; readonly listener: ProcessListener },
): Promise<Result<MemberProcess, string>> {
  const child = fork(request);
  keepOutput(child, request.outputFile);
  const life: Life = { child, killed: false, ended: false };
  child.on('message', (message) => listener.message(message));
  return new Promise((settle) => {
    const deadline = setTimeout(() => {
      settle(fail(`no process within ${spawnTimeoutMs / 1_000} s`));
      child.kill();
    }, spawnTimeoutMs);
    let spawned = false;
    child.once('spawn', () => {
      clearTimeout(deadline);
      spawned = true;
      settle(ok(memberProcess(life)));
    });
    child.once('exit', (code) => {
      clearTimeout(deadline);
      life.ended = true;
      if (spawned) listener.exited(exitOf(life, code));
      else settle(fail(`the process ended before it started, with code ${code}`));
    });
  });
}

interface Life {
  readonly child: UtilityChild;
  killed: boolean;
  ended: boolean;
}

function memberProcess(life: Life): MemberProcess {
  // Electron forgets the pid when the process ends.
  const pid = life.child.pid ?? 0;
  return {
    pid,
    send(message) {
      if (!life.ended) life.child.postMessage(message);
    },
    signal(signal) {
      if (life.ended || !deliverSignal(pid, signal)) return false;
      if (signal === 'SIGKILL') life.killed = true;
      return true;
    },
  };
}

/** Electron gives a code only, and after a signal a code that means nothing; our own signal is known. */
function exitOf({ killed }: Life, code: number): ProcessExit {
  return killed ? { code: null, signal: 'SIGKILL' } : { code, signal: null };
}

function keepOutput(child: UtilityChild, outputFile: string): void {
  for (const stream of [child.stdout, child.stderr]) {
    const file = createWriteStream(outputFile, { flags: 'a', mode: 0o600 });
    // A full disk must not end the desktop: what the member says is lost, the member itself notices.
    file.on('error', () => stream?.resume());
    stream?.pipe(file);
  }
}
