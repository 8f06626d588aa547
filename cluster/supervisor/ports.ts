/**
 * Picks the members' ports. Client ports keep to what the operator knows (2181, 2182, …) or had last
 * time; peer ports are nobody's business and only must not move while the ensemble runs.
 *
 * Free ports are sought below the range from which operating systems take the source ports of
 * outgoing connections (32768 and up on Linux, 49152 and up elsewhere): there, a member that is down
 * could find its port taken when it comes back, or be "reached" by a connection to itself.
 */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** ZooKeeper's default client port. */
export const defaultClientPort = 2_181;

const freeRange = { first: 20_000, last: 32_000 } as const;
const portMax = 65_535;

/**
 * One port per preference: the preferred one where it is free, else the next free one above it.
 * 0 prefers nothing. Null when the machine has no free port left.
 */
export async function planPorts(
  preferred: readonly number[],
  taken: ReadonlySet<number> = new Set(),
): Promise<readonly number[] | null> {
  const used = new Set(taken);
  const planned: (number | null)[] = [];
  // First everyone who can have the preferred port, so that one busy port does not move the others.
  for (const port of preferred) {
    const gets = port !== 0 && !used.has(port) && (await isFree(port));
    if (gets) used.add(port);
    planned.push(gets ? port : null);
  }
  const ports: number[] = [];
  for (const [at, port] of planned.entries()) {
    const found = port ?? (await nextFree(preferred[at] ?? 0, used));
    if (found === null) return null;
    used.add(found);
    ports.push(found);
  }
  return ports;
}

async function nextFree(preferred: number, used: ReadonlySet<number>): Promise<number | null> {
  const first = preferred === 0 ? randomInt(freeRange.first, freeRange.last) : preferred + 1;
  for (let port = first; port <= portMax; port += 1) {
    if (!used.has(port) && (await isFree(port))) return port;
  }
  return null;
}

/** Whether a server could listen on this port of `localhost` now: of 127.0.0.1, and of ::1 where there is one. */
export async function isFree(port: number): Promise<boolean> {
  if ((await problemAt('127.0.0.1', port)) !== null) return false;
  return (await problemAt('::1', port)) !== 'EADDRINUSE';
}

/** The error code of listening there, or null when it works. */
function problemAt(host: string, port: number): Promise<string | null> {
  return new Promise((settle) => {
    const probe = createServer();
    probe.once('error', (failure: NodeJS.ErrnoException) => settle(failure.code ?? failure.message));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => settle(null)));
  });
}
