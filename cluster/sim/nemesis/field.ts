/** What every fault works on, and what it gives back: the way to undo it. */
import type { LogIndex } from '../../base/ids.ts';
import type { SimClient } from '../client.ts';
import type { SimEnsemble } from '../ensemble.ts';
import type { FaultCounts, FaultKind } from '../fault-kinds.ts';
import type { SimMember } from '../member.ts';
import type { SimNetwork } from '../network.ts';
import type { SeededRandom } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import type { SimTrace } from '../trace.ts';
import type { DamageBudget } from './damage-budget.ts';

export interface Field {
  readonly ensemble: SimEnsemble;
  readonly clients: readonly SimClient[];
  readonly network: SimNetwork;
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly trace: SimTrace;
  readonly budget: DamageBudget;
  readonly counts: FaultCounts;
  /** Only what stands up to this index was kept by a forced recovery. */
  readonly recovered: (lastKept: LogIndex) => void;
  /** Something that goes on while virtual time does; what it throws ends the run. */
  readonly background: (work: Promise<void>) => void;
  /** Highest index that any member committed. */
  readonly committed: () => number;
}

/** Undoes a fault; harmless when that is not needed any more. */
export type Mend = () => void;

/** Notes that a fault happened. */
export function happened(field: Field, kind: FaultKind, what: string): void {
  field.counts[kind] += 1;
  field.trace.say(`fault ${kind}: ${what}`);
}

/** A machine whose process runs, or null. */
export function pickRunning({ ensemble, random }: Field): SimMember | null {
  const running = ensemble.members.filter(({ state }) => state === 'up');
  return running.length === 0 ? null : random.pick(running);
}
