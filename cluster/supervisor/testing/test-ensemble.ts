/** Starts ensembles in folders of their own, and leaves none of them behind. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnsembleView, ProcessState } from '../../api/ensemble.ts';
import type { TimelineEvent } from '../../api/timeline.ts';
import type { Result } from '../../base/result.ts';
import { childProcessSpawn } from '../child-process-spawn.ts';
import type { StartError } from '../failures.ts';
import type { SpawnPort } from '../spawn-port.ts';
import { createSupervisor, type Supervisor, type SupervisorOptions } from '../supervisor.ts';

const waitMaxMs = 10_000;
const pollMs = 10;

export class TestEnsembles {
  readonly #memberModule: string;
  readonly #folders: string[] = [];
  readonly #supervisors: Supervisor[] = [];

  constructor(options: { readonly memberModule: string }) {
    this.#memberModule = options.memberModule;
  }

  /** A fresh folder under the system's temporary one. */
  folder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'muster-supervisor-'));
    this.#folders.push(folder);
    return folder;
  }

  async start(options: Partial<SupervisorOptions> = {}): Promise<Result<Supervisor, StartError>> {
    const started = await createSupervisor({
      dataFolder: options.dataFolder ?? this.folder(),
      name: null,
      members: null,
      clientPortBase: 0,
      timing: null,
      settings: {},
      spawn: childProcessSpawn,
      memberModule: this.#memberModule,
      ...options,
    });
    if (started.ok) this.#supervisors.push(started.value);
    return started;
  }

  /** As `start`, when nothing else than a running, healthy ensemble will do. */
  async startHealthy(options: Partial<SupervisorOptions> = {}): Promise<Supervisor> {
    const started = await this.start(options);
    if (!started.ok) throw new Error(`${started.error.what} ${started.error.meaning}`);
    const view = await started.value.untilHealthy(waitMaxMs);
    if (view.health.level !== 'healthy') throw new Error(`not healthy: ${JSON.stringify(view)}`);
    return started.value;
  }

  async cleanUp(): Promise<void> {
    for (const supervisor of this.#supervisors.splice(0)) await supervisor.close();
    for (const folder of this.#folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}

/** Passes arguments to the processes of some members. */
export function spawnWith(argsOf: (member: number) => readonly string[]): SpawnPort {
  return {
    spawn: (request, listener) => {
      const member = Number(request.args[0]?.replace('--member=', ''));
      return childProcessSpawn.spawn({ ...request, args: [...request.args, ...argsOf(member)] }, listener);
    },
  };
}

/** Waits until `found` gives something; fails loudly when it does not in time. */
export async function eventually<Value>(
  what: string,
  found: () => Value | null | undefined | false,
): Promise<Value> {
  for (const startedMs = performance.now(); performance.now() - startedMs < waitMaxMs; ) {
    const value = found();
    if (value !== null && value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  throw new Error(`this did not happen in ${waitMaxMs} ms: ${what}`);
}

export function processOf(view: EnsembleView, member: number): ProcessState {
  const found = view.members.find(({ id }) => id === member);
  if (found === undefined) throw new Error(`no member ${member}`);
  return found.process;
}

export function pidOf(view: EnsembleView, member: number): number {
  const state = processOf(view, member);
  if (!('pid' in state)) throw new Error(`member ${member} is ${state.kind}`);
  return state.pid;
}

/** Whether a process with this pid exists. */
export function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The events of one kind, oldest first. */
export function eventsOf(supervisor: Supervisor, kind: TimelineEvent['kind']): readonly TimelineEvent[] {
  return supervisor.events(0).filter((event) => event.kind === kind);
}
