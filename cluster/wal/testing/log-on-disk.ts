/** A member's log on a simulated disk, for tests: appends wait until they are durable. */
import { expect } from 'vitest';
import type { Entry } from '../../base/entry.ts';
import { clusterId, incarnation, logIndex, memberId, term } from '../../base/ids.ts';
import { encodeUtf8 } from '../../base/utf8.ts';
import type { PersistBatch } from '../../ports/consensus.ts';
import type { Disk } from '../../ports/disk.ts';
import { SimDisk } from '../../sim/disk.ts';
import { createSeededRandom } from '../../sim/random.ts';
import { Scheduler } from '../../sim/scheduler.ts';
import { initialise } from '../identity.ts';
import { type OpenedWal, openWal, type Wal } from '../wal.ts';

export const identity = { cluster: clusterId(0xc1), member: memberId(1), incarnation: incarnation(0x11fe) };

export class LogOnDisk {
  readonly scheduler = new Scheduler();
  readonly simDisk: SimDisk;
  disk: Disk;

  constructor(seed = 'wal') {
    this.simDisk = new SimDisk({ scheduler: this.scheduler, random: createSeededRandom(seed) });
    this.disk = this.reopenDisk();
    expect(initialise(this.disk, identity)).toEqual({ ok: true, value: null });
  }

  /** The disk as a new process sees it. */
  reopenDisk(): Disk {
    this.disk = this.simDisk.open((callback) => callback());
    return this.disk;
  }

  open(): OpenedWal {
    const opened = openWal(this.reopenDisk(), identity);
    if (!opened.ok) throw new Error(opened.error.what);
    return opened.value;
  }

  /** Appends, and lets time pass until it is durable. */
  append(wal: Wal, ...batches: readonly PersistBatch[]): void {
    let done = false;
    wal.append(batches, (failure) => {
      expect(failure).toBeNull();
      done = true;
    });
    while (!done) expect(this.scheduler.runNext(Number.MAX_SAFE_INTEGER)).toBe(true);
  }

  bytes(path: string): Uint8Array {
    return this.disk.read(path, { offset: 0, length: this.disk.sizeBytes(path) });
  }
}

export function entry(index: number, text: string, inTerm = 1): Entry {
  return { index: logIndex(index), term: term(inTerm), kind: 'command', payload: encodeUtf8(text) };
}

export function batch(...entries: readonly Entry[]): PersistBatch {
  return { hardState: null, entries };
}
