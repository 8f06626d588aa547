/**
 * Remembers each member's process on disk, so that a supervisor started after another was killed
 * finds the members that are still ending: two processes on one data directory would ruin it.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { deliverSignal, isRunning, processStart } from './process-identity.ts';

const processRecord = z.object({ pid: z.number().int().positive(), start: z.string() });
type ProcessRecord = z.infer<typeof processRecord>;

/** How long a member without a supervisor may take to end by itself (it promises one second). */
const orphanGraceMs = 2_000;
const pollMs = 20;

export function recordProcess(file: string, pid: number): void {
  const start = processStart(pid);
  if (start !== null) writeFileSync(file, JSON.stringify({ pid, start }), { mode: 0o600 });
}

export function forgetProcess(file: string): void {
  rmSync(file, { force: true });
}

/** The pid of a member's process that runs, of whatever supervisor; null when there is none. */
export function runningProcess(file: string): number | null {
  const recorded = readRecord(file);
  return recorded !== null && isRunning(recorded) ? recorded.pid : null;
}

/** Waits for a member's process of an earlier supervisor to end, and ends it when it does not. */
export async function endOrphan(file: string): Promise<void> {
  const orphan = readRecord(file);
  if (orphan === null) return;
  if (!isRunning(orphan)) {
    forgetProcess(file);
    return;
  }
  // It may have been paused: then it has not yet noticed that it is alone.
  deliverSignal(orphan.pid, 'SIGCONT');
  if (!(await ended(orphan, orphanGraceMs))) {
    deliverSignal(orphan.pid, 'SIGKILL');
    await ended(orphan, orphanGraceMs);
  }
  forgetProcess(file);
}

async function ended(orphan: ProcessRecord, withinMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += pollMs) {
    if (!isRunning(orphan)) return true;
    await delay(pollMs);
  }
  return !isRunning(orphan);
}

function readRecord(file: string): ProcessRecord | null {
  try {
    const parsed = processRecord.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    // Absent, or cut short by the supervisor's own death: the process was then never told to start.
    return null;
  }
}
