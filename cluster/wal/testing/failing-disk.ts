/** A disk that takes nothing while it is told to fail; what was under way is written in part. */
import { type Disk, DiskFailure, type DiskFailureCode } from '../../ports/disk.ts';

export interface Trouble {
  code: DiskFailureCode | null;
  /** The rest of the disk works. */
  recordsOnly?: boolean;
}

export function failingDisk(disk: Disk, trouble: Trouble): Disk {
  const check = (path: string): void => {
    if (trouble.code !== null && trouble.recordsOnly !== true)
      throw new DiskFailure(trouble.code, path, 'told to fail');
  };
  return {
    ...disk,
    openAppend: (path) => {
      check(path);
      const file = disk.openAppend(path);
      return {
        append: (chunks, done) => {
          const { code } = trouble;
          if (code === null || trouble.recordsOnly === true) {
            file.append(chunks, done);
            return;
          }
          const part = chunks.map((chunk) => chunk.subarray(0, chunk.length >> 1));
          file.append(part, () => done(new DiskFailure(code, path, 'told to fail')));
        },
        close: () => file.close(),
      };
    },
    openRecord: (path) => {
      const file = disk.openRecord(path);
      return {
        write: (bytes, done) => {
          const { code } = trouble;
          file.write(bytes, (failure) =>
            done(code === null ? failure : new DiskFailure(code, path, 'told to fail')),
          );
        },
        close: () => file.close(),
      };
    },
    replace: (path, bytes) => {
      check(path);
      disk.replace(path, bytes);
    },
    rename: (from, to) => {
      check(from);
      disk.rename(from, to);
    },
    truncate: (path, length) => {
      check(path);
      disk.truncate(path, length);
    },
    remove: (path) => {
      check(path);
      disk.remove(path);
    },
  };
}
