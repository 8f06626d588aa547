/**
 * A whole ensemble under virtual time: members, clients, faults and checkers, all drawn from one seed.
 * First safety, while faults run; then everything is healed, and progress must resume.
 */
import { clusterId, type LogIndex, type MemberId } from '../base/ids.ts';
import { Violation } from '../check/violation.ts';
import type { Replica } from '../replica/replica.ts';
import { SimClient } from './client.ts';
import { EngineJudges } from './engine-judges.ts';
import { SimEnsemble } from './ensemble.ts';
import { noFaults } from './fault-kinds.ts';
import { Judges } from './judges.ts';
import type { SimMember } from './member.ts';
import { DamageBudget } from './nemesis/damage-budget.ts';
import type { Field } from './nemesis/field.ts';
import { Nemesis } from './nemesis/nemesis.ts';
import { SimNetwork } from './network.ts';
import { drawOptions, type SimOptions } from './options.ts';
import { blame, type RunOutcome, type RunReport } from './outcome.ts';
import { createSeededRandom, type SeededRandom } from './random.ts';
import type { RunRequest } from './request.ts';
import { Scheduler } from './scheduler.ts';
import { SimTrace } from './trace.ts';

/** A tick of the world, in which runs are measured. */
const tickMs = 10;
/** Virtual time an ensemble without faults has to agree and to answer every client. */
const progressDeadlineMs = 120_000;
/** How often sessions and ephemerals are looked at. */
const sweepMs = 2_000;

/**
 * Runs one request, then heals and verifies. The same request gives the same lines.
 * Throws a `Violation` or an `AssertionFailure` when a promise is broken.
 */
export async function runSeed(
  request: RunRequest,
  trace: ((line: string) => void) | null,
): Promise<RunReport> {
  return await new World(request, trace).run();
}

/** As `runSeed`, with whatever it throws as a value. */
export async function tryRun(
  request: RunRequest,
  trace: ((line: string) => void) | null,
): Promise<RunOutcome> {
  let world: World | null = null;
  try {
    world = new World(request, trace);
    return { kind: 'passed', report: await world.run() };
  } catch (thrown) {
    const { virtualMs, faults } = world?.report() ?? { virtualMs: 0, faults: noFaults() };
    return { kind: 'failed', failure: { request, ...blame(thrown), virtualMs, faults } };
  }
}

class World {
  readonly #request: RunRequest;
  readonly #options: SimOptions;
  readonly #scheduler = new Scheduler();
  readonly #trace: SimTrace;
  readonly #judges: Judges;
  readonly #engines: EngineJudges;
  readonly #network: SimNetwork;
  readonly #ensemble: SimEnsemble;
  readonly #clients: readonly SimClient[];
  readonly #field: Field;
  readonly #nemesis: Nemesis;
  /** By something in the background. */
  #thrown: { readonly thrown: unknown } | null = null;
  readonly #digested = new Map<MemberId, { readonly replica: Replica; readonly applied: LogIndex }>();

