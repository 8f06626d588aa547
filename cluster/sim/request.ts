/** What to run: everything that a run is a function of. */
import type { FaultKind } from './fault-kinds.ts';

/** The same request gives the same run, line by line. */
export interface RunRequest {
  readonly seed: string;
  /** Virtual ticks of 10 ms under faults; afterwards everything heals. */
  readonly ticks: number;
  /** Kinds of faults left out: shrinking asks for that. */
  readonly without: readonly FaultKind[];
  /** At most so many clients; null: as many as the seed draws. */
  readonly clientsMax: number | null;
}

/** A whole run of a seed, nothing left out. */
export function wholeRun(seed: string, ticks: number): RunRequest {
  return { seed, ticks, without: [], clientsMax: null };
}
