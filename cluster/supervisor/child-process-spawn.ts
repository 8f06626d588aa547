/** The spawn port over `child_process.fork`. */
import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fail, ok, type Result } from '../base/result.ts';
import { deliverSignal } from './process-identity.ts';
import type { MemberProcess, ProcessExit, ProcessListener, SpawnPort, SpawnRequest } from './spawn-port.ts';

/** Longest wait for a dead child's last messages; its end of the channel closes at once. */
const lastMessagesTimeoutMs = 200;

export const childProcessSpawn: SpawnPort = { spawn };

function spawn(request: SpawnRequest, listener: ProcessListener): Promise<Result<MemberProcess, string>> {
  const output = openSync(request.outputFile, 'a', 0o600);
  const child = fork(request.modulePath, request.args, {
    serialization: 'advanced',
    stdio: ['ignore', output, output, 'ipc'],
    execArgv: [],
  });
  closeSync(output);
  child.on('message', (message) => listener.message(message));
  onEnd(child, listener.exited);
  return new Promise((settle) => {
    child.on('error', (failure) => settle(fail(failure.message)));
    child.once('spawn', () => settle(ok(memberProcess(child))));
  });
}

function memberProcess(child: ChildProcess): MemberProcess {
  const pid = child.pid ?? 0;
  return {
    pid,
    send(message) {
      // The callback takes the failure of a send to a process that has just ended.
      if (child.connected) child.send(message, () => undefined);
    },
    signal: (signal) =>
      child.exitCode === null && child.signalCode === null ? deliverSignal(pid, signal) : false,
  };
}

/** Reports the end after the last message: Node may tell of the exit before it has read them. */
function onEnd(child: ChildProcess, exited: (exit: ProcessExit) => void): void {
  child.once('exit', (code, signal) => {
    let told = false;
    const tell = () => {
      if (told) return;
      told = true;
      clearTimeout(timer);
      exited({ code, signal });
    };
    const timer = setTimeout(tell, lastMessagesTimeoutMs);
    if (child.connected) child.once('disconnect', tell);
    else setImmediate(tell);
  });
}
