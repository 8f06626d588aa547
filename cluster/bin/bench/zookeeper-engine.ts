/** Apache ZooKeeper for the bench: Debian's packages, three Java processes, the timing of its sample configuration. */
import { setTimeout as sleep } from 'node:timers/promises';
import { unreachable } from '../../base/assert.ts';
import {
  type ApacheEnsemble,
  type ApacheServer,
  fourLetterWord,
  prepareApacheEnsemble,
} from '../../client/testing/apache.ts';
import { cannotHave, type Engine, type Ensemble, type FaultKind, type PreparedEnsemble } from './engine.ts';

/** zoo_sample.cfg: 2 s ticks, ten to connect, five to fall behind. */
const tickMs = 2_000;
const configuration = ['initLimit=10', 'syncLimit=5'];
const pollMs = 20;
const healthyTimeoutMs = 60_000;

export const zookeeperEngine: Engine = { name: 'zookeeper', faults: ['kill', 'pause'], prepare };

async function prepare(): Promise<PreparedEnsemble> {
  const apache = await prepareApacheEnsemble({ members: 3, tickMs, configuration });
  return {
    launch: async () => {
      // Whether they came up shows in `untilHealthy`.
      void Promise.allSettled(apache.servers.map((server) => server.start()));
      return ensembleOf(apache);
    },
    close: () => apache.close(),
  };
}

function ensembleOf({ servers }: ApacheEnsemble): Ensemble {
  const serverOf = (member: number): ApacheServer => {
    const server = servers[member - 1];
    if (server === undefined) throw new Error(`there is no server ${member}`);
    return server;
  };
  return {
    members: servers.map((_, index) => index + 1),
    connect: (members) => members.map((member) => `127.0.0.1:${serverOf(member).clientPort}`).join(','),
    untilHealthy: async () => {
      const deadline = performance.now() + healthyTimeoutMs;
      while ((await modesOf(servers)).some((mode) => mode === null)) {
        if (performance.now() > deadline)
          throw new Error(`ZooKeeper did not become healthy within ${healthyTimeoutMs} ms`);
        await sleep(pollMs);
      }
    },
    leader: async () => {
      const at = (await modesOf(servers)).indexOf('leader');
      if (at === -1) throw new Error('ZooKeeper has no leader');
      return at + 1;
    },
    pids: () => servers.flatMap(({ pid }) => (pid === null ? [] : [pid])),
    inject: (fault, member) => inject(serverOf(member), fault),
    repair: (fault, member) => repair(serverOf(member), fault),
  };
}

async function modesOf(servers: readonly ApacheServer[]): Promise<readonly (string | null)[]> {
  const answers = await Promise.all(servers.map(({ clientPort }) => fourLetterWord(clientPort, 'srvr')));
  return answers.map((answer) => /^Mode: (\w+)/m.exec(answer)?.[1] ?? null);
}

async function inject(server: ApacheServer, fault: FaultKind): Promise<void> {
  switch (fault) {
    case 'kill':
      return server.kill();
    case 'pause':
      return signal(server, 'SIGSTOP');
    case 'partition':
      throw cannotHave('zookeeper', fault);
    default:
      return unreachable(fault);
  }
}

async function repair(server: ApacheServer, fault: FaultKind): Promise<void> {
  switch (fault) {
    case 'kill':
      return server.start();
    case 'pause':
      return signal(server, 'SIGCONT');
    case 'partition':
      throw cannotHave('zookeeper', fault);
    default:
      return unreachable(fault);
  }
}

function signal(server: ApacheServer, name: 'SIGSTOP' | 'SIGCONT'): void {
  if (server.pid !== null) process.kill(server.pid, name);
}
