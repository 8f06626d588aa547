/** A member's data directory for tests: on a simulated disk, to be written, damaged and opened again. */
import { assert } from '../../base/assert.ts';
import type { Entry } from '../../base/entry.ts';
import { clusterId, incarnation, logIndex, memberId, term } from '../../base/ids.ts';
import type { Result } from '../../base/result.ts';
import { encodeUtf8 } from '../../base/utf8.ts';
import type { PersistBatch } from '../../ports/consensus.ts';
import type { Disk } from '../../ports/disk.ts';
import { SimDisk } from '../../sim/disk.ts';
import { createSeededRandom } from '../../sim/random.ts';
import { Scheduler } from '../../sim/scheduler.ts';
import type { WalError } from '../error.ts';
import type { Identity } from '../identity.ts';
import { initialise } from '../initialise.ts';
import { type OpenedWal, openWal } from '../open.ts';
import type { Wal } from '../wal.ts';

export const identity = {
  cluster: clusterId(0xc1),
  member: memberId(1),
  incarnation: incarnation(0xabcdef),
};

/** The directory's files by path, in the order of their names. */
export type Files = ReadonlyMap<string, Uint8Array>;

const manyMs = 1_000;

export class TestDirectory {
  readonly #scheduler = new Scheduler();
  readonly #disk: SimDisk;
  readonly #who: Identity;
  #wrap = (disk: Disk): Disk => disk;

  constructor(seed = 'directory', who: Identity = identity) {
    this.#who = who;
    this.#disk = new SimDisk({ scheduler: this.#scheduler, random: createSeededRandom(seed) });
  }

  /** Initialised for `who`. */
  static create(seed?: string, who?: Identity): TestDirectory {
    const directory = new TestDirectory(seed, who);
    const initialised = initialise(directory.disk(), directory.#who, null);
    assert(initialised.ok, 'an empty disk can be initialised');
    return directory;
  }

  static of(files: Files): TestDirectory {
    const directory = new TestDirectory();
    const disk = directory.disk();
    for (const [path, bytes] of files) disk.replace(path, bytes);
    return directory;
  }

  /** The disk as a new process sees it: appends under way from an earlier one are never answered. */
  disk(): Disk {
    return this.#wrap(this.#disk.open((callback) => callback()));
  }

  /** Power is lost. */
  crash(): void {
    this.#disk.crash();
  }

  files(): Files {
    return this.#disk.files();
  }

  /** From now on the disk is seen through `wrap`, by processes that begin later. */
  through(wrap: (disk: Disk) => Disk): void {
    this.#wrap = wrap;
  }

  open(): Result<OpenedWal, WalError> {
    return openWal(this.disk(), this.#who);
  }

  /** Opens what must open. */
  opened(): OpenedWal {
    const opened = this.open();
    assert(opened.ok, 'the log opens', { error: opened.ok ? null : opened.error });
    return opened.value;
  }

  /** Appends and waits until it is durable. */
  append(wal: Wal, ...batches: readonly PersistBatch[]): void {
    let answers = 0;
    wal.append(batches, (failure) => {
      assert(failure === null, 'the append succeeds');
      answers += 1;
    });
    this.settle();
    assert(answers === 1, 'the append is answered once', { answers });
  }

  /** Lets everything under way finish. */
  settle(): void {
    const untilMs = this.#scheduler.nowMs + manyMs;
    while (this.#scheduler.runNext(untilMs));
  }
}

export function entry(index: number, text: string, at = 1): Entry {
  return { index: logIndex(index), term: term(at), kind: 'command', payload: encodeUtf8(text) };
}

export function batch(entries: readonly Entry[], hardState: string | null = null): PersistBatch {
  return { entries, hardState: hardState === null ? null : encodeUtf8(hardState) };
}

/** What a restored log holds, readable in a failed comparison. */
export function textOf({ hardState, entries }: PersistBatch): string {
  const vote = hardState === null ? '-' : hex(hardState);
  const log = entries.map(({ index, term: at, kind, payload }) => `${index}.${at}.${kind}:${hex(payload)}`);
  return [vote, ...log].join(' ');
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
