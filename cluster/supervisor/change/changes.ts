/**
 * The change of members under way: at most one. Its intent is on record before anything is touched,
 * and every step looks at the facts first, so that after any interruption, the supervisor's own death
 * included, the same steps can be gone through again from the first.
 */
import type { ChangePlan, ChangeRequest, ChangeStep, EnsembleChange } from '../../api/changes.ts';
import { ensembleChange } from '../../api/changes.ts';
import type { ApiError } from '../../api/errors.ts';
import { unreachable } from '../../base/assert.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import type { ChangeRecord } from '../ensemble-file.ts';
import { closing, notRecorded } from '../failures.ts';
import type { NewEvent } from '../timeline.ts';
import { agreedOf } from './agreed.ts';
import { addLearner, catchUp, introduce, makeDirectory, promote } from './entering.ts';
import { type ChangeEnvironment, nextLook } from './environment.ts';
import { archive, handOver, removeSeat, stopProcess } from './leaving.ts';
import { planChange, plannedSteps, type Situation } from './plan-change.ts';
import { endNotRecorded, mayPass, nothingToContinue, stepNotRecorded, stoppedInStep } from './refusals.ts';
import { isStepDone } from './step-done.ts';
import { stepsOf } from './steps.ts';

/** How long a refusal that may pass by itself is waited for. */
const settleMs = 2_000;

export interface ChangesOptions extends ChangeEnvironment {
  readonly changed: () => void;
  readonly event: (event: NewEvent) => void;
}

export class Changes {
  readonly #options: ChangesOptions;
  /** The one under way, or the last of this run. */
  #current: ChangeRecord | null;
  #running: Promise<void> | null = null;
  #closed = false;

  /** A change on record that nobody carries out any more was interrupted. */
  constructor(options: ChangesOptions) {
    this.#options = options;
    const { change } = options.roster.record;
    this.#current = change?.state === 'running' ? { ...change, state: 'interrupted' } : change;
  }

  get current(): EnsembleChange | null {
    return this.#current === null ? null : ensembleChange.parse(this.#current);
  }

  /** Not done and not under way: it waits for the operator. */
  get unfinished(): ChangeRecord | null {
    const state = this.#current?.state;
    return state === 'failed' || state === 'interrupted' ? this.#current : null;
  }

  /** Says on the timeline that a change of an earlier run is unfinished. */
  announce(): void {
    if (this.unfinished !== null) this.#tell(this.unfinished, 'changeInterrupted');
  }

