/** A disk whose machine loses power in front of a chosen change: that one and all later ones never happen. */
import type { AppendFile, Disk, NoteFile, RecordFile } from '../../ports/disk.ts';

export class PowerCut extends Error {}

/** Changes that still happen, by whichever process; reading changes nothing. */
export interface Power {
  left: number;
}

export function crashingDisk(disk: Disk, power: Power): Disk {
  const change = <Value>(act: () => Value): Value => {
    if (power.left <= 0) throw new PowerCut('power is lost');
    power.left -= 1;
    return act();
  };
  const appendFile = (file: AppendFile): AppendFile => ({
    append: (chunks, done) => change(() => file.append(chunks, done)),
    close: () => file.close(),
  });
  const noteFile = (file: NoteFile): NoteFile => ({
    write: (bytes) => change(() => file.write(bytes)),
    close: () => file.close(),
  });
  const recordFile = (file: RecordFile): RecordFile => ({
    write: (bytes, done) => change(() => file.write(bytes, done)),
    close: () => file.close(),
  });
  return {
    ...disk,
    makeFolder: (path) => change(() => disk.makeFolder(path)),
    openAppend: (path) => change(() => appendFile(disk.openAppend(path))),
    openNote: (path) => change(() => noteFile(disk.openNote(path))),
    openRecord: (path) => recordFile(disk.openRecord(path)),
    replace: (path, bytes) => change(() => disk.replace(path, bytes)),
    rename: (from, to) => change(() => disk.rename(from, to)),
    truncate: (path, length) => change(() => disk.truncate(path, length)),
    remove: (path) => change(() => disk.remove(path)),
  };
}
