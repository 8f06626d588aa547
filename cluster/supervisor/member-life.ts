/** One life of a member's process: its channel, what it said, and its end. */
import type { MemberReport } from '../api/ensemble.ts';
import type { ApiError } from '../api/errors.ts';
import { unreachable } from '../base/assert.ts';
import { ok, type Result } from '../base/result.ts';
import { deferred } from './deferred.ts';
import {
  type FatalReason,
  type MemberEvent,
  type MemberMessage,
  parseMemberMessage,
  type SupervisorMessage,
} from './member-messages.ts';
import { type MemberAnswer, MemberRequests } from './member-requests.ts';
import type { MemberProcess, ProcessExit, ProcessSignal, SpawnPort, SpawnRequest } from './spawn-port.ts';

export interface LifeListener {
  /** The data directory was initialised; the process waits for `proceed`. */
  created(life: MemberLife, incarnation: number): void;
  /** It loads what it knows, and says that it gets on. */
  starting(): void;
  ready(life: MemberLife): void;
  report(report: MemberReport): void;
  event(event: MemberEvent): void;
  /** Nothing follows. */
  ended(life: MemberLife, exit: ProcessExit): void;
}

/** Starts a process; the failure says why the operating system did not. */
export async function launchLife(
  spawn: SpawnPort,
  request: SpawnRequest,
  listener: LifeListener,
): Promise<Result<MemberLife, string>> {
  // Messages and even the end may come before the process is in hand.
  let life: MemberLife | null = null;
  const early: ((life: MemberLife) => void)[] = [];
  const deliver = (input: (life: MemberLife) => void) => {
    if (life === null) early.push(input);
    else input(life);
  };
  const spawned = await spawn.spawn(request, {
    message: (message) => deliver((current) => current.received(message)),
    exited: (exit) => deliver((current) => current.exited(exit)),
  });
  if (!spawned.ok) return spawned;
  const started = new MemberLife(spawned.value, listener);
  setImmediate(() => {
    life = started;
    for (const input of early) input(started);
  });
  return ok(started);
}

export class MemberLife {
  /** Who wanted the end, if anybody did. */
  asked: 'nothing' | 'stop' | 'kill' = 'nothing';
  /** What the process, or its supervisor, gave as the reason of its end. */
  fatal: FatalReason | null = null;
  readonly #ready = deferred();
  readonly #ended = deferred();
  readonly #process: MemberProcess;
  readonly #listener: LifeListener;
  readonly #requests = new MemberRequests();

  constructor(process: MemberProcess, listener: LifeListener) {
    this.#process = process;
    this.#listener = listener;
  }

  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  get pid(): number {
    return this.#process.pid;
  }

  send(message: SupervisorMessage): void {
    this.#process.send(message);
  }

  signal(signal: ProcessSignal): boolean {
    return this.#process.signal(signal);
  }

  /** Ends a process that must not go on, for this reason unless it gave one of its own. */
  condemn(reason: FatalReason): void {
    this.fatal ??= reason;
    this.signal('SIGKILL');
  }

  /** Sends a request under a new number; settles with its answer, or with `late`. */
  ask(
    messageOf: (request: number) => SupervisorMessage,
    deadline: { readonly timeoutMs: number; readonly late: ApiError },
  ): Promise<Result<MemberAnswer, ApiError>> {
    return this.#requests.ask((request) => this.send(messageOf(request)), deadline);
  }

  received(value: unknown): void {
    const parsed = parseMemberMessage(value);
    if (parsed.ok) this.#handle(parsed.value);
    else this.condemn(notUnderstood(parsed.error));
  }

  exited(exit: ProcessExit): void {
    this.#requests.failAll(endedMeanwhile(this.pid));
    this.#listener.ended(this, exit);
    this.#ended.settle();
  }

  #handle(message: MemberMessage): void {
    switch (message.kind) {
      case 'created':
        this.#listener.created(this, message.incarnation);
        break;
      case 'starting':
        this.#listener.starting();
        break;
      case 'ready':
        this.#listener.ready(this);
        this.#ready.settle();
        break;
      case 'report':
        this.#listener.report(message.report);
        break;
      case 'event':
        this.#listener.event(message.event);
        break;
      case 'logPage':
      case 'operated':
      case 'done':
        this.#requests.answered(message);
        break;
      case 'fatal':
        this.fatal = message.reason;
        break;
      default:
        unreachable(message);
    }
  }
}

/** A member that speaks another language is of another version, or mad: it is not kept. */
function notUnderstood(problem: string): FatalReason {
  return {
    code: 'protocol',
    what: `The process sent a message that is not understood: ${problem}`,
    meaning: 'Member and supervisor are not of one version; the process was ended.',
    todo: 'Build Muster again, then start the member.',
  };
}

function endedMeanwhile(pid: number): ApiError {
  return {
    code: 'operationFailed',
    what: `Process ${pid} ended before it answered.`,
    meaning: 'The member stopped or crashed meanwhile.',
    todo: 'Look at its state, then repeat.',
    facts: { pid },
  };
}