  /** What would happen; null: if the unfinished change were gone on with. */
  plan(request: ChangeRequest | null): Result<ChangePlan, ApiError> {
    if (request !== null) return ok(planChange(request, this.#situation()).plan);
    const change = this.unfinished;
    if (change === null) return fail(nothingToContinue());
    const { kind, member } = change;
    return ok({ kind, member, steps: plannedSteps(change, this.#situation()), refusals: [] });
  }

  /** Puts the change on record and begins it. How it goes on shows in `current`. */
  begin(request: ChangeRequest): Result<EnsembleChange, ApiError> {
    const { plan, change } = planChange(request, this.#situation());
    const [refusal] = plan.refusals;
    return refusal === undefined ? this.#start(change, 'changeBegun') : fail(refusal);
  }

  /** As `begin`, once the ensemble has settled: right after an election, or another change, it takes a moment. */
  async beginSoon(request: ChangeRequest): Promise<Result<EnsembleChange, ApiError>> {
    for (const startedMs = performance.now(); performance.now() - startedMs < settleMs; ) {
      const { refusals } = planChange(request, this.#situation()).plan;
      if (refusals.length === 0 || this.#closed || !refusals.every(mayPass)) break;
      await nextLook(this.#options);
    }
    return this.begin(request);
  }

  /** Begins a change and settles when it has ended, whatever came of it. */
  async carryOut(request: ChangeRequest): Promise<Result<EnsembleChange, ApiError>> {
    const begun = await this.beginSoon(request);
    if (!begun.ok) return begun;
    await this.#running;
    return ok(this.current ?? begun.value);
  }

  /** Goes on with the unfinished change. */
  resume(): Result<EnsembleChange, ApiError> {
    const change = this.unfinished;
    if (change === null) return fail(nothingToContinue());
    return this.#start({ ...change, state: 'running', error: null }, 'changeBegun');
  }

  /** Gives the unfinished change up where it stands. */
  abandon(): Result<EnsembleChange, ApiError> {
    const change = this.unfinished;
    if (change === null) return fail(nothingToContinue());
    const saved = this.#options.roster.update({ change: null });
    if (!saved.ok) return fail(notRecorded(saved.error));
    const abandoned: ChangeRecord = { ...change, state: 'abandoned' };
    this.#show(abandoned);
    this.#tell(abandoned, 'changeAbandoned');
    return ok(ensembleChange.parse(abandoned));
  }

  /** Begins nothing more, and settles when nothing is under way; the next supervisor can go on with it. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  #start(change: ChangeRecord, event: 'changeBegun'): Result<EnsembleChange, ApiError> {
    if (this.#closed) return fail(closing());
    const saved = this.#options.roster.update({ change });
    if (!saved.ok) return fail(notRecorded(saved.error));
    this.#show(change);
    this.#tell(change, event);
    const earlier = this.#running ?? Promise.resolve();
    this.#running = earlier.then(() => this.#run(change)).catch((failure: unknown) => this.#broke(failure));
    return ok(ensembleChange.parse(change));
  }

  async #run(begun: ChangeRecord): Promise<void> {
    let change = begun;
    for (const step of stepsOf(begun)) {
      if (this.#closed) return;
      change = { ...change, step, progress: null };
      this.#show(change);
      if (this.#isDone(step, change)) continue;
      const saved = this.#options.roster.update({ change });
      const taken = saved.ok ? await this.#take(step, change) : fail(stepNotRecorded(change, saved.error));
      if (this.#closed) return;
      if (!taken.ok) {
        this.#finish({ ...change, state: 'failed', error: taken.error });
        return;
      }
    }
    this.#finish({ ...change, state: 'done' });
  }

  /** The operating system, or a defect, got in the way: the supervisor and its members go on all the same. */
  #broke(failure: unknown): void {
    const change = this.#current;
    if (change?.state !== 'running' || this.#closed) return;
    const reason = failure instanceof Error ? failure.message : String(failure);
    const what = `The step ${change.step} could not be carried out: ${reason}.`;
    this.#finish({ ...change, state: 'failed', error: stoppedInStep(change.member, what) });
  }

  /**
   * A failed change stays on record: it can be gone on with. So does one whose end cannot be recorded:
   * the record still says that it is under way, and going on with it finds every step done.
   */
  #finish(change: ChangeRecord): void {
    const saved = this.#options.roster.update({ change: change.state === 'failed' ? change : null });
    const ended: ChangeRecord =
      saved.ok || change.state === 'failed'
        ? change
        : { ...change, state: 'failed', error: endNotRecorded(change, saved.error) };
    this.#show(ended);
    this.#tell(ended, ended.state === 'failed' ? 'changeFailed' : 'changeFinished');
  }

  #take(step: ChangeStep, change: ChangeRecord): Promise<Result<null, ApiError>> {
    switch (step) {
      case 'handOver':
        return handOver(this.#options, change);
      case 'removeSeat':
        return removeSeat(this.#options, change);
      case 'stopProcess':
        return stopProcess(this.#options, change);
      case 'archive':
        return archive(this.#options, change);
      case 'makeDirectory':
        return makeDirectory(this.#options, change);
      case 'introduce':
        return introduce(this.#options);
      case 'addLearner':
        return addLearner(this.#options, change);
      case 'catchUp':
        return catchUp(this.#options, change, (progress) => this.#show({ ...change, progress }));
      case 'promote':
        return promote(this.#options, change);
      default:
        return unreachable(step);
    }
  }

  #isDone(step: ChangeStep, change: ChangeRecord): boolean {
    const view = this.#options.view();
    return isStepDone(step, { change, record: this.#options.roster.record, agreed: agreedOf(view), view });
  }

  #situation(): Situation {
    const { roster } = this.#options;
    const record = { ...roster.record, change: this.#openChange() };
    return { record, view: this.#options.view(), path: roster.path, nowMs: Date.now() };
  }

  #openChange(): ChangeRecord | null {
    return this.#current?.state === 'running' ? this.#current : this.unfinished;
  }

  #show(change: ChangeRecord): void {
    this.#current = change;
    this.#options.changed();
  }

  #tell(
    { kind, member, step, error, state }: ChangeRecord,
    event: 'changeBegun' | 'changeFinished' | 'changeFailed' | 'changeInterrupted' | 'changeAbandoned',
  ): void {
    const level = state === 'failed' ? 'error' : state === 'interrupted' ? 'warn' : 'info';
    const facts = { change: kind, step, reason: error?.what ?? null };
    this.#options.event({ kind: event, level, member, facts });
  }
}
