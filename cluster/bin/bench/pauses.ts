/** How long the event loop was kept from other work, turn by turn: what a client would have waited. */
import { setImmediate as nextTurn } from 'node:timers/promises';

export interface Pauses {
  readonly turns: number;
  readonly totalMs: number;
  readonly longestMs: number;
  /** All but one of a thousand turns were shorter. */
  readonly p999Ms: number;
}

/** Runs `turn` until it answers false, letting the event loop go on in between. */
export async function measurePauses(turn: (count: number) => boolean): Promise<Pauses> {
  const turnsMs: number[] = [];
  await nextTurn();
  let last = performance.now();
  for (let goesOn = true; goesOn; ) {
    goesOn = turn(turnsMs.length);
    await nextTurn();
    const now = performance.now();
    turnsMs.push(now - last);
    last = now;
  }
  const sorted = Float64Array.from(turnsMs).sort();
  const at = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
  const totalMs = turnsMs.reduce((sum, ms) => sum + ms, 0);
  return { turns: turnsMs.length, totalMs, longestMs: at(1), p999Ms: at(0.999) };
}
