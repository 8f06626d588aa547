/** What the members tell of themselves during a run, counted; some of it no fault explains. */
import type { TimelineEvent } from '../../api/timeline.ts';
import type { Arena } from './arena.ts';

const toldKinds = [
  'memberBecameLeader',
  'leadershipTransferred',
  'tailCut',
  'repairStarted',
  'repaired',
  'snapshotTaken',
  'snapshotInstalled',
  'compacted',
  'diskFull',
  'diskFailing',
  'diskRecovered',
  'changeFinished',
  'diverged',
  'fenced',
] as const satisfies readonly TimelineEvent['kind'][];

export type Told = Record<(typeof toldKinds)[number], number>;

/** Counts from now on. */
export function listen(arena: Arena): Readonly<Told> {
  const counts = Object.fromEntries(toldKinds.map((kind) => [kind, 0])) as Told;
  arena.supervisor.onEvent(({ kind, member, facts }) => {
    const told = toldKinds.find((one) => one === kind);
    if (told !== undefined) counts[told] += 1;
    const isStruck = member !== null && arena.budget.disturbed.has(member);
    if (kind === 'diverged' || kind === 'fenced' || (kind === 'memberCrashed' && !isStruck))
      arena.complain(`${kind} ${member ?? ''}: ${JSON.stringify(facts)}`);
  });
  return counts;
}
