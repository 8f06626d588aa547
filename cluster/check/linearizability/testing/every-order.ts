/** The definition of linearizability, tried out: every order of every choice of operations. For tests, up to 8 operations. */
import { impossible } from '../../models/model.ts';
import { isReturn, operationOf, type Problem } from '../problem.ts';

export function isLinearizableByDefinition(problem: Problem): boolean {
  const { automaton, events, optional, initials } = problem;
  const count = automaton.traits.length;
  const calledAt = new Array<number>(count).fill(0);
  const returnedAt = new Array<number>(count).fill(Number.POSITIVE_INFINITY);
  for (const [at, event] of events.entries())
    (isReturn(event) ? returnedAt : calledAt)[operationOf(event)] = at;
  const follows = (state: number, left: readonly number[]): boolean => {
    if (left.every((operation) => optional[operation])) return true;
    return left.some((operation) => {
      const others = left.filter((other) => other !== operation);
      // Nothing that returned before this one was called may come after it; what is left out returns never.
      if (others.some((other) => (returnedAt[other] as number) < (calledAt[operation] as number)))
        return false;
      const next = automaton.step(state, operation);
      return next !== impossible && follows(next, others);
    });
  };
  const all = [...automaton.traits.keys()];
  return initials.some((state) => follows(state, all));
}
