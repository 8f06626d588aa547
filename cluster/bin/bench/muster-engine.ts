/** Muster for the bench: the supervisor in this process, members in processes of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unreachable } from '../../base/assert.ts';
import type { Result } from '../../base/result.ts';
import { childProcessSpawn } from '../../supervisor/child-process-spawn.ts';
import { createSupervisor, type Supervisor } from '../../supervisor/supervisor.ts';
import type { Engine, Ensemble, FaultKind, PreparedEnsemble } from './engine.ts';

const healthyTimeoutMs = 20_000;

export function musterEngine(options: { readonly memberModule: string }): Engine {
  return {
    name: 'muster',
    faults: ['kill', 'pause', 'partition'],
    prepare: async () => prepare(options.memberModule),
  };
}

function prepare(memberModule: string): PreparedEnsemble {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
  let launched: Promise<Supervisor> | null = null;
  return {
    launch: async () => {
      launched = start(folder, memberModule);
      return ensembleOf(await launched);
    },
    close: async () => {
      // A launch that failed has left nothing running.
      const supervisor = await launched?.catch(() => null);
      await supervisor?.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function start(dataFolder: string, memberModule: string): Promise<Supervisor> {
  const started = await createSupervisor({
    dataFolder,
    name: null,
    members: 3,
    clientPortBase: 0,
    timing: null,
    settings: {},
    spawn: childProcessSpawn,
    memberModule,
  });
  return unwrap(started);
}

function ensembleOf(supervisor: Supervisor): Ensemble {
  const { members } = supervisor.view();
  const ids = members.map(({ id }) => id);
  return {
    members: ids,
    connect: (wanted) =>
      members
        .filter(({ id }) => wanted.includes(id))
        .map(({ clientPort }) => `127.0.0.1:${clientPort}`)
        .join(','),
    untilHealthy: async () => {
      const { health } = await supervisor.untilHealthy(healthyTimeoutMs);
      if (health.level !== 'healthy')
        throw new Error(
          `Muster did not become healthy within ${healthyTimeoutMs} ms: ${JSON.stringify(health)}`,
        );
    },
    leader: async () => {
      const { leader } = supervisor.view();
      if (leader === null) throw new Error('Muster has no leader');
      return leader;
    },
    pids: () =>
      supervisor.view().members.flatMap(({ process }) => (process.kind === 'up' ? [process.pid] : [])),
    inject: async (fault, member) => {
      unwrap(await inject(supervisor, fault, { member, ids }));
    },
    repair: async (fault, member) => {
      unwrap(await repair(supervisor, fault, member));
    },
  };
}

function inject(
  supervisor: Supervisor,
  fault: FaultKind,
  { member, ids }: { readonly member: number; readonly ids: readonly number[] },
): ReturnType<Supervisor['operate']> {
  switch (fault) {
    case 'kill':
    case 'pause':
      return supervisor.operate(member, fault);
    case 'partition':
      return supervisor.partition([[member], ids.filter((id) => id !== member)]);
    default:
      return unreachable(fault);
  }
}

function repair(supervisor: Supervisor, fault: FaultKind, member: number): ReturnType<Supervisor['operate']> {
  switch (fault) {
    case 'kill':
      return supervisor.operate(member, 'start');
    case 'pause':
      return supervisor.operate(member, 'resume');
    case 'partition':
      return supervisor.heal();
    default:
      return unreachable(fault);
  }
}

function unwrap<Value>(result: Result<Value, { readonly what: string; readonly meaning: string }>): Value {
  if (!result.ok) throw new Error(`${result.error.what} ${result.error.meaning}`);
  return result.value;
}
