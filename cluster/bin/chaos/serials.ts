/**
 * Writes that each have a name of their own, what became of them, and the judgement on what members hold.
 * Sequential, because a repeated create of a fixed name would go unnoticed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { fail, ok, type Result } from '../../base/result.ts';
import { createZkClient, type ZkClient } from '../../client/client.ts';
import type { ZkFailure } from '../../client/failure.ts';

/** Past an election and a restart: a write that takes longer has failed. */
const requestTimeoutMs = 15_000;
/** Digits that the ensemble puts behind a sequential name. */
const sequenceDigits = 10;

export interface Serials {
  /** By label, `writer/number-`: the path that was answered. */
  readonly acknowledged: ReadonlyMap<string, string>;
  /** They may have happened, once; nobody knows. */
  readonly unknown: ReadonlySet<string>;
  /** They must not have happened. */
  readonly refused: ReadonlySet<string>;
}

/** How what a member holds differs from what was answered; all empty when it does not. */
export interface Difference {
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly moved: readonly string[];
  readonly unasked: readonly string[];
}

export const noDifference: Difference = { lost: [], doubled: [], moved: [], unasked: [] };

/** Writers that create one sequential znode after the other, each in a folder of its own below `folder`. */
export class SerialWriters implements Serials {
  readonly acknowledged = new Map<string, string>();
  readonly unknown = new Set<string>();
  readonly refused = new Set<string>();
  readonly #folder: string;
  readonly #pauseMs: number;
  readonly #onAcknowledged: () => void;
  readonly #clients: readonly ZkClient[];
  readonly #writers: readonly Promise<void>[];
  #stopping = false;

  constructor(options: {
    readonly servers: string;
    /** It must exist. */
    readonly folder: string;
    /** Begins the writers' names: different for those in one folder. */
    readonly name: string;
    readonly writers: number;
    /** Between two writes of one writer. */
    readonly pauseMs: number;
    readonly onAcknowledged?: () => void;
  }) {
    const { servers, folder, name, writers, pauseMs, onAcknowledged = () => undefined } = options;
    this.#folder = folder;
    this.#pauseMs = pauseMs;
    this.#onAcknowledged = onAcknowledged;
    this.#clients = Array.from({ length: writers }, () =>
      createZkClient({ servers, onExpiry: 'renew', requestTimeoutMs, connectTimeoutMs: 1_000 }),
    );
    this.#writers = this.#clients.map((client, at) => this.#write(client, `${name}${at}`));
  }

  /** Waits for the writes under way, and closes the clients. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#writers);
    await Promise.all(this.#clients.map((client) => client.close()));
  }

  async #write(client: ZkClient, writer: string): Promise<void> {
    await this.#makeFolder(client, `${this.#folder}/${writer}`);
    for (let number = 0; !this.#stopping; number += 1) {
      const label = `${writer}/${number}-`;
      const path = `${this.#folder}/${label}`;
      const outcome = await client.create({ path, mode: 'persistentSequential' });
      if (outcome.ok) {
        this.acknowledged.set(label, outcome.value);
        this.#onAcknowledged();
      } else if (outcome.error.outcome === 'unknown') this.unknown.add(label);
      else this.refused.add(label);
      await sleep(this.#pauseMs);
    }
  }

  async #makeFolder(client: ZkClient, path: string): Promise<void> {
    while (!this.#stopping) {
      const made = await client.create({ path });
      if (made.ok || made.error.code === 'nodeExists') return;
      await sleep(this.#pauseMs);
    }
  }
}

/** Compares what the member at `server` holds below `folder` with what the writers were told. */
export async function differenceAt(
  server: string,
  { folder, serials }: { readonly folder: string; readonly serials: Serials },
): Promise<Result<Difference, ZkFailure>> {
  const client = createZkClient({ servers: server });
  const found = await pathsByLabel(client, folder);
  await client.close();
  return found.ok ? ok(difference(found.value, serials)) : found;
}

/** Compares paths, by label, with what the writers were told. */
function difference(found: ReadonlyMap<string, readonly string[]>, serials: Serials): Difference {
  const acknowledged = [...serials.acknowledged];
  return {
    lost: acknowledged.filter(([label]) => !found.has(label)).map(([, path]) => path),
    doubled: [...found.values()].filter((paths) => paths.length > 1).flat(),
    moved: acknowledged
      .filter(([label, path]) => found.get(label)?.includes(path) === false)
      .map(([, path]) => path),
    unasked: [...found.keys()].filter(
      (label) => !serials.acknowledged.has(label) && !serials.unknown.has(label),
    ),
  };
}

async function pathsByLabel(
  client: ZkClient,
  folder: string,
): Promise<Result<ReadonlyMap<string, readonly string[]>, ZkFailure>> {
  const synced = await client.sync(folder);
  if (!synced.ok) return fail(synced.error);
  const writers = await client.getChildren(folder);
  if (!writers.ok) return fail(writers.error);
  const found = new Map<string, string[]>();
  for (const writer of writers.value) {
    const names = await client.getChildren(`${folder}/${writer}`);
    if (!names.ok) return fail(names.error);
    for (const name of names.value) {
      const label = `${writer}/${name.slice(0, -sequenceDigits)}`;
      found.set(label, [...(found.get(label) ?? []), `${folder}/${writer}/${name}`]);
    }
  }
  return ok(found);
}
