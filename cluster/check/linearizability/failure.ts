/** What a history that is not linearizable shows: the operation nothing explains, and how far an order got. */
import type { Operation } from '../history-operations.ts';
import type { Problem } from './problem.ts';
import type { Finding } from './search.ts';
import { orderOf } from './trail.ts';

export interface Failure {
  readonly key: string | null;
  readonly summary: string;
  /** By its return no order explains all that returned. */
  readonly operation: Operation;
  /** The longest order found, from the first operation of the window. */
  readonly order: readonly Operation[];
  /** The states the object may have been in when nothing went on. */
  readonly states: readonly string[];
}

/** States named to a person; the rest are counted. */
const statesNamed = 8;

interface Stuck {
  readonly key: string | null;
  readonly operations: readonly Operation[];
  readonly problem: Problem;
  readonly finding: Finding & { readonly kind: 'stuck' };
  readonly isOver: () => boolean;
}

export function describeFailure({ key, operations, problem, finding }: Stuck): Failure {
  const { automaton } = problem;
  const operation = operations[finding.operation] as Operation;
  const states = [...new Set(finding.before.map(({ state }) => automaton.describeState(state)))];
  const order = orderOf(finding.furthest.trail, (at) => automaton.traits[at]?.blind ?? false);
  const named = states.slice(0, statesNamed).join(', ');
  const more = states.length > statesNamed ? ` and ${states.length - statesNamed} more` : '';
  const object = key === null ? 'the object' : key;
  return {
    key,
    summary: `Not linearizable: ${automaton.describe(finding.operation)} by process ${operation.process} (${operation.place}) fits no order; before it ${object} could only be ${named}${more}.`,
    operation,
    order: order.map((at) => operations[at] as Operation),
    states,
  };
}
