/** A run and how it ended: what the program prints, and what shrinking compares. */
import { AssertionFailure } from '../base/assert.ts';
import type { Verdict } from '../check/linearizability/judge.ts';
import { Violation } from '../check/violation.ts';
import type { FaultCounts } from './fault-kinds.ts';
import type { NetworkCounts } from './network.ts';
import type { SimOptions } from './options.ts';
import type { RunRequest } from './request.ts';

export interface RunReport {
  readonly seed: string;
  readonly options: SimOptions;
  readonly traceHash: string;
  readonly traceLines: number;
  readonly virtualMs: number;
  readonly elections: number;
  readonly entries: number;
  readonly writes: { readonly tried: number; readonly acknowledged: number };
  readonly faults: Readonly<FaultCounts>;
  /** Of the linearizability checker, and how many operations it judged. */
  readonly history: { readonly verdict: Verdict | null; readonly events: number };
  /** What members told of themselves, by the name of the event. */
  readonly events: Readonly<Record<string, number>>;
  readonly frames: Readonly<NetworkCounts>;
}

export interface RunFailure {
  readonly request: RunRequest;
  /** The promise that was broken; `assertion` for the program's own checks, `exception` for anything else. */
  readonly checker: string;
  readonly message: string;
  readonly stack: string;
  readonly virtualMs: number;
  readonly faults: Readonly<FaultCounts>;
}

export type RunOutcome =
  | { readonly kind: 'passed'; readonly report: RunReport }
  | { readonly kind: 'failed'; readonly failure: RunFailure };

/** Which checker threw this, and what it said. */
export function blame(thrown: unknown): Pick<RunFailure, 'checker' | 'message' | 'stack'> {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const stack = thrown instanceof Error ? (thrown.stack ?? message) : message;
  if (thrown instanceof Violation) return { checker: thrown.promise, message, stack };
  return { checker: thrown instanceof AssertionFailure ? 'assertion' : 'exception', message, stack };
}
