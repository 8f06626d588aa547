/**
 * One member's process as a state machine. The supervisor only ever signals a process that it
 * started and that has not ended.
 *
 *   stopped ─start─► starting ─ready─► up ─pause─► paused
 *      ▲                │               ▲──resume──┘
 *      │                └───── stop ────┴──► stopping ─exit─► stopped
 *   crashed ◄── kill, or any exit that was not asked for
 *
 * A crashed member stays down until the operator starts it (passive recovery).
 */
import { mkdirSync } from 'node:fs';
import type { MemberReport, ProcessState } from '../api/ensemble.ts';
import type { ApiError } from '../api/errors.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { MemberFolders } from './data-folder.ts';
import { closing, noAnswer, operationFailed, wrongState } from './failures.ts';
import { recordLife } from './life-record.ts';
import { type LifeListener, launchLife, type MemberLife } from './member-life.ts';
import type { FatalReason, MemberConfiguration, SupervisorMessage } from './member-messages.ts';
import type { MemberAnswer } from './member-requests.ts';
import { describeEnd, notReady, readyTimeoutMs, reasonText, systemRefused } from './member-words.ts';
import { forgetProcess, recordProcess } from './process-record.ts';
import type { ProcessExit, SpawnPort } from './spawn-port.ts';
import type { NewEvent } from './timeline.ts';

/** A member asked to stop has this long before it is killed. */
const stopTimeoutMs = 3_000;
const requestTimeoutMs = 2_000;

export interface MemberHost {
  readonly spawn: SpawnPort;
  /** The script of a member, an absolute path. */
  readonly memberModule: string;
  /** What the process is to be told, as of now. */
  configuration(): MemberConfiguration;
  /** Why the member must not be started, or null. */
  refusal(): FatalReason | null;
  /** The process initialised its directory and waits. */
  created(incarnation: number): void;
  changed(): void;
  event(event: NewEvent): void;
}

export class Member {
  readonly id: number;
  readonly folders: MemberFolders;
  readonly #host: MemberHost;
  #state: ProcessState = { kind: 'stopped' };
  #life: MemberLife | null = null;
  /** Set while the operating system makes the process. */
  #launching: Promise<unknown> | null = null;
  /** Ends a process that is not ready in time; one that says how far it is gets the whole time anew. */
  #late: NodeJS.Timeout | null = null;
  #closed = false;
  #report: { readonly report: MemberReport; readonly atMs: number } | null = null;

  constructor(id: number, folders: MemberFolders, host: MemberHost) {
    this.id = id;
    this.folders = folders;
    this.#host = host;
  }

  get state(): ProcessState {
    return this.#state;
  }

  get report(): { readonly report: MemberReport; readonly atMs: number } | null {
    return this.#report;
  }

