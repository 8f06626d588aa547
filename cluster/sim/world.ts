/**
 * A whole ensemble under virtual time: members, clients, faults and checkers, all drawn from one seed.
 * First safety, while faults run; then everything is healed, and progress must resume.
 */

import { clusterId, type LogIndex, type MemberId, memberId } from '../base/ids.ts';
import { decodeUtf8 } from '../base/utf8.ts';
import { AcknowledgedWrites } from '../check/acknowledged-writes.ts';
import { OneLeaderPerTerm } from '../check/one-leader-per-term.ts';
import { SameDigest } from '../check/same-digest.ts';
import { SameLog } from '../check/same-log.ts';
import { Violation } from '../check/violation.ts';
import type { Consensus, ConsensusStatus } from '../ports/consensus.ts';
import type { Replica } from '../replica/replica.ts';
import { SimClient } from './client.ts';
import { SimMember, tickMs } from './member.ts';
import { Nemesis } from './nemesis.ts';
import { SimNetwork } from './network.ts';
import { drawOptions, type SimOptions } from './options.ts';
import { blame, type RunOutcome, type RunReport, type RunRequest } from './outcome.ts';
import { createSeededRandom, type SeededRandom } from './random.ts';
import { Scheduler } from './scheduler.ts';
import { SimTrace } from './trace.ts';
import { appendedUnder } from './workload.ts';

/** Virtual time an ensemble without faults has to agree and to answer every client. */
const progressDeadlineMs = 60_000;
const drainDeadlineMs = 60_000;

/**
 * Runs one request, then heals and verifies. The same request gives the same lines.
 * Throws a `Violation` or an `AssertionFailure` when a promise is broken.
 */
export function runSeed(request: RunRequest, trace: ((line: string) => void) | null): RunReport {
  return new World(request, trace).run();
}

/** As `runSeed`, with whatever it throws as a value. */
export function tryRun(request: RunRequest, trace: ((line: string) => void) | null): RunOutcome {
  const world = new World(request, trace);
  try {
    return { kind: 'passed', report: world.run() };
  } catch (thrown) {
    const { virtualMs, faults } = world.report();
    return { kind: 'failed', failure: { request, ...blame(thrown), virtualMs, faults } };
  }
}

class World {
  readonly #request: RunRequest;
  readonly #options: SimOptions;
  readonly #scheduler = new Scheduler();
  readonly #trace: SimTrace;
  readonly #network: SimNetwork;
  readonly #members: readonly SimMember[];
  readonly #clients: readonly SimClient[];
  readonly #nemesis: Nemesis;
  readonly #writes = new AcknowledgedWrites();
  readonly #leaders = new OneLeaderPerTerm();
  readonly #logs = new SameLog();
  readonly #digests = new SameDigest();
  readonly #digested = new Map<MemberId, { readonly replica: Replica; readonly applied: LogIndex }>();

