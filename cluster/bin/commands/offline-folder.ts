/** From the command line to a data folder on which no instance runs, or may run when it is only read. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { fail, ok, type Result } from '../../base/result.ts';
import { defaultDataFolder, ownSurroundings } from '../../console/state-folder.ts';
import { openDataFolder, readRecord } from '../../supervisor/data-folder.ts';
import type { EnsembleRecord } from '../../supervisor/ensemble-file.ts';
import type { StartError } from '../../supervisor/failures.ts';
import { type CliFailure, exitCodes, type FormatOptions } from './outcome.ts';

export interface FolderOptions extends FormatOptions {
  readonly data?: string;
}

/** Adds the options of every command that works on a data folder. */
export function withFolderOptions(command: Command): Command {
  return command
    .option('--data <folder>', `data folder (default: ${defaultDataFolder(ownSurroundings())})`)
    .option('--json', 'print one JSON object instead of text');
}

/** An ensemble on disk. While it is `locked`, no instance can start on it. */
export interface OfflineFolder {
  readonly path: string;
  readonly record: EnsembleRecord;
  release(): void;
}

/** Takes the folder for this command alone; fails when an instance runs on it. */
export function lockOffline(options: FolderOptions): Result<OfflineFolder, CliFailure> {
  const path = folderOf(options);
  // Opening would make a folder that is absent.
  if (!existsSync(join(path, 'ensemble.json'))) return fail(noEnsemble(path));
  const opened = openDataFolder(path);
  if (!opened.ok) return fail(notOpened(opened.error));
  const { record, lock } = opened.value;
  if (record !== null) return ok({ path, record, release: () => lock.release() });
  lock.release();
  return fail(noEnsemble(path));
}

/** To read only: also while an instance runs on it, and then `live`. */
export function readOffline(
  options: FolderOptions,
): Result<OfflineFolder & { readonly live: boolean }, CliFailure> {
  const locked = lockOffline(options);
  if (locked.ok) return ok({ ...locked.value, live: false });
  if (locked.error.exit !== exitCodes.alreadyRunning) return locked;
  const path = folderOf(options);
  const record = readRecord(path);
  if (!record.ok) return fail(notOpened(record.error));
  if (record.value === null) return fail(noEnsemble(path));
  return ok({ path, record: record.value, live: true, release: () => undefined });
}

function folderOf({ data }: FolderOptions): string {
  return resolve(data ?? defaultDataFolder(ownSurroundings()));
}

function noEnsemble(path: string): CliFailure {
  return {
    exit: exitCodes.refused,
    code: 'noEnsemble',
    what: `There is no ensemble in ${path}.`,
    meaning: 'This command works on the files of an ensemble that was founded there.',
    todo: 'Name its data folder with --data FOLDER.',
    facts: { folder: path },
  };
}

function notOpened(error: StartError): CliFailure {
  if (error.code !== 'folderInUse') return { exit: exitCodes.refused, ...error };
  return {
    ...error,
    exit: exitCodes.alreadyRunning,
    meaning: 'This command writes into data directories, and no member may be at work meanwhile.',
    todo: 'Stop the instance first (Ctrl-C, or `kill` its process), then repeat.',
  };
}
