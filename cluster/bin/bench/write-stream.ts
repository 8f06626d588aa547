/** A client that writes back to back, one write at a time, and remembers what happened to it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createZkClient, type ZkClient } from '../../client/client.ts';

/** Beyond ZooKeeper's slowest failover, so that the measure ends with a write and not with a deadline. */
const requestTimeoutMs = 40_000;
const sessionTimeoutMs = 30_000;
const firstWriteTimeoutMs = 60_000;
/** A client that comes back at once, so that the pause measured is the servers'. */
const retryDelayMaxMs = 20;
const value = new Uint8Array(100);

export interface StreamOutcome {
  readonly writes: number;
  /** Writes answered with an error, or not at all. */
  readonly errors: number;
  readonly disconnects: number;
}

export interface WriteStream {
  /** When the first write that was sent at or after `fromMs` was acknowledged (`performance.now`); fails after 60 s. */
  firstWriteSentAfter(fromMs: number): Promise<number>;
  /** Ends the client. */
  stop(): Promise<StreamOutcome>;
}

export function openBenchClient(servers: string): ZkClient {
  return createZkClient({ servers, sessionTimeoutMs, requestTimeoutMs, retryDelayMaxMs, onExpiry: 'renew' });
}

/** Creates `path`, once that works, and gives its client. */
export async function createFirst(client: ZkClient, path: string): Promise<void> {
  const created = await client.create({ path, data: value });
  if (!created.ok && created.error.code !== 'nodeExists') throw new Error(created.error.what);
}

/** Starts writing to one znode; done after the first acknowledged write. */
export async function startWriteStream(servers: string): Promise<WriteStream> {
  const path = '/bench-failover';
  const client = openBenchClient(servers);
  await createFirst(client, path);
  const waiting: { readonly fromMs: number; readonly found: (atMs: number) => void }[] = [];
  let going = true;
  let writes = 0;
  let errors = 0;
  let disconnects = 0;
  const unlisten = client.onState(({ kind }) => {
    if (kind === 'disconnected') disconnects += 1;
  });

  async function write(): Promise<void> {
    while (going) {
      const sentMs = performance.now();
      const { ok } = await client.setData({ path, data: value });
      if (ok) writes += 1;
      else errors += 1;
      if (!ok) continue;
      for (let at = waiting.length - 1; at >= 0; at -= 1) {
        const one = waiting[at];
        if (one === undefined || sentMs < one.fromMs) continue;
        waiting.splice(at, 1);
        one.found(performance.now());
      }
    }
  }

  const writing = write();
  return {
    firstWriteSentAfter: (fromMs) =>
      new Promise((settle, reject) => {
        const late = setTimeout(
          () => reject(new Error(`no write was acknowledged within ${firstWriteTimeoutMs} ms`)),
          firstWriteTimeoutMs,
        );
        const found = (atMs: number): void => {
          clearTimeout(late);
          settle(atMs);
        };
        waiting.push({ fromMs, found });
      }),
    stop: async () => {
      going = false;
      await Promise.race([writing, sleep(requestTimeoutMs, undefined, { ref: false })]);
      unlisten();
      await client.close();
      return { writes, errors, disconnects };
    },
  };
}