  /** Starts the process; settles when it is ready, or with the reason why it is not. */
  async start(): Promise<Result<null, ApiError>> {
    if (this.#closed) return fail(closing());
    if (this.#launching !== null || (this.#state.kind !== 'stopped' && this.#state.kind !== 'crashed')) {
      return this.#wrongState('started');
    }
    const launching = this.#launch();
    this.#launching = launching;
    const launched = await launching;
    this.#launching = null;
    return launched.ok ? this.#untilReady(launched.value) : launched;
  }

  /** Asks the process to end, and ends it when it does not; settles when it is gone. */
  async stop(): Promise<Result<null, ApiError>> {
    await this.#launching;
    const life = this.#life;
    if (life === null) return this.#wrongState('stopped');
    if (life.asked === 'nothing') {
      life.asked = 'stop';
      // A paused process could not hear the question.
      if (this.#state.kind === 'paused') life.signal('SIGCONT');
      this.#enter({ kind: 'stopping', pid: life.pid });
      life.send({ kind: 'stop' });
    }
    const force = setTimeout(() => life.condemn(notStopped), stopTimeoutMs);
    await life.ended;
    clearTimeout(force);
    return ok(null);
  }

  /** Stops the process for good: it is not started again. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.stop();
  }

  /** kill -9; settles when the process is gone. */
  async kill(): Promise<Result<null, ApiError>> {
    await this.#launching;
    const life = this.#life;
    if (life === null) return this.#wrongState('killed');
    life.asked = 'kill';
    life.signal('SIGKILL');
    await life.ended;
    return ok(null);
  }

  /** SIGSTOP: the process stays, its ports stay open, and it says nothing. */
  pause(): Result<null, ApiError> {
    const life = this.#life;
    if (life === null || this.#state.kind !== 'up') return this.#wrongState('paused');
    if (!life.signal('SIGSTOP')) return this.#notSignalled('paused');
    this.#enter({ kind: 'paused', pid: life.pid });
    this.#announce({ kind: 'memberPaused', level: 'warn', facts: { pid: life.pid } });
    return ok(null);
  }

  /** SIGCONT. */
  resume(): Result<null, ApiError> {
    const life = this.#life;
    if (life === null || this.#state.kind !== 'paused') return this.#wrongState('resumed');
    if (!life.signal('SIGCONT')) return this.#notSignalled('resumed');
    this.#enter({ kind: 'up', pid: life.pid });
    this.#announce({ kind: 'memberResumed', level: 'info', facts: { pid: life.pid } });
    return ok(null);
  }

  /** Stops the process if there is one, then starts it. */
  async restart(): Promise<Result<null, ApiError>> {
    await this.#launching;
    if (this.#life !== null) await this.stop();
    return this.start();
  }

  /** The ensemble's creation is on record: the process may go on. */
  proceed(): void {
    this.#life?.send({ kind: 'proceed' });
  }

  /**
   * Tells a running process what is so from now on, answered by `done`. A paused one reads it when it
   * wakes up; one that does not run, or ended meanwhile, is told at its next start.
   */
  async tell(messageOf: (request: number) => SupervisorMessage): Promise<Result<null, ApiError>> {
    const life = this.#life;
    if (life === null) return ok(null);
    const answer = life.ask(messageOf, this.#deadline());
    if (this.#state.kind !== 'up') return ok(null);
    const answered = await answer;
    return answered.ok || this.#life !== life ? ok(null) : answered;
  }

  /** Asks a running process; settles with its answer, or when there is none in time. */
  async ask(messageOf: (request: number) => SupervisorMessage): Promise<Result<MemberAnswer, ApiError>> {
    if (this.#life === null || this.#state.kind !== 'up') return this.#wrongState('asked');
    return this.#life.ask(messageOf, this.#deadline());
  }

  async #launch(): Promise<Result<MemberLife, ApiError>> {
    const refusal = this.#host.refusal();
    if (refusal !== null) return this.#couldNotStart(refusal);
    try {
      mkdirSync(this.folders.log, { recursive: true, mode: 0o700 });
      const launched = await launchLife(this.#host.spawn, this.#spawnRequest(), this.#listener());
      if (!launched.ok) return this.#couldNotStart(systemRefused(launched.error));
      const life = launched.value;
      this.#life = life;
      this.#report = null;
      this.#enter({ kind: 'starting', pid: life.pid });
      this.#introduce(life);
      return ok(life);
    } catch (failure) {
      return this.#couldNotStart(systemRefused(messageOf(failure)));
    }
  }

  /** A process that is not on record, a full disk say, is told nothing and ended: nobody would find it after us. */
  #introduce(life: MemberLife): void {
    try {
      recordProcess(this.folders.processFile, life.pid);
      life.send({ kind: 'configure', configuration: this.#host.configuration() });
    } catch (failure) {
      life.condemn(systemRefused(messageOf(failure)));
    }
  }

  #spawnRequest(): { modulePath: string; args: readonly string[]; outputFile: string } {
    return {
      modulePath: this.#host.memberModule,
      args: [`--member=${this.id}`],
      outputFile: this.folders.outputFile,
    };
  }

  #listener(): LifeListener {
    return {
      created: (_life, incarnation) => this.#host.created(incarnation),
      starting: () => void this.#late?.refresh(),
      ready: (life) => {
        if (this.#state.kind !== 'starting') return;
        this.#enter({ kind: 'up', pid: life.pid });
        this.#announce({ kind: 'memberStarted', level: 'info', facts: { pid: life.pid } });
      },
      report: (report) => {
        if (this.#report === null) recordLife(this.folders.lifeFile, report);
        this.#report = { report, atMs: Date.now() };
        this.#host.changed();
      },
      event: (event) => this.#announce(event),
      ended: (life, exit) => this.#ended(life, exit),
    };
  }

  async #untilReady(life: MemberLife): Promise<Result<null, ApiError>> {
    this.#late = setTimeout(() => life.condemn(notReady), readyTimeoutMs);
    await Promise.race([life.ready, life.ended]);
    clearTimeout(this.#late);
    if (this.#life === life) return ok(null);
    const words = life.fatal ?? {
      what: `Member ${this.id} ended before it was ready.`,
      meaning: 'It was stopped or killed, or it failed without a word.',
      todo: `Read ${this.folders.logFile} and ${this.folders.outputFile}, then start it again.`,
    };
    return fail(operationFailed(this.id, words));
  }

  #ended(life: MemberLife, exit: ProcessExit): void {
    forgetProcess(this.folders.processFile);
    this.#life = null;
    const reason = life.fatal === null ? null : reasonText(life.fatal);
    this.#enter(
      life.asked === 'stop'
        ? { kind: 'stopped' }
        : { kind: 'crashed', exitCode: exit.code, signal: exit.signal, reason },
    );
    this.#announce(describeEnd({ asked: life.asked, pid: life.pid, exit, fatal: life.fatal }));
  }

  #couldNotStart(reason: FatalReason): Result<never, ApiError> {
    this.#enter({ kind: 'crashed', exitCode: null, signal: null, reason: reasonText(reason) });
    const exit = { code: null, signal: null };
    this.#announce(describeEnd({ asked: 'nothing', pid: null, exit, fatal: reason }));
    return fail(operationFailed(this.id, reason));
  }

  #enter(state: ProcessState): void {
    this.#state = state;
    this.#host.changed();
  }

  #announce(event: Omit<NewEvent, 'member'>): void {
    this.#host.event({ ...event, member: this.id });
  }

  #deadline(): { readonly timeoutMs: number; readonly late: ApiError } {
    return { timeoutMs: requestTimeoutMs, late: noAnswer(this.id, requestTimeoutMs) };
  }

  #wrongState(wanted: string): Result<never, ApiError> {
    return fail(wrongState(this.id, this.#launching === null ? this.#state.kind : 'starting', wanted));
  }

  #notSignalled(wanted: string): Result<never, ApiError> {
    return fail(
      operationFailed(this.id, {
        what: `Member ${this.id} could not be ${wanted}.`,
        meaning: 'Its process has just ended, or this system cannot pause processes (Windows cannot).',
        todo: 'Look at its state, then repeat.',
      }),
    );
  }
}

const notStopped: FatalReason = {
  code: 'notStopped',
  what: `The member did not stop within ${stopTimeoutMs / 1_000} s and was killed.`,
  meaning: 'What it acknowledged is on disk; its next start reads it back.',
  todo: "Read the member's log to see what held it up.",
};

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
