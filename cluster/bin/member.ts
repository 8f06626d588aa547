/**
 * One member's process. It does what its supervisor says over the channel (member-messages.ts), and
 * ends when the supervisor is gone. The signals of a terminal are the supervisor's business: Ctrl-C
 * reaches the whole process group, and members must outlive it until they are asked to stop.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { unreachable } from '../base/assert.ts';
import { createFileTrace } from '../node/trace.ts';
import type { Trace } from '../ports/trace.ts';
import type { LoadProgress } from '../replica/snapshots/loading.ts';
import type { MemberConfiguration, SupervisorMessage } from '../supervisor/member-messages.ts';
import { openDirectory } from './member/directory.ts';
import { memberExitCodes } from './member/exit-codes.ts';
import { connectParent, type Parent } from './member/parent.ts';
import { defect, misused, type Refusal } from './member/refusal.ts';
import { type RunningMember, runMember } from './member/running-member.ts';
import { watchTrace } from './member/timeline-trace.ts';

/** Reports come five times a second, and at once when the role changes. */
const reportPeriodMs = 200;
/** Handing over and closing take at most this long; what was acknowledged is on disk already. */
const stopTimeoutMs = 1_500;
/** How long last words may take to leave. */
const lastWordsTimeoutMs = 200;
/** How often a member that loads a snapshot says so. */
const loadingPeriodMs = 200;

type MessageOf<Kind extends SupervisorMessage['kind']> = Extract<SupervisorMessage, { readonly kind: Kind }>;
type Setting = MessageOf<'setBlocked' | 'setPeers' | 'setFaults'>;

class MemberProgram {
  readonly #parent: Parent;
  #trace: Trace | null = null;
  #configuration: MemberConfiguration | null = null;
  #running: RunningMember | null = null;
  #proceed: (() => void) | null = null;
  #reportTimer: NodeJS.Timeout | null = null;
  #reportSoon = false;
  #toldLoadingMs = 0;
  #ending = false;

  constructor() {
    const parent = connectParent({
      message: (message) => this.#handle(message),
      notUnderstood: (problem) => void this.refuse(misused(problem)),
      gone: () => void this.#stop('the supervisor is gone'),
    });
    if (parent === null) {
      process.stderr.write('A member is started by its supervisor: run `muster up`.\n');
      process.exit(memberExitCodes.misused);
    }
    this.#parent = parent;
  }

