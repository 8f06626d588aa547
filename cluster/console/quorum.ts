/** Whether the ensemble can serve, as the supervisor sees it. */
import type { EnsembleView } from '../api/ensemble.ts';
import type { ConsoleSupervisor } from './ports.ts';

/** An election takes half a second; one that takes longer than this is not coming. */
const electionGraceMs = 2_000;

export type QuorumSource = Pick<ConsoleSupervisor, 'view' | 'onChange'>;

export function hasQuorum({ health }: EnsembleView): boolean {
  return health.level === 'healthy' || health.level === 'degraded';
}

/**
 * Settles with true once a majority works together. With false at once when too few processes run,
 * or after the time of an election when enough do.
 */
export function untilQuorum(source: QuorumSource): Promise<boolean> {
  if (hasQuorum(source.view())) return Promise.resolve(true);
  return new Promise((settle) => {
    const finish = (): void => {
      clearTimeout(timer);
      unlisten();
      settle(hasQuorum(source.view()));
    };
    const look = (): void => {
      const view = source.view();
      if (hasQuorum(view) || !mayElect(view)) finish();
    };
    const timer = setTimeout(finish, electionGraceMs);
    const unlisten = source.onChange(look);
    look();
  });
}

function mayElect({ members }: EnsembleView): boolean {
  const voters = members.filter(({ standing }) => standing === 'voter');
  const running = voters.filter(({ process }) => process.kind === 'up' || process.kind === 'starting');
  return running.length * 2 > voters.length;
}
