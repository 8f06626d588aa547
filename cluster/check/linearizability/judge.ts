/** Judges a history: is there an order in which every operation takes effect at one instant between its call and its return? */
import { unreachable } from '../../base/assert.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import type { HistoryEvent, HistoryProblem, Value } from '../history.ts';
import { type Operation, pairOperations } from '../history-operations.ts';
import type { Model, ModelName } from '../models/model.ts';
import { modelsByName } from '../models/named.ts';
import { describeFailure, type Failure } from './failure.ts';
import { type Problem, problemOf } from './problem.ts';
import { type Finding, type SearchBounds, search } from './search.ts';
import { zone } from './zones.ts';

/** An answer is due within a minute unless asked otherwise. */
export const budgetMsDefault = 60_000;

export interface JudgeOptions {
  readonly model: ModelName;
  readonly monotonicMs: () => number;
  readonly budgetMs?: number;
  /** What every object holds before the first operation; nothing by default. */
  readonly initial?: Value;
  /** Configurations kept at once, at most: a bound on memory. */
  readonly widthMax?: number;
}

export type Verdict = 'ok' | 'illegal' | 'unknown';

export interface Judgement {
  readonly verdict: Verdict;
  /** One sentence for a person. */
  readonly summary: string;
  readonly model: ModelName;
  readonly operations: number;
  /** Of these, whose outcome is unknown. */
  readonly unknownOutcomes: number;
  /** Left out: certainly did not happen. */
  readonly failed: number;
  readonly keys: number;
  /** Null key: the history's only object. */
  readonly illegalKeys: readonly (string | null)[];
  readonly undecidedKeys: readonly (string | null)[];
  readonly failure: Failure | null;
  readonly tookMs: number;
  /** Configurations looked at. */
  readonly cost: number;
}

/** Judges events in the order of real time. Fails only on a history that is none. */
export function judgeHistory(
  events: readonly HistoryEvent[],
  options: JudgeOptions,
): Result<Judgement, HistoryProblem> {
  const paired = pairOperations(events);
  if (!paired.ok) return paired;
  const model = modelsByName[options.model];
  const parted = partByKey(paired.value.operations, model);
  if (!parted.ok) return parted;
  return ok(judgeKeys(parted.value, paired.value.failed, model, options));
}

type Parts = ReadonlyMap<string | null, readonly Operation[]>;

/** A history is linearizable if and only if what it says of each object is (Herlihy and Wing, 1990, theorem 1). */
function partByKey(operations: readonly Operation[], model: Model): Result<Parts, HistoryProblem> {
  const parts = new Map<string | null, Operation[]>();
  for (const operation of operations) {
    const accepted = model.accepts(operation);
    if (!accepted.ok) return fail({ place: operation.place, message: `${accepted.error}.` });
    if (!accepted.value) continue;
    const part = parts.get(operation.key);
    if (part === undefined) parts.set(operation.key, [operation]);
    else part.push(operation);
  }
  return ok(parts);
}

function judgeKeys(parts: Parts, failed: number, model: Model, options: JudgeOptions): Judgement {
  const startedMs = options.monotonicMs();
  const elapsedMs = (): number => options.monotonicMs() - startedMs;
  const budgetMs = options.budgetMs ?? budgetMsDefault;
  const bounds = {
    isOver: () => elapsedMs() > budgetMs,
    ...(options.widthMax === undefined ? {} : { widthMax: options.widthMax }),
  };
  const illegal: (string | null)[] = [];
  const undecided: (string | null)[] = [];
  const reasons = new Set<string>();
  let failure: Failure | null = null;
  let cost = 0;
  for (const [key, operations] of parts) {
    const problem = problemOf(operations, model.compile(operations, options.initial ?? null));
    const finding = decide(problem, bounds);
    cost += finding.cost;
    if (finding.kind === 'undecided') {
      undecided.push(key);
      reasons.add(finding.reason);
    } else if (finding.kind === 'stuck') {
      illegal.push(key);
      failure ??= describeFailure({ key, operations, problem, finding, isOver: bounds.isOver });
    }
  }
  const all = [...parts.values()].flat();
  const verdict = illegal.length > 0 ? 'illegal' : undecided.length > 0 ? 'unknown' : 'ok';
  return {
    verdict,
    summary:
      failure?.summary ?? summaryOf(verdict, reasons, { operations: all.length, keys: parts.size, budgetMs }),
    model: model.name,
    operations: all.length,
    unknownOutcomes: all.filter(({ outcome }) => outcome === 'unknown').length,
    failed,
    keys: parts.size,
    illegalKeys: illegal,
    undecidedKeys: undecided,
    failure,
    tookMs: elapsedMs(),
    cost,
  };
}

/** The short way where there is one. */
function decide(problem: Problem, bounds: SearchBounds): Finding {
  const zoning = zone(problem);
  switch (zoning.kind) {
    case 'linearizable':
      return { kind: 'linearizable', cost: 0 };
    case 'contradiction':
      return { kind: 'stuck', event: zoning.event, before: [], furthest: null, quiet: [], cost: 0 };
    case 'inapplicable':
      return search(problem, bounds);
    default:
      return unreachable(zoning);
  }
}

function summaryOf(
  verdict: Verdict,
  reasons: ReadonlySet<string>,
  facts: { readonly operations: number; readonly keys: number; readonly budgetMs: number },
): string {
  const what = `${facts.operations} operations on ${facts.keys} ${facts.keys === 1 ? 'object' : 'objects'}`;
  if (verdict === 'ok') return `${what} are linearizable.`;
  const why = reasons.has('time')
    ? `no answer within ${facts.budgetMs / 1_000} s; give it more time`
    : 'too many ways to follow at once; record shorter histories or fewer clients per object';
  return `Whether ${what} are linearizable is unknown: ${why}.`;
}