  /** Says why, then ends. */
  async refuse({ exitCode, reason }: Refusal): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    this.#trace?.emit('error', 'refused', { ...reason, exitCode });
    setTimeout(() => process.exit(exitCode), lastWordsTimeoutMs);
    await this.#parent.send({ kind: 'fatal', reason });
    process.exit(exitCode);
  }

  /** Something was thrown that nobody caught: an assertion, most likely. */
  crash(failure: unknown): void {
    const stack = failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
    process.stderr.write(`${stack}\n`);
    this.#trace?.emit('error', 'defect', { stack });
    void this.refuse(defect(failure));
  }

  #handle(message: SupervisorMessage): void {
    switch (message.kind) {
      case 'configure':
        void this.#start(message.configuration);
        break;
      case 'proceed':
        this.#proceed?.();
        break;
      case 'readLog':
        this.#readLog(message);
        break;
      case 'setBlocked':
      case 'setPeers':
      case 'setFaults':
        this.#set(message);
        void this.#parent.send({ kind: 'done', request: message.request });
        break;
      case 'operate':
        this.#operate(message);
        break;
      case 'stop':
        void this.#stop('asked by the supervisor');
        break;
      default:
        unreachable(message);
    }
  }

  async #start(configuration: MemberConfiguration): Promise<void> {
    this.#configuration = configuration;
    mkdirSync(dirname(configuration.logFile), { recursive: true });
    this.#trace = watchTrace(createFileTrace({ file: configuration.logFile, level: 'info' }), {
      event: (event) => void this.#parent.send({ kind: 'event', event }),
      stateChanged: () => this.#reportAtOnce(),
    });
    const { clientPort, dataFolder } = configuration;
    this.#trace.emit('info', 'started', { pid: process.pid, clientPort, dataFolder });
    const directory = openDirectory(configuration);
    if (!directory.ok) return this.refuse(directory.error);
    if (configuration.directory.kind !== 'open') await this.#created(directory.value.incarnation);
    if (this.#ending) return;
    const running = await runMember(this.#configuration, {
      directory: directory.value,
      trace: this.#trace,
      onFatal: (refusal) => void this.refuse(refusal),
      onLoading: (progress) => this.#loading(progress),
    });
    if (!running.ok) return this.refuse(running.error);
    this.#running = running.value;
    const { blocked, peers, removed } = this.#configuration;
    running.value.setBlocked(blocked);
    running.value.setPeers(peers, removed);
    this.#report();
    this.#reportTimer = setInterval(() => this.#report(), reportPeriodMs);
    await this.#parent.send({ kind: 'ready' });
  }

  /** Tells that the directory is made, and waits until the supervisor has that on record. */
  async #created(incarnation: number): Promise<void> {
    const proceed = new Promise<void>((settle) => {
      this.#proceed = settle;
    });
    await this.#parent.send({ kind: 'created', incarnation });
    await proceed;
  }

  #readLog(range: { readonly request: number; readonly from: number | null; readonly count: number }): void {
    if (this.#running === null) return;
    const page = this.#running.readLog(range);
    void this.#parent.send({ kind: 'logPage', request: range.request, page });
  }

  /** What comes before the member runs is remembered for then. */
  #set(message: Setting): void {
    const running = this.#running;
    switch (message.kind) {
      case 'setBlocked':
        this.#configure({ blocked: message.blocked });
        running?.setBlocked(message.blocked);
        break;
      case 'setPeers':
        this.#configure({ peers: message.peers, removed: message.removed });
        running?.setPeers(message.peers, message.removed);
        break;
      case 'setFaults':
        running?.setDiskFaults(message.disk);
        break;
      default:
        unreachable(message);
    }
  }

  #configure(changed: Partial<MemberConfiguration>): void {
    if (this.#configuration !== null) this.#configuration = { ...this.#configuration, ...changed };
  }

  #operate({ request, operation }: MessageOf<'operate'>): void {
    if (this.#running === null) return;
    void this.#parent.send({ kind: 'operated', request, outcome: this.#running.operate(operation) });
  }

  /** Says now and then that the start goes on: the supervisor's patience begins anew each time. */
  #loading({ doneBytes, totalBytes }: LoadProgress): void {
    const nowMs = performance.now();
    if (nowMs - this.#toldLoadingMs < loadingPeriodMs) return;
    this.#toldLoadingMs = nowMs;
    void this.#parent.send({ kind: 'starting', done: doneBytes, total: totalBytes });
  }

  /** Called from inside a step of the member: what it is to report settles within this turn. */
  #reportAtOnce(): void {
    if (this.#reportSoon) return;
    this.#reportSoon = true;
    setImmediate(() => {
      this.#reportSoon = false;
      this.#report();
    });
  }

  #report(): void {
    if (this.#running === null || this.#ending) return;
    void this.#parent.send({ kind: 'report', report: this.#running.report() });
  }

  async #stop(why: string): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    this.#trace?.emit('info', 'stopping', { why });
    if (this.#reportTimer !== null) clearInterval(this.#reportTimer);
    setTimeout(() => process.exit(memberExitCodes.stopped), stopTimeoutMs);
    await this.#running?.stop();
    this.#trace?.emit('info', 'stopped');
    process.exit(memberExitCodes.stopped);
  }
}

process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);
const program = new MemberProgram();
process.on('uncaughtException', (failure) => program.crash(failure));
