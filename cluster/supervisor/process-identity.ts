/**
 * Tells one process from another that was given the same pid later: a pid and when it started. A
 * lock file that names only a pid would name a stranger after a reboot.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { ProcessSignal } from './spawn-port.ts';

/** Longest wait for `ps`. */
const psTimeoutMs = 1_000;

/** Stands for "runs, but this system does not tell since when". */
const unknownStart = 'unknown';

/** When a running process started, as an opaque text; null when no such process runs. */
export function processStart(pid: number): string | null {
  if (process.platform === 'linux') return linuxStart(pid);
  if (!exists(pid)) return null;
  if (process.platform === 'win32') return unknownStart;
  return posixStart(pid);
}

/** Whether the process that started then still runs under this pid. In doubt it does. */
export function isRunning({ pid, start }: { readonly pid: number; readonly start: string }): boolean {
  const current = processStart(pid);
  if (current === null) return false;
  return current === unknownStart || start === unknownStart || current === start;
}

/** True when the signal was delivered. */
export function deliverSignal(pid: number, signal: ProcessSignal): boolean {
  if (process.platform === 'win32' && signal !== 'SIGKILL') return false;
  return kill(pid, signal);
}

/** proc_pid_stat(5): field 3 is the state, field 22 the start in clock ticks since boot. */
function linuxStart(pid: number): string | null {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // Field 2, the name, may hold spaces and parentheses: count from its end.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  if (state === 'Z' || state === 'X' || startTicks === undefined) return null;
  return `${readText('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}/${startTicks}`;
}

function posixStart(pid: number): string {
  try {
    const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { timeout: psTimeoutMs });
    return started.toString().trim() || unknownStart;
  } catch {
    return unknownStart;
  }
}

function exists(pid: number): boolean {
  return kill(pid, 0);
}

function kill(pid: number, signal: ProcessSignal | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (failure) {
    // EPERM: it runs, but is not ours to signal.
    return signal === 0 && (failure as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
