/** Spreads runs over worker threads, one seed at a time each, so that a slow seed holds up nobody. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { RunOutcome } from '../../sim/outcome.ts';
import type { RunRequest } from '../../sim/request.ts';

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
  const worker = new Worker(options.program);
  try {
    for (let next = waiting.next(); !next.done; next = waiting.next()) {
      worker.postMessage({ kind: 'run', request: next.value } satisfies WorkerTask);
      const [outcome] = (await once(worker, 'message')) as [RunOutcome];
      await options.finished(outcome);
    }
    worker.postMessage({ kind: 'end' } satisfies WorkerTask);
  } finally {
    await worker.terminate();
  }
}
