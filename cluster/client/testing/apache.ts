/** Real Apache ZooKeeper servers for tests and benchmarks, from Debian's packages. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail, ok, type Result } from '../../base/result.ts';

/** Debian's jar; its manifest names the jars it needs. */
const zookeeperJar = '/usr/share/java/zookeeper.jar';
const mainClass = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
const readyTimeoutMs = 30_000;
const pollMs = 25;
const wordTimeoutMs = 2_000;

/** Where Java is, or why no ZooKeeper can be started here. */
export function findApache(): Result<{ readonly java: string }, string> {
  const java = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'java'))
    .find(isExecutable);
  if (java === undefined) return fail('Java is not installed (no `java` in PATH)');
  if (!existsSync(zookeeperJar)) return fail(`Debian's libzookeeper-java is not installed (${zookeeperJar})`);
  return ok({ java });
}

export interface ApacheServer {
  readonly clientPort: number;
  /** Null while it is not running. */
  readonly pid: number | null;
  /** Starts the process; done when it serves clients. */
  start(): Promise<void>;
  /** SIGTERM, as its own stop script does; done when the process is gone. */
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

export interface ApacheEnsemble {
  readonly servers: readonly ApacheServer[];
  /** All servers, `127.0.0.1:port,…`. */
  readonly connect: string;
  /** Stops every server and removes its folder. */
  close(): Promise<void>;
}

export interface ApacheOptions {
  readonly members: 1 | 3 | 5;
  /** 500, the default here, allows sessions from 1 s to 10 s. */
  readonly tickMs?: number;
  /** Further lines of `zoo.cfg`; they win over those written here. */
  readonly configuration?: readonly string[];
}

/** Starts an ensemble on free ports in a temporary folder; done when every server serves. */
export async function startApacheEnsemble(options: ApacheOptions): Promise<ApacheEnsemble> {
  const ensemble = await prepareApacheEnsemble(options);
  try {
    await Promise.all(ensemble.servers.map((server) => server.start()));
  } catch (failure) {
    await ensemble.close();
    throw failure;
  }
  return ensemble;
}

/** Makes the folders and configurations of an ensemble, and starts no process. */
export async function prepareApacheEnsemble(options: ApacheOptions): Promise<ApacheEnsemble> {
  const found = findApache();
  if (!found.ok) throw new Error(`cannot start Apache ZooKeeper: ${found.error}`);
  const { members, tickMs = 500, configuration = [] } = options;
  const folder = mkdtempSync(join(tmpdir(), 'muster-apache-'));
  const ports = await freePorts(members * 3);
  const ids = Array.from({ length: members }, (_, index) => index + 1);
  const port = (id: number, use: number): number => ports[(id - 1) * 3 + use] ?? 0;
  const peers = ids.map((id) => `server.${id}=127.0.0.1:${port(id, 1)}:${port(id, 2)}`);
  const servers = ids.map((id) =>
    apacheServer({
      java: found.value.java,
      folder: join(folder, String(id)),
      id,
      clientPort: port(id, 0),
      configuration: [
        `tickTime=${tickMs}`,
        'initLimit=20',
        'syncLimit=10',
        'maxClientCnxns=0',
        'admin.enableServer=false',
        '4lw.commands.whitelist=*',
        'clientPortAddress=127.0.0.1',
        ...(members === 1 ? [] : peers),
        ...configuration,
      ],
    }),
  );
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.kill()));
    rmSync(folder, { recursive: true, force: true });
  };
  const addresses = servers.map(({ clientPort }) => `127.0.0.1:${clientPort}`);
  return { servers, connect: addresses.join(','), close };
}

/** The answer of a server on this machine to a four-letter word; empty when it gives none. */
export function fourLetterWord(port: number, word: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(word));
    socket.setTimeout(wordTimeoutMs, () => socket.destroy());
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      text += chunk;
    });
    // A refused connection is an answer too: the server is not up.
    socket.on('error', () => resolve(''));
    socket.on('close', () => resolve(text));
  });
}

function apacheServer(options: {
  readonly java: string;
  readonly folder: string;
  readonly id: number;
  readonly clientPort: number;
  readonly configuration: readonly string[];
}): ApacheServer {
  const { java, folder, id, clientPort, configuration } = options;
  const data = join(folder, 'data');
  const file = join(folder, 'zoo.cfg');
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, 'myid'), `${id}\n`);
  writeFileSync(file, [`dataDir=${data}`, `clientPort=${clientPort}`, ...configuration, ''].join('\n'));
  let child: ChildProcess | null = null;
  const killWithUs = (): void => {
    child?.kill('SIGKILL');
  };

  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (child === null) return;
    const ended = child;
    const exited = ended.exitCode === null && ended.signalCode === null ? once(ended, 'exit') : null;
    ended.kill(signal);
    await exited;
    process.off('exit', killWithUs);
    child = null;
  }

  return {
    clientPort,
    get pid() {
      return child?.pid ?? null;
    },
    start: async () => {
      const started = spawn(
        java,
        ['-Xmx512m', '-cp', `/etc/zookeeper/conf:${zookeeperJar}`, mainClass, file],
        {
          cwd: folder,
          stdio: 'ignore',
        },
      );
      child = started;
      process.once('exit', killWithUs);
      const deadline = performance.now() + readyTimeoutMs;
      while (!(await fourLetterWord(clientPort, 'srvr')).includes('Mode: ')) {
        const gone = started.exitCode !== null || started.signalCode !== null;
        if (gone || performance.now() > deadline) {
          await end('SIGKILL');
          throw new Error(`Apache ZooKeeper on port ${clientPort} did not serve within ${readyTimeoutMs} ms`);
        }
        await sleep(pollMs);
      }
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Not there, or not ours to run: looked for elsewhere.
    return false;
  }
}

/** Ports that were free a moment ago, all different. */
async function freePorts(count: number): Promise<number[]> {
  const holders = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(holders.map((holder) => once(holder, 'listening')));
  const ports = holders.map((holder) => {
    const address = holder.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  });
  await Promise.all(holders.map((holder) => once(holder.close(), 'close')));
  return ports;
}
