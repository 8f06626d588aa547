/**
 * Clients that read and write the same few znodes at once, each operation with a deadline. The znodes are
 * given up for new ones every few seconds: an operation without an answer keeps the history of its znode
 * open for ever, and there are many such operations where processes die.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Result } from '../../base/result.ts';
import type { Value } from '../../check/history.ts';
import { createZkClient, type ZkClient } from '../../client/client.ts';
import type { ZkFailure } from '../../client/failure.ts';
import type { SeededRandom } from '../../sim/random.ts';
import type { Ending, HistoryRecorder } from './history-recorder.ts';

const requestTimeoutMs = 5_000;
/** Znodes in use at a time, and how long. */
const keysAtOnce = 5;
const keysLastMs = 8_000;

export interface SharerOptions {
  readonly servers: string;
  /** It must exist. */
  readonly folder: string;
  readonly clients: number;
  readonly pauseMs: number;
  readonly random: SeededRandom;
  readonly history: HistoryRecorder;
  readonly nowMs: () => number;
  /** A write was acknowledged. */
  readonly onAcknowledged: () => void;
}

/** What a client remembers of a znode: the version it saw last, for writes under a condition. */
type Versions = Map<string, number>;

export class Sharers {
  readonly #options: SharerOptions;
  readonly #startedMs: number;
  readonly #clients: readonly ZkClient[];
  readonly #loops: readonly Promise<void>[];
  #stopping = false;
  #operations = 0;

  constructor(options: SharerOptions) {
    this.#options = options;
    this.#startedMs = options.nowMs();
    this.#clients = Array.from({ length: options.clients }, () =>
      createZkClient({
        servers: options.servers,
        onExpiry: 'renew',
        requestTimeoutMs,
        connectTimeoutMs: 1_000,
      }),
    );
    this.#loops = this.#clients.map((client, at) =>
      this.#work(client, { process: `c${at + 1}`, random: options.random.fork(`sharer ${at}`) }),
    );
  }

  /** Operations that ended, whichever way. */
  get operations(): number {
    return this.#operations;
  }

  /** Waits for the operations under way, and closes the clients. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#loops);
    await Promise.all(this.#clients.map((client) => client.close()));
  }

  async #work(
    client: ZkClient,
    { process, random }: { readonly process: string; readonly random: SeededRandom },
  ): Promise<void> {
    const versions: Versions = new Map();
    for (let number = 0; !this.#stopping; number += 1) {
      const key = this.#key(random);
      const data = `${process}-${number}`;
      await this.#operate(client, { process, key, data, random, versions });
      this.#operations += 1;
      await sleep(random.below(2 * this.#options.pauseMs + 1));
    }
  }

  #key(random: SeededRandom): string {
    const generation = Math.floor((this.#options.nowMs() - this.#startedMs) / keysLastMs);
    return `${this.#options.folder}/${generation}-${random.below(keysAtOnce)}`;
  }

  async #operate(client: ZkClient, turn: Turn): Promise<void> {
    const { process, key, data, random, versions } = turn;
    const version = random.chance(0.5) ? (versions.get(key) ?? -1) : -1;
    const { history } = this.#options;
    const write = async (f: string, value: Value, run: () => Promise<Ending>) => {
      const ending = await history.record({ process, f, key, value }, run);
      if (ending.kind === 'ok') this.#options.onAcknowledged();
    };
    const bytes = Uint8Array.from(Buffer.from(data));
    const kind = random.below(10);
    if (kind < 1)
      await write('create', { data }, async () =>
        endingOf(await client.create({ path: key, data: bytes }), () => ({})),
      );
    else if (kind < 2)
      await write('delete', { version }, async () =>
        endingOf(await client.delete({ path: key, version }), () => ({})),
      );
    else if (kind < 6)
      await write('setData', { data, version }, async () =>
        endingOf(await client.setData({ path: key, data: bytes, version }), (stat) => {
          versions.set(key, stat.version);
          return { version: stat.version };
        }),
      );
    else await history.record({ process, f: 'getData', key, value: null }, () => read(client, key, versions));
  }
}

interface Turn {
  readonly process: string;
  readonly key: string;
  /** Unique among all writes. */
  readonly data: string;
  readonly random: SeededRandom;
  readonly versions: Versions;
}

/** `sync` and a read together are linearizable. */
async function read(client: ZkClient, path: string, versions: Versions): Promise<Ending> {
  const synced = client.sync(path);
  const got = client.getData(path);
  if (!(await synced).ok) {
    await got;
    return { kind: 'fail' };
  }
  const answer = endingOf(await got, ({ data, stat }) => {
    versions.set(path, stat.version);
    return { data: Buffer.from(data).toString(), version: stat.version };
  });
  // A read changes nothing: without an answer it is as if it had not been asked.
  return answer.kind === 'info' ? { kind: 'fail' } : answer;
}

/** Errors that tell something about the znode, and so belong into the history. */
const observations: ReadonlySet<string> = new Set(['noNode', 'nodeExists', 'badVersion']);

function endingOf<Answer>(outcome: Result<Answer, ZkFailure>, told: (answer: Answer) => Value): Ending {
  if (outcome.ok) return { kind: 'ok', value: told(outcome.value) };
  if (observations.has(outcome.error.code)) return { kind: 'ok', value: { error: outcome.error.code } };
  return { kind: outcome.error.outcome === 'unknown' ? 'info' : 'fail' };
}