  constructor(request: RunRequest, keep: ((line: string) => void) | null) {
    this.#request = request;
    const random = createSeededRandom(request.seed);
    const options = drawOptions(random.fork('options'), request);
    this.#options = options;
    const scheduler = this.#scheduler;
    this.#trace = new SimTrace({ scheduler, keep });
    this.#trace.say(`options ${JSON.stringify(options)}`);
    this.#network = new SimNetwork({ scheduler, random: random.fork('network'), behaviour: options.network });
    this.#members = this.#createMembers(random.fork('members'));
    this.#clients = Array.from({ length: options.clients }, (_, at) => {
      const name = `client${at + 1}`;
      return new SimClient({
        name,
        scheduler,
        random: random.fork(name),
        members: this.#members,
        writes: this.#writes,
        trace: this.#trace,
        inFlightMax: options.inFlightMax,
        thinkMs: options.thinkMs,
      });
    });
    this.#nemesis = new Nemesis({
      members: this.#members,
      network: this.#network,
      scheduler,
      random: random.fork('nemesis'),
      trace: this.#trace,
      options,
    });
  }

  /** First safety, under faults; then progress, without. */
  run(): RunReport {
    this.#runFor(this.#request.ticks * tickMs);
    this.#healAndVerify();
    return this.report();
  }

  /** Runs virtual time forward, with faults, checking as it goes. */
  #runFor(durationMs: number): void {
    const untilMs = this.#scheduler.nowMs + durationMs;
    for (let nextCheckMs = this.#scheduler.nowMs + tickMs; ; ) {
      while (this.#scheduler.runNext(Math.min(nextCheckMs, untilMs)));
      this.#checkDigests();
      if (nextCheckMs >= untilMs) return;
      nextCheckMs += tickMs;
    }
  }

  #healAndVerify(): void {
    this.#nemesis.heal();
    const answersBefore = this.#clients.map((client) => client.answers);
    this.#until('every client is answered again', progressDeadlineMs, () =>
      this.#clients.every((client, at) => client.answers > (answersBefore[at] ?? 0)),
    );
    for (const client of this.#clients) client.finish();
    this.#until('nothing is under way', drainDeadlineMs, () => this.#clients.every((client) => client.idle));
    this.#until('all members agree', progressDeadlineMs, () => this.#agreed());
    for (const member of this.#members) this.#verify(member);
  }

  report(): RunReport {
    return {
      seed: this.#request.seed,
      options: this.#options,
      traceHash: this.#trace.hash,
      traceLines: this.#trace.lines,
      virtualMs: this.#scheduler.nowMs,
      elections: this.#leaders.elections,
      entries: this.#logs.length,
      writes: this.#writes.counts,
      faults: this.#nemesis.counts,
      frames: this.#network.counts,
    };
  }

  #createMembers(random: SeededRandom): readonly SimMember[] {
    const ids = Array.from({ length: this.#options.members }, (_, at) => memberId(at + 1));
    const cluster = clusterId(random.fork('cluster').below(2 ** 32));
    const members = ids.map(
      (id) =>
        new SimMember({
          id,
          members: ids,
          cluster,
          scheduler: this.#scheduler,
          network: this.#network,
          random: random.fork(`member ${id}`),
          trace: this.#trace,
          stepped: (of, consensus, status) => this.#stepped(of, consensus, status),
        }),
    );
    for (const member of members) member.start();
    return members;
  }

  #stepped(member: MemberId, consensus: Consensus, status: ConsensusStatus): void {
    this.#leaders.observe(member, status);
    this.#logs.observe(member, {
      commit: status.commit,
      entries: (from, count) => consensus.entries(from, count),
    });
  }

  #checkDigests(): void {
    for (const member of this.#members) {
      const { replica } = member;
      if (replica !== null) this.#observeDigest(member.id, replica);
    }
  }

  #observeDigest(member: MemberId, replica: Replica): void {
    const applied = replica.store.appliedIndex;
    const known = this.#digested.get(member);
    if (known?.replica === replica && known.applied === applied) return;
    this.#digested.set(member, { replica, applied });
    this.#digests.observe(member, { applied, digest: replica.store.digest() });
  }

  #until(what: string, deadlineMs: number, holds: () => boolean): void {
    const untilMs = this.#scheduler.nowMs + deadlineMs;
    while (!holds()) {
      if (this.#scheduler.nowMs >= untilMs)
        throw new Violation('progress', `after ${deadlineMs} ms: not yet "${what}"`);
      this.#runFor(tickMs);
    }
  }

  #agreed(): boolean {
    const applied = this.#members.map((member) => member.replica?.store.appliedIndex ?? -1);
    return applied.every((index) => index === this.#logs.length);
  }

  #verify(member: SimMember): void {
    const store = member.replica?.store;
    if (store === undefined) throw new Violation('progress', `member ${member.id} does not run`);
    const listed = store.read(
      { kind: 'getChildren', path: appendedUnder, watch: false, withStat: false },
      [],
    );
    const names = listed.kind === 'children' ? listed.names : [];
    const serials = names.map((name) => {
      const read = store.read({ kind: 'getData', path: `${appendedUnder}/${name}`, watch: false }, []);
      return read.kind === 'data' ? decodeUtf8(read.data) : '';
    });
    this.#writes.verify(`member ${member.id}`, serials);
  }
}
