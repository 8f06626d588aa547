/**
 * How the supervisor starts a process and talks to it. Two adapters: `child_process.fork` (the
 * command line) and Electron's `utilityProcess` (the desktop).
 */
import type { Result } from '../base/result.ts';
import type { SupervisorMessage } from './member-messages.ts';

export interface SpawnRequest {
  /** The script to run, an absolute path. */
  readonly modulePath: string;
  /** Shown in the process list: who this is, nothing secret. */
  readonly args: readonly string[];
  /** Standard output and error are appended here. */
  readonly outputFile: string;
}

/** Signals that the supervisor sends. SIGSTOP and SIGCONT exist on POSIX systems only. */
export type ProcessSignal = 'SIGKILL' | 'SIGSTOP' | 'SIGCONT';

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface ProcessListener {
  /** One message, unchecked. */
  message(message: unknown): void;
  /** Called once, after the last message. */
  exited(exit: ProcessExit): void;
}

export interface MemberProcess {
  readonly pid: number;
  /** Sends in order. A message to a process that has ended is lost; `exited` tells of the end. */
  send(message: SupervisorMessage): void;
  /** True when the signal was delivered; false when the process is gone or the system has no such signal. */
  signal(signal: ProcessSignal): boolean;
}

export interface SpawnPort {
  /** Settles once the process has a pid; the failure says why there is none. */
  spawn(request: SpawnRequest, listener: ProcessListener): Promise<Result<MemberProcess, string>>;
}
