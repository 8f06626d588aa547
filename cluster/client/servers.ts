/** The servers a client may connect to: `host:port,host:port`. */
import { randomInt } from 'node:crypto';
import { fail, ok, type Result } from '../base/result.ts';

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** ZooKeeper's default client port. */
const defaultPort = 2181;

/**
 * Reads a server list. The port may be left out; an IPv6 host stands in brackets. A path behind the
 * list (ZooKeeper's "chroot") is an error: paths are always whole here.
 */
export function parseServers(text: string): Result<readonly ServerAddress[], string> {
  const servers: ServerAddress[] = [];
  for (const part of text.split(',')) {
    const server = parseServer(part.trim());
    if (server === null) return fail(`"${part}" is not host:port in the server list "${text}"`);
    servers.push(server);
  }
  return ok(servers);
}

/** `host:port`, with brackets around an IPv6 host. */
export function formatServer({ host, port }: ServerAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The same servers in random order, so that clients spread over the members. */
export function shuffled(servers: readonly ServerAddress[]): ServerAddress[] {
  const rest = [...servers];
  const order: ServerAddress[] = [];
  while (rest.length > 0) order.push(...rest.splice(randomInt(rest.length), 1));
  return order;
}

function parseServer(text: string): ServerAddress | null {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:/[\]\s]+))(?::([0-9]{1,5}))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined) return null;
  const port = match?.[3] === undefined ? defaultPort : Number(match[3]);
  return port >= 1 && port <= 65_535 ? { host, port } : null;
}
