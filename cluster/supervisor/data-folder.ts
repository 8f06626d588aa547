/**
 * An ensemble's data folder:
 *
 *   ensemble.json            what the ensemble is (ensemble-file.ts)
 *   supervisor.lock          who works on it (folder-lock.ts)
 *   members/<id>/data/       the member's write-ahead log, written by its process alone
 *   members/<id>/log/        what the member said
 *   members/<id>/process.json  its process, while it runs (process-record.ts)
 *   members/<id>/life.json     how often its directory was started (life-record.ts)
 *   archive/                 data directories that were given up: moved aside, never deleted
 *
 * A folder is new when it is absent or empty. Anything else without a readable `ensemble.json` is
 * somebody else's and stays untouched.
 */
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fail, ok, type Result } from '../base/result.ts';
import {
  type EnsembleRecord,
  readEnsembleFile,
  type UnreadableRecord,
  writeEnsembleFile,
} from './ensemble-file.ts';
import { folderUnusable, type StartError } from './failures.ts';
import { type FolderLock, lockFileName, lockFolder } from './folder-lock.ts';
import { makeFolder } from './make-folder.ts';
import { syncFolder } from './sync-folder.ts';

export interface DataFolder {
  readonly path: string;
  readonly lock: FolderLock;
  /** Null: the folder is new. */
  readonly record: EnsembleRecord | null;
}

/** Where the parts of one member are. */
export interface MemberFolders {
  readonly data: string;
  readonly log: string;
  readonly logFile: string;
  readonly outputFile: string;
  readonly processFile: string;
  readonly lifeFile: string;
}

const recordFileName = 'ensemble.json';
/** What operating systems leave in any folder. */
const ignoredNames = new Set(['.DS_Store', 'lost+found', 'desktop.ini', 'Thumbs.db']);

/** Locks the folder, making it when it is absent, and reads what it holds. */
export function openDataFolder(path: string): Result<DataFolder, StartError> {
  try {
    makeFolder(path);
    const lock = lockFolder(path);
    if (!lock.ok) return fail(folderInUse(path, lock.error.pid));
    const record = readRecord(path);
    if (record.ok) return ok({ path, lock: lock.value, record: record.value });
    lock.value.release();
    return record;
  } catch (failure) {
    return fail(folderUnusable(path, failure instanceof Error ? failure.message : String(failure)));
  }
}

/** Makes the record durable. */
export function saveRecord(path: string, record: EnsembleRecord): Result<null, StartError> {
  return written(path, () => writeEnsembleFile(join(path, recordFileName), record));
}

/**
 * Puts the founding on record, and before it the names of the members' directories: a record without
 * them would be a loss, they without a record are only a founding to begin again.
 */
export function saveFounding(path: string, record: EnsembleRecord): Result<null, StartError> {
  return written(path, () => {
    const members = join(path, 'members');
    for (const { id } of record.members) {
      const folder = join(members, String(id));
      if (existsSync(folder)) syncFolder(folder);
    }
    syncFolder(members);
    writeEnsembleFile(join(path, recordFileName), record);
  });
}

function written(path: string, write: () => void): Result<null, StartError> {
  try {
    write();
    return ok(null);
  } catch (failure) {
    return fail(folderUnusable(path, failure instanceof Error ? failure.message : String(failure)));
  }
}

export function memberFolders(path: string, id: number): MemberFolders {
  const member = join(path, 'members', String(id));
  const log = join(member, 'log');
  return {
    data: join(member, 'data'),
    log,
    logFile: join(log, 'member.log'),
    outputFile: join(log, 'output.log'),
    processFile: join(member, 'process.json'),
    lifeFile: join(member, 'life.json'),
  };
}

/**
 * Clears what a broken-off creation left of a member. Only for one that the record calls `making`:
 * such a member never took part in anything.
 */
export function clearUnfinishedMember(path: string, record: EnsembleRecord, id: number): void {
  const standing = record.members.find((member) => member.id === id)?.standing;
  if (standing === 'making') rmSync(memberFolders(path, id).data, { recursive: true, force: true });
}

/** What is where a member's data directory belongs. */
export function dataDirectoryState(path: string, id: number): 'absent' | 'empty' | 'present' {
  const { data } = memberFolders(path, id);
  if (!existsSync(data)) return 'absent';
  return readdirSync(data).some((name) => !ignoredNames.has(name)) ? 'present' : 'empty';
}

/**
 * Moves a member's data directory to `archive`, a path relative to the data folder, durably. Doing it
 * again changes nothing. Returns whether it is there now; throws what the operating system says.
 */
export function archiveDirectory(path: string, id: number, archive: string): boolean {
  const { data } = memberFolders(path, id);
  const target = join(path, archive);
  if (existsSync(target)) return true;
  if (dataDirectoryState(path, id) === 'absent') return false;
  makeFolder(dirname(target));
  renameSync(data, target);
  syncFolder(dirname(target));
  syncFolder(dirname(data));
  return true;
}

/** A name for the archive of a member's directory: readable, and sorted by time. */
export function archiveName(id: number, nowMs: number): string {
  const time = new Date(nowMs)
    .toISOString()
    .replaceAll(':', '')
    .replace(/\.\d+Z$/, 'Z');
  return `archive/${time}-member-${id}`;
}

/** What the folder holds; null: it is new. */
export function readRecord(path: string): Result<EnsembleRecord | null, StartError> {
  const names = readdirSync(path).filter((name) => !isOurs(name) && !ignoredNames.has(name));
  if (names.length === 0) return ok(null);
  if (!names.includes(recordFileName)) return fail(foreignFolder(path, names));
  const record = readEnsembleFile(join(path, recordFileName));
  return record.ok ? record : fail(unreadableFolder(path, record.error));
}

/** The lock, and the drafts of files that a killed supervisor was writing. */
function isOurs(name: string): boolean {
  return name.startsWith(lockFileName) || name === `${recordFileName}.draft`;
}

function folderInUse(folder: string, pid: number | null): StartError {
  return {
    code: 'folderInUse',
    what: `Another Muster${pid === null ? '' : ` (process ${pid})`} is running on ${folder}.`,
    meaning: 'Two supervisors on one data folder would destroy it, so this one did not start.',
    todo: 'Use the running one, stop it first, or choose another folder with --data.',
    facts: { folder, pid },
  };
}

function foreignFolder(folder: string, names: readonly string[]): StartError {
  const some = names.slice(0, 3).join(', ');
  return {
    code: 'foreignFolder',
    what: `${folder} holds something else (${some}${names.length > 3 ? ', …' : ''}) and no ensemble.`,
    meaning: 'It is not a data folder of Muster, or its ensemble.json was removed; nothing was touched.',
    todo: 'Choose an empty folder with --data, or put ensemble.json back.',
    facts: { folder, found: some },
  };
}

function unreadableFolder(folder: string, { kind, problem }: UnreadableRecord): StartError {
  if (kind === 'olderFormat') {
    return {
      code: 'olderFolder',
      what: `${join(folder, recordFileName)} was written by an earlier version of Muster: ${problem}.`,
      meaning:
        'The logs of that version do not say who belongs to the ensemble, so its members cannot be taken over; nothing was touched.',
      todo: 'Start it with the version that wrote it and copy the znodes over, or choose another folder with --data.',
      facts: { folder, problem },
    };
  }
  return {
    code: 'damagedFolder',
    what: `${join(folder, recordFileName)} cannot be read: ${problem}`,
    meaning: 'It says which members belong together and may not be guessed; nothing was touched.',
    todo: 'Restore the file from a copy, or choose another folder with --data.',
    facts: { folder, problem },
  };
}
