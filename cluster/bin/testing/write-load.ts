/** A load of writes that remembers what became of each, and the judgement on what the members hold. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createZkClient, type ZkClient } from '../../client/client.ts';
import { done } from '../../client/testing/outcomes.ts';

/** Past an election and a restart: a write that takes longer has failed. */
const requestTimeoutMs = 15_000;
/** Digits that the ensemble puts behind a sequential name. */
const sequenceDigits = 10;

export interface Writes {
  /** By label: the path that was answered. */
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

/**
 * Writers that create one sequential znode after the other in `folder`, each under a label of its own
 * and with a pause before it. Sequential, because a repeated create of a fixed name would go unnoticed.
 */
export class WriteLoad implements Writes {
  readonly acknowledged = new Map<string, string>();
  readonly unknown = new Set<string>();
  readonly refused = new Set<string>();
  readonly #folder: string;
  readonly #name: string;
  readonly #clients: readonly ZkClient[];
  readonly #writers: readonly Promise<void>[];
  #stopping = false;

  constructor(options: {
    readonly servers: string;
    readonly folder: string;
    /** Begins the labels: different for loads in one folder. */
    readonly name: string;
    readonly writers: number;
    readonly pauseMs: number;
  }) {
    const { servers, folder, name, writers, pauseMs } = options;
    this.#folder = folder;
    this.#name = name;
    this.#clients = Array.from({ length: writers }, () =>
      createZkClient({ servers, onExpiry: 'renew', requestTimeoutMs, connectTimeoutMs: 1_000 }),
    );
    this.#writers = this.#clients.map((client, writer) => this.#write(client, { writer, pauseMs }));
  }

  /** Waits for the writes under way, and closes the clients. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#writers);
    await Promise.all(this.#clients.map((client) => client.close()));
  }

  async #write(
    client: ZkClient,
    { writer, pauseMs }: { readonly writer: number; readonly pauseMs: number },
  ): Promise<void> {
    for (let number = 0; !this.#stopping; number += 1) {
      const label = `${this.#name}-${writer}-${number}-`;
      const outcome = await client.create({
        path: `${this.#folder}/${label}`,
        mode: 'persistentSequential',
      });
      if (outcome.ok) this.acknowledged.set(label, outcome.value);
      else if (outcome.error.outcome === 'unknown') this.unknown.add(label);
      else this.refused.add(label);
      await sleep(pauseMs);
    }
  }
}

/** Compares what the member at `server` holds in `folder` with what the writers were told. */
export async function differenceAt(
  server: string,
  { folder, writes }: { readonly folder: string; readonly writes: Writes },
): Promise<Difference> {
  const client = createZkClient({ servers: server });
  await done(client.sync(folder));
  const names = await done(client.getChildren(folder));
  await client.close();
  const found = new Map<string, string[]>();
  for (const name of names) {
    const label = name.slice(0, -sequenceDigits);
    found.set(label, [...(found.get(label) ?? []), `${folder}/${name}`]);
  }
  const acknowledged = [...writes.acknowledged];
  return {
    lost: acknowledged.filter(([label]) => !found.has(label)).map(([, path]) => path),
    doubled: [...found.values()].filter((paths) => paths.length > 1).flat(),
    moved: acknowledged
      .filter(([label, path]) => found.get(label)?.includes(path) === false)
      .map(([, path]) => path),
    unasked: [...found.keys()].filter(
      (label) => !writes.acknowledged.has(label) && !writes.unknown.has(label),
    ),
  };
}
