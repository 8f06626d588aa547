/** Spreads runs over worker threads, one seed at a time each, so that a slow seed holds up nobody. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { noFaults } from '../../sim/fault-kinds.ts';
import type { RunFailure, RunOutcome } from '../../sim/outcome.ts';
import type { RunRequest } from '../../sim/request.ts';

/** What a run that does not end is said to break. It is not run again: nothing would come of it. */
export const hang = 'ends';

/** A run of 20,000 ticks takes about a second; this is far beyond it even on a busy machine. */
const runMs = 600_000;

/** Asks a worker to run this, or to end. */
export type WorkerTask = { readonly kind: 'run'; readonly request: RunRequest } | { readonly kind: 'end' };

/**
 * Runs every request and tells of each outcome as it comes. `program`: the file that workers execute;
 * it answers each `WorkerTask` to run with its `RunOutcome`.
 */
export async function runAll(
  requests: readonly RunRequest[],
  options: {
    readonly program: URL;
    readonly jobs: number;
    readonly finished: (outcome: RunOutcome) => Promise<void>;
  },
): Promise<void> {
  const waiting = requests.values();
  const lanes = Math.min(options.jobs, requests.length);
  await Promise.all(Array.from({ length: lanes }, () => drain(waiting, options)));
}

async function drain(
  waiting: Iterator<RunRequest>,
  options: { readonly program: URL; readonly finished: (outcome: RunOutcome) => Promise<void> },
): Promise<void> {
  let worker = new Worker(options.program);
  try {
    for (let next = waiting.next(); !next.done; next = waiting.next()) {
      const outcome = await runOn(worker, next.value);
      if (outcome === null) {
        await worker.terminate();
        worker = new Worker(options.program);
      }
      await options.finished(outcome ?? { kind: 'failed', failure: hangOf(next.value) });
    }
    worker.postMessage({ kind: 'end' } satisfies WorkerTask);
  } finally {
    await worker.terminate();
  }
}

/** Null: no answer in time. */
async function runOn(worker: Worker, request: RunRequest): Promise<RunOutcome | null> {
  const deadline = AbortSignal.timeout(runMs);
  worker.postMessage({ kind: 'run', request } satisfies WorkerTask);
  try {
    const [outcome] = (await once(worker, 'message', { signal: deadline })) as [RunOutcome];
    return outcome;
  } catch (failure) {
    if (deadline.aborted) return null;
    throw failure;
  }
}

function hangOf(request: RunRequest): RunFailure {
  const message = `no end after ${runMs / 1_000} s`;
  return { request, checker: hang, message, stack: message, virtualMs: 0, faults: noFaults() };
}
