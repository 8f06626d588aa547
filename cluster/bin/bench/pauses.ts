/** How long the event loop was kept from other work, turn by turn: what a client would have waited. */
import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

export interface Pauses {
  readonly turns: number;
  readonly totalMs: number;
  readonly longestMs: number;
  /** Of the turns without the time that other processes had the processor; the same where that is not known. */
  readonly longestOwnMs: number;
  /** As `longestOwnMs`: all but one of a hundred turns were shorter. */
  readonly p99OwnMs: number;
}

/** Runs `turn` until it answers false, letting the event loop go on in between. */
export async function measurePauses(turn: (count: number) => boolean): Promise<Pauses> {
  const turnsMs: number[] = [];
  const ownMs: number[] = [];
  await nextTurn();
  let lastMs = performance.now();
  let lastWaitMs = waitedMs();
  for (let goesOn = true; goesOn; ) {
    goesOn = turn(turnsMs.length);
    await nextTurn();
    const [nowMs, waitMs] = [performance.now(), waitedMs()];
    turnsMs.push(nowMs - lastMs);
    ownMs.push(nowMs - lastMs - (waitMs - lastWaitMs));
    [lastMs, lastWaitMs] = [nowMs, waitMs];
  }
  return {
    turns: turnsMs.length,
    totalMs: turnsMs.reduce((sum, ms) => sum + ms, 0),
    longestMs: percentile(turnsMs, 1),
    longestOwnMs: percentile(ownMs, 1),
    p99OwnMs: percentile(ownMs, 0.99),
  };
}

function percentile(values: readonly number[], share: number): number {
  return Float64Array.from(values).sort()[Math.ceil(values.length * share) - 1] ?? Number.NaN;
}

/** Since this thread began, the time it was ready to run and another had the processor (Linux: `schedstat`). */
function waitedMs(): number {
  if (process.platform !== 'linux') return 0;
  const waitedNs = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ')[1];
  return Number(waitedNs) / 1e6;
}
