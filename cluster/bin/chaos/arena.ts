/** What faults act on: the ensemble, a way to tell, and what every strike does alike. */
import type { MemberView } from '../../api/ensemble.ts';
import type { ApiError } from '../../api/errors.ts';
import { assert } from '../../base/assert.ts';
import type { Result } from '../../base/result.ts';
import type { SeededRandom } from '../../sim/random.ts';
import type { Supervisor } from '../../supervisor/supervisor.ts';
import type { FaultBudget } from './budget.ts';

export interface Arena {
  readonly supervisor: Supervisor;
  readonly members: readonly number[];
  readonly budget: FaultBudget;
  /** One line of what happens. */
  readonly tell: (line: string) => void;
  /** Something that no fault explains. */
  readonly complain: (what: string) => void;
  /** What came of damage to a disk, for the report. */
  readonly healed: (how: 'unharmed' | 'repaired' | 'refusedAndReplaced') => void;
}

/** One strike: who is hit, and the randomness that is its own. */
export interface Strike {
  readonly victims: readonly number[];
  readonly random: SeededRandom;
}

/** An operation on the ensemble that must work: when it does not, that is a finding. */
export async function must(
  arena: Arena,
  what: string,
  outcome: Promise<Result<unknown, ApiError>>,
): Promise<void> {
  const settled = await outcome;
  if (!settled.ok) arena.complain(`${what}: ${settled.error.what} ${settled.error.meaning}`);
}

export function memberOf(arena: Arena, id: number): MemberView {
  const member = arena.supervisor.view().members.find((one) => one.id === id);
  assert(member !== undefined, 'no such member', { id });
  return member;
}
