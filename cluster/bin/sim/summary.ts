/** What a batch of runs says on the terminal. */
import { type FaultCounts, type FaultKind, faultKinds, noFaults } from '../../sim/fault-kinds.ts';
import type { RunFailure, RunReport } from '../../sim/outcome.ts';
import { replayArguments } from '../../sim/shrink.ts';

/** From so many runs on, each kind of fault must have occurred. */
const runsForEveryFault = 200;

export class Summary {
  #passed = 0;
  #virtualMs = 0;
  #elections = 0;
  #acknowledged = 0;
  /** Histories that are linearizable; the others of runs that passed were too wide to decide. */
  #histories = 0;
  readonly #faults: FaultCounts = noFaults();
  readonly #failures: RunFailure[] = [];

  passed(report: RunReport): void {
    this.#passed += 1;
    this.#virtualMs += report.virtualMs;
    this.#elections += report.elections;
    this.#acknowledged += report.writes.acknowledged;
    if (report.history.verdict === 'ok') this.#histories += 1;
    this.#count(report.faults);
  }

  failed(failure: RunFailure): void {
    this.#failures.push(failure);
    this.#virtualMs += failure.virtualMs;
    this.#count(failure.faults);
  }

  /** True when every run passed, and enough of them had every kind of fault. */
  get good(): boolean {
    return this.#failures.length === 0 && this.#missing.length === 0;
  }

  text(seconds: number): string {
    const hours = this.#virtualMs / 3_600_000;
    const failed = this.#failures.map(({ request }) => request.seed).join(', ');
    const lines = [
      `${this.#passed} seeds passed, ${this.#failures.length} failed${failed === '' ? '' : `: ${failed}`}`,
      `${hours.toFixed(2)} simulated hours in ${seconds.toFixed(1)} s: ${(hours / seconds).toFixed(4)} simulated hours a second (${Math.round((hours * 3_600) / seconds)} × real time)`,
      `${this.#elections} elections, ${this.#acknowledged} writes acknowledged, ${this.#histories} of ${this.#passed} histories proved linearizable`,
      `faults: ${faultKinds.map((kind) => `${kind} ${this.#faults[kind]}`).join(', ')}`,
    ];
    if (this.#missing.length > 0) lines.push(`FAILED: never happened: ${this.#missing.join(', ')}`);
    return lines.join('\n');
  }

  /** Kinds that did not happen although there were runs enough for each. */
  get #missing(): readonly FaultKind[] {
    if (this.#passed + this.#failures.length < runsForEveryFault) return [];
    return faultKinds.filter((kind) => this.#faults[kind] === 0);
  }

  #count(faults: Readonly<FaultCounts>): void {
    for (const kind of faultKinds) this.#faults[kind] += faults[kind];
  }
}

/** One run that passed. */
export function describeReport({ seed, options, faults, frames, ...report }: RunReport): string {
  const told = faultKinds.filter((kind) => faults[kind] > 0).map((kind) => `${kind} ${faults[kind]}`);
  return [
    `seed ${seed}: ${options.members} members, ${options.clients} clients; ${told.length === 0 ? 'no faults' : told.join(', ')}`,
    `  frames lost ${frames.lost}, doubled ${frames.doubled}, cut ${frames.cut}; ${report.elections} elections, ${report.entries} entries, ${report.writes.acknowledged} of ${report.writes.tried} writes acknowledged; trace ${report.traceHash} (${report.traceLines} lines)`,
  ].join('\n');
}

/** One run that failed, with the way to see it again. */
export function describeFailure(failure: RunFailure, smallest: RunFailure, traceFile: string): string {
  return [
    `seed ${failure.request.seed} FAILED after ${(failure.virtualMs / 1_000).toFixed(2)} virtual s: ${failure.message}`,
    smallest.stack,
    `again:    npm run sim -- ${replayArguments(failure.request)}`,
    `smallest: npm run sim -- ${replayArguments(smallest.request)}`,
    `trace of the smallest: ${traceFile}`,
  ].join('\n');
}
