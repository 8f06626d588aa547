/** Damaged files are set aside, not thrown away: `damaged/<n>/`, the newest few of them. */
import { damagedArchivesMax } from '../base/limits.ts';
import type { Disk } from '../ports/disk.ts';
import { damagedFolder } from './damage.ts';

const number = /^\d+$/;

/** A folder to set files aside in. It comes into being with the first file. */
export class Archive {
  readonly #disk: Disk;
  #folder: string | null = null;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** Where this opening's files were put; null: there were none. */
  get folder(): string | null {
    return this.#folder;
  }

  /** Moves a file there, durably. Throws `DiskFailure`. */
  take(path: string): void {
    this.#folder ??= this.#begin();
    this.#disk.rename(path, `${this.#folder}/${path.replaceAll('/', '-')}`);
  }

  /** Bytes that are set aside, of this and earlier times. Throws `DiskFailure`. */
  bytes(): number {
    return archives(this.#disk).reduce(
      (sum, folder) =>
        this.#disk.list(folder).reduce((part, file) => part + this.#disk.sizeBytes(`${folder}/${file}`), sum),
      0,
    );
  }

  #begin(): string {
    const kept = archives(this.#disk);
    for (const folder of kept.slice(0, Math.max(0, kept.length + 1 - damagedArchivesMax))) {
      for (const file of this.#disk.list(folder)) this.#disk.remove(`${folder}/${file}`);
    }
    const newest = kept.at(-1);
    const next = newest === undefined ? 1 : Number(newest.slice(damagedFolder.length + 1)) + 1;
    const folder = `${damagedFolder}/${next}`;
    this.#disk.makeFolder(folder);
    return folder;
  }
}

/** Oldest first. */
function archives(disk: Disk): readonly string[] {
  return disk
    .list(damagedFolder)
    .filter((name) => number.test(name))
    .sort((left, right) => Number(left) - Number(right))
    .map((name) => `${damagedFolder}/${name}`);
}
