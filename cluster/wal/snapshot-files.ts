/** The snapshots of one directory: the newest few generations, and at most one on its way in. */
import { assert } from '../base/assert.ts';
import type { LogIndex, Term } from '../base/ids.ts';
import { fail, type Result } from '../base/result.ts';
import type { Disk } from '../ports/disk.ts';
import { Archive } from './archive.ts';
import { corrupt, missing, type WalError } from './error.ts';
import { type Identity, identitySeed } from './identity.ts';
import type { SnapshotTitle } from './snapshot-format.ts';
import { type SnapshotInfo, SnapshotReader } from './snapshot-reader.ts';
import { removePart, SnapshotReceiver, type SnapshotTransfer } from './snapshot-receiver.ts';
import { SnapshotWriter } from './snapshot-writer.ts';

export const snapshotFolder = 'snapshots';
const name = /^\d{15}-\d{7}\.snap$/;
const unfinished = /^(\d{15}-\d{7}\.snap)\.(new|part|progress)$/;

/** What is in the folder. */
export interface SnapshotScan {
  /** Newest first; the first of them was verified to its end. */
  readonly whole: readonly SnapshotReader[];
  readonly damaged: readonly WalError[];
}

/** Reads what there is, until one is found that is whole to its end. Throws `DiskFailure`. */
export function scanSnapshots(disk: Disk, identity: Identity): SnapshotScan {
  const whole: SnapshotReader[] = [];
  const damaged: WalError[] = [];
  for (const file of disk.list(snapshotFolder).toReversed()) {
    if (!name.test(file)) continue;
    const opened = openNamed(disk, `${snapshotFolder}/${file}`, identity);
    const error = opened.ok ? (whole.length === 0 ? opened.value.verify() : null) : opened.error;
    if (error !== null) damaged.push(error);
    else if (opened.ok) whole.push(opened.value);
  }
  return { whole, damaged };
}

/** Opens a snapshot that is what its name says. */
function openNamed(disk: Disk, path: string, { cluster }: Identity): Result<SnapshotReader, WalError> {
  const opened = SnapshotReader.open(disk, path, cluster);
  if (!opened.ok || path === snapshotPath(opened.value.info)) return opened;
  const what = `the file holds the snapshot of entry ${opened.value.info.index}`;
  return fail(corrupt({ file: path, offset: 0, what }));
}

export class SnapshotFiles {
  readonly #disk: Disk;
  readonly #identity: Identity;
  /** Newest first. */
  #readers: readonly SnapshotReader[];
  #writer: SnapshotWriter | null = null;
  #receiver: SnapshotReceiver | null = null;

  constructor(disk: Disk, identity: Identity, scan: SnapshotScan) {
    this.#disk = disk;
    this.#identity = identity;
    this.#readers = scan.whole;
  }

  /** Newest first. */
  list(): readonly SnapshotInfo[] {
    return this.#readers.map(({ info }) => info);
  }

  /** Bytes of the folder, with what is being written and what is coming in. */
  get bytes(): number {
    const finished = this.#readers.reduce((sum, { info }) => sum + info.sizeBytes, 0);
    return finished + (this.#writer?.unfinishedBytes ?? 0) + (this.#receiver?.unfinishedBytes ?? 0);
  }

  /** Begins to write a snapshot of this member's store. Throws `DiskFailure`. */
  create(title: SnapshotTitle): SnapshotWriter {
    this.#disk.makeFolder(snapshotFolder);
    const path = snapshotPath(title);
    this.#writer = new SnapshotWriter({
      disk: this.#disk,
      path,
      title,
      cluster: this.#identity.cluster,
      finished: () => {
        const opened = SnapshotReader.open(this.#disk, path, this.#identity.cluster);
        assert(opened.ok, 'a snapshot that was just written opens', { path });
        this.#add(opened.value);
      },
    });
    return this.#writer;
  }

  /** Opens one of those that `list` names. */
  open(index: LogIndex): Result<SnapshotReader, WalError> {
    const reader = this.#readers.find(({ info }) => info.index === index);
    if (reader === undefined) return fail(missing(snapshotFolder, `there is no snapshot of entry ${index}`));
    return SnapshotReader.open(this.#disk, reader.info.path, this.#identity.cluster);
  }

  /** Takes in another member's snapshot; what came of any other one is given up. Throws `DiskFailure`. */
  receive(offer: SnapshotTransfer): SnapshotReceiver {
    this.#disk.makeFolder(snapshotFolder);
    const path = snapshotPath(offer);
    this.removeUnfinished(path);
    this.#receiver = new SnapshotReceiver({
      disk: this.#disk,
      path,
      totalBytes: offer.totalBytes,
      seed: identitySeed(this.#identity),
      accept: () => this.#accept(path),
    });
    return this.#receiver;
  }

  /** Sets a snapshot aside whose content is not what it says; the next opening falls back. Throws `DiskFailure`. */
  discard(index: LogIndex): void {
    const reader = this.#readers.find(({ info }) => info.index === index);
    if (reader === undefined) return;
    this.#readers = this.#readers.filter((other) => other !== reader);
    new Archive(this.#disk).take(reader.info.path);
  }

  /** Keeps so many of the newest. Throws `DiskFailure`. */
  prune(generations: number): void {
    for (const { info } of this.#readers.slice(generations)) this.#disk.remove(info.path);
    this.#readers = this.#readers.slice(0, generations);
  }

  /** Removes what was begun and is not going on; `keep`: the snapshot that is. Throws `DiskFailure`. */
  removeUnfinished(keep: string | null): void {
    for (const file of this.#disk.list(snapshotFolder)) {
      const [, finished, kind] = unfinished.exec(file) ?? [];
      if (finished === undefined || kind === 'new') continue;
      const path = `${snapshotFolder}/${finished}`;
      if (path !== keep) removePart(this.#disk, path);
    }
  }

  #accept(path: string): Result<SnapshotReader, WalError> {
    const opened = openNamed(this.#disk, path, this.#identity);
    if (opened.ok) this.#add(opened.value);
    else this.#disk.remove(path);
    return opened;
  }

  #add(reader: SnapshotReader): void {
    const others = this.#readers.filter(({ info }) => info.path !== reader.info.path);
    this.#readers = [reader, ...others].sort((left, right) => right.info.index - left.info.index);
  }
}

/** Leftovers of writers that a crash interrupted. Throws `DiskFailure`. */
export function removeHalfWritten(disk: Disk): void {
  for (const file of unfinishedSnapshots(disk)) {
    if (file.endsWith('.new')) disk.remove(`${snapshotFolder}/${file}`);
  }
}

/** Names of files that are no snapshots yet. Throws `DiskFailure`. */
export function unfinishedSnapshots(disk: Disk): readonly string[] {
  return disk.list(snapshotFolder).filter((file) => unfinished.test(file));
}

function snapshotPath({ index, term: at }: { readonly index: LogIndex; readonly term: Term }): string {
  const digits = (value: number, length: number) => String(value).padStart(length, '0');
  return `${snapshotFolder}/${digits(index, 15)}-${digits(at, 7)}.snap`;
}
