/** How long the event loop was kept from other work, turn by turn: what a client would have waited. */
import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

export interface Pauses {
  readonly turns: number;
  readonly totalMs: number;
  readonly longestMs: number;
  /** The longest that a turn would have taken with a processor for itself, as far as the system tells. */
  readonly longestOwnMs: number;
  /** As `longestOwnMs`: all but one of a hundred turns were shorter. */
  readonly p99OwnMs: number;
}

/** Runs `turn` until it answers false, letting the event loop go on in between. */
export async function measurePauses(turn: (count: number) => boolean): Promise<Pauses> {
  const turnsMs: number[] = [];
  const ownMs: number[] = [];
  await nextTurn();
  let last = timesMs();
  for (let goesOn = true; goesOn; ) {
    goesOn = turn(turnsMs.length);
    await nextTurn();
    const now = timesMs();
    const wallMs = now.wall - last.wall;
    turnsMs.push(wallMs);
    // Two upper bounds: this thread's turn without its waits, and all threads' work in it.
    ownMs.push(Math.min(wallMs - (now.waited - last.waited), now.worked - last.worked));
    last = now;
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

interface Times {
  readonly wall: number;
  /** This thread was ready to run, and something else had the processor. 0 where it is not known. */
  readonly waited: number;
  /** All threads of this process had a processor. */
  readonly worked: number;
}

function timesMs(): Times {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now(), waited: waitedMs(), worked: (user + system) / 1e3 };
}

/** Linux: the second number of `schedstat`. */
function waitedMs(): number {
  if (process.platform !== 'linux') return 0;
  const waitedNs = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ')[1];
  return Number(waitedNs) / 1e6;
}