  constructor(request: RunRequest, keep: ((line: string) => void) | null) {
    this.#request = request;
    const random = createSeededRandom(request.seed);
    const options = drawOptions(random.fork('options'), request);
    this.#options = options;
    const scheduler = this.#scheduler;
    this.#trace = new SimTrace({ scheduler, keep });
    this.#trace.say(`options ${JSON.stringify(options)}`);
    this.#judges = new Judges(scheduler, options.settings);
    this.#engines = new EngineJudges({
      committed: (entry) => this.#judges.commit(entry),
      elected: (term) => this.#judges.elected(term),
      isDamaged: (member) => this.#ensemble.member(member).damaged,
    });
    this.#network = new SimNetwork({
      scheduler,
      random: random.fork('network'),
      behaviour: options.network,
      observe: (from, to, frame) => this.#engines.sent(from, to, frame),
    });
    this.#ensemble = this.#found(random.fork('members'));
    this.#clients = this.#createClients(random);
    const committed = () => this.#engines.logs.length;
    this.#field = {
      ensemble: this.#ensemble,
      clients: this.#clients,
      network: this.#network,
      scheduler,
      random: random.fork('nemesis'),
      trace: this.#trace,
      budget: new DamageBudget(this.#ensemble, committed),
      counts: noFaults(),
      committed,
      recovered: (lastKept) => this.#recovered(lastKept),
      background: (work) =>
        void work.catch((thrown: unknown) => {
          this.#thrown = { thrown };
        }),
    };
    this.#nemesis = new Nemesis(this.#field, options);
  }

  /** First safety, under faults; then progress, without. */
  async run(): Promise<RunReport> {
    await this.#runFor(this.#request.ticks * tickMs);
    await this.#healAndVerify();
    return this.report();
  }

  report(): RunReport {
    return {
      seed: this.#request.seed,
      options: this.#options,
      traceHash: this.#trace.hash,
      traceLines: this.#trace.lines,
      virtualMs: this.#scheduler.nowMs,
      elections: this.#engines.elections,
      entries: this.#engines.logs.length,
      writes: this.#judges.writes.counts,
      faults: this.#field.counts,
      history: { verdict: this.#judges.verdict, events: this.#judges.history.events.length },
      events: this.#trace.events,
      frames: this.#network.counts,
    };
  }

  #found(random: SeededRandom): SimEnsemble {
    return new SimEnsemble(
      this.#options.members,
      {
        cluster: clusterId(random.fork('cluster').below(2 ** 32)),
        scheduler: this.#scheduler,
        network: this.#network,
        trace: this.#trace,
        settings: this.#options.settings,
        tickMs: this.#options.tickMs,
        stepped: (seat, step) => this.#engines.stepped(seat, step),
        gone: (id) => this.#engines.gone(id),
      },
      { random, membership: () => this.#judges.reference.membership },
    );
  }

  #createClients(random: SeededRandom): readonly SimClient[] {
    return Array.from({ length: this.#options.clients }, (_, at) => {
      const name = `client${at + 1}`;
      return new SimClient({
        ...this.#options,
        name,
        scheduler: this.#scheduler,
        random: random.fork(name),
        hosts: () => this.#ensemble.members,
        judges: this.#judges,
        trace: this.#trace,
      });
    });
  }

  /**
   * Runs virtual time forward, with faults, checking as it goes. Once a tick it lets promises go on:
   * nothing else of the simulator's waits for real time, and these go on in a fixed order as well.
   */
  async #runFor(durationMs: number): Promise<void> {
    const untilMs = this.#scheduler.nowMs + durationMs;
    let sweepAtMs = this.#scheduler.nowMs + sweepMs;
    for (let nextCheckMs = this.#scheduler.nowMs + tickMs; ; ) {
      while (this.#scheduler.runNext(Math.min(nextCheckMs, untilMs)));
      for (const member of this.#ensemble.members) this.#observeStore(member);
      if (this.#scheduler.nowMs >= sweepAtMs) {
        this.#judges.checkEphemerals('underWay');
        this.#field.budget.review();
        sweepAtMs += sweepMs;
      }
      await null;
      if (this.#thrown !== null) throw this.#thrown.thrown;
      if (nextCheckMs >= untilMs) return;
      nextCheckMs += tickMs;
    }
  }

  #observeStore({ id, replica }: SimMember): void {
    if (replica === null) return;
    const applied = replica.store.appliedIndex;
    const known = this.#digested.get(id);
    if (known?.replica === replica && known.applied === applied) return;
    this.#digested.set(id, { replica, applied });
    this.#judges.observeStore(id, replica.store);
  }

  /** The ensemble goes on from a survivor's log: what came behind may be lost. */
  #recovered(lastKept: LogIndex): void {
    this.#judges.recovered(this.#engines.logs.keep(lastKept));
    this.#digested.clear();
    for (const client of this.#clients) client.beginAgain();
  }

  async #healAndVerify(): Promise<void> {
    this.#nemesis.heal();
    const answersBefore = this.#clients.map((client) => client.answers);
    await this.#until('every client is answered again', () =>
      this.#clients.every((client, at) => client.answers > (answersBefore[at] ?? 0)),
    );
    for (const client of this.#clients) client.finish();
    await this.#until('nothing is under way', () => this.#clients.every((client) => client.finished));
    await this.#until('all members agree', () => this.#agreed());
    this.#judges.checkEphemerals('atTheEnd');
    this.#judges.verifyWrites();
    this.#judges.verifyHistory();
  }

  async #until(what: string, holds: () => boolean): Promise<void> {
    const untilMs = this.#scheduler.nowMs + progressDeadlineMs;
    while (!holds()) {
      if (this.#scheduler.nowMs >= untilMs)
        throw new Violation(
          'progress',
          `after ${progressDeadlineMs} ms: not yet "${what}": ${this.#ensemble.describe()}`,
        );
      await this.#runFor(tickMs);
    }
  }

  /** Everyone with a seat runs, whole, and has applied everything. */
  #agreed(): boolean {
    const seated = this.#ensemble.seated;
    const { voters, outgoing } = this.#ensemble.membership;
    if (outgoing.length > 0 || seated.length < voters.length || this.#nemesis.operator.busy) return false;
    return seated.every(({ replica }) => {
      if (replica === null || replica.status.repairing) return false;
      return replica.store.appliedIndex === this.#engines.logs.length;
    });
  }
}
