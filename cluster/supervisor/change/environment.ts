/** What the steps of a change work with. */
import type { EnsembleView } from '../../api/ensemble.ts';
import type { Stop } from '../../base/scope.ts';
import type { Crew } from '../crew.ts';
import type { Roster } from '../roster.ts';

export interface ChangeEnvironment {
  readonly roster: Roster;
  readonly crew: Crew;
  view(): EnsembleView;
  /** Calls back after each change of `view()`. */
  onChange(listener: () => void): Stop;
  /** The supervisor is being closed: nothing is waited for any more. */
  isClosing(): boolean;
}

/** A wait is looked at again at least this often. */
const lookAgainMs = 200;

/** Settles at the next change of the ensemble, or a little later without one. */
export function nextLook(environment: Pick<ChangeEnvironment, 'onChange'>): Promise<void> {
  return new Promise((settle) => {
    const finish = () => {
      clearTimeout(timer);
      unlisten();
      settle();
    };
    const timer = setTimeout(finish, lookAgainMs);
    const unlisten = environment.onChange(finish);
  });
}
