/** The clients of a run: writers of unique names, and clients that share a few znodes. */
import type { HistoryEvent } from '../../check/history.ts';
import { createZkClient } from '../../client/client.ts';
import type { SeededRandom } from '../../sim/random.ts';
import { HistoryRecorder } from './history-recorder.ts';
import { type Serials, SerialWriters } from './serials.ts';
import { Sharers } from './sharers.ts';

const folders = { serials: '/serials', shared: '/shared' };
/** About three hundred operations a second where nothing is wrong: the faults are the point, not the speed. */
const serialWriters = { writers: 8, pauseMs: 40 };
const sharers = { clients: 8, pauseMs: 60 };

export interface LoadOptions {
  readonly servers: string;
  readonly random: SeededRandom;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** A write was acknowledged. */
  readonly onAcknowledged: () => void;
}

export class Load {
  /** What was written under names of its own, and where. */
  readonly written: { readonly folder: string; readonly serials: Serials };
  readonly #history: HistoryRecorder;
  readonly #writers: SerialWriters;
  readonly #sharers: Sharers;

  /** Begins at once; the folders must be there. */
  constructor(options: LoadOptions) {
    const { servers, random, nowMs, onAcknowledged } = options;
    this.#history = new HistoryRecorder(nowMs);
    const { serials: folder, shared } = folders;
    this.#writers = new SerialWriters({ servers, folder, name: 'w', onAcknowledged, ...serialWriters });
    this.written = { folder, serials: this.#writers };
    this.#sharers = new Sharers({
      ...{ servers, random, nowMs, onAcknowledged, ...sharers },
      folder: shared,
      history: this.#history,
    });
  }

  get history(): readonly HistoryEvent[] {
    return this.#history.events;
  }

  /** Writes under names of their own, by what became of them. */
  get writes(): { readonly acknowledged: number; readonly unknown: number; readonly refused: number } {
    const { acknowledged, unknown, refused } = this.#writers;
    return { acknowledged: acknowledged.size, unknown: unknown.size, refused: refused.size };
  }

  /** All operations that ended. */
  get operations(): number {
    const { acknowledged, unknown, refused } = this.writes;
    return this.#sharers.operations + acknowledged + unknown + refused;
  }

  /** Waits for what is under way. */
  async stop(): Promise<void> {
    await Promise.all([this.#writers.stop(), this.#sharers.stop()]);
  }
}

/** Makes the folders, then begins. */
export async function beginLoad(options: LoadOptions): Promise<Load> {
  const client = createZkClient({ servers: options.servers });
  for (const path of Object.values(folders)) {
    const made = await client.create({ path });
    if (!made.ok) throw new Error(made.error.what);
  }
  await client.close();
  return new Load(options);
}
