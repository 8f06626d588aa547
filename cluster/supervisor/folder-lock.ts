/**
 * One supervisor per data folder: a lock file that names its holder's process. What a killed
 * supervisor left behind is recognised, because its process no longer runs, and taken over.
 */
import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { fail, ok, type Result } from '../base/result.ts';
import { isRunning, processStart } from './process-identity.ts';

export const lockFileName = 'supervisor.lock';

const lockContent = z.object({ pid: z.number().int().positive(), start: z.string(), id: z.string() });
type LockContent = z.infer<typeof lockContent>;

export interface FolderLock {
  /** The pid of a dead supervisor whose lock this one took over; null when there was none. */
  readonly takenOverFrom: number | null;
  /** Removes the lock file, if it is still this lock. */
  release(): void;
}

/** Attempts against others that start at the same moment. */
const attemptsMax = 5;

/** Takes the lock, or fails with the pid of the running process that holds it (null: unknown). */
export function lockFolder(folder: string): Result<FolderLock, { readonly pid: number | null }> {
  const path = join(folder, lockFileName);
  const own = { pid: process.pid, start: processStart(process.pid) ?? '', id: randomUUID() };
  let takenOverFrom: number | null = null;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    if (createLock(path, own)) return ok({ takenOverFrom, release: () => releaseLock(path, own) });
    const held = readLock(path);
    if (held === null) continue;
    if (isRunning(held)) return fail({ pid: held.pid });
    if (removeStaleLock(path, held)) takenOverFrom = held.pid;
  }
  return fail({ pid: readLock(path)?.pid ?? null });
}

/** Creates the file with its whole content at once, so that nobody reads half a lock. */
function createLock(path: string, content: LockContent): boolean {
  const draft = `${path}.${content.id}`;
  writeFileSync(draft, JSON.stringify(content), { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw failure;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Moves the file aside before it judges it: of two that find the same stale lock, one gets it. */
function removeStaleLock(path: string, stale: LockContent): boolean {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw failure;
  }
  const moved = readLock(aside);
  const isStale = moved?.id === stale.id;
  // Somebody took it over in between: put the living lock back.
  if (moved !== null && !isStale) createLock(path, moved);
  rmSync(aside, { force: true });
  return isStale;
}

function releaseLock(path: string, own: LockContent): void {
  if (readLock(path)?.id === own.id) rmSync(path, { force: true });
}

/** Null when the file is absent. Damaged content counts as a dead holder's: locks appear whole. */
function readLock(path: string): LockContent | null {
  const text = readText(path);
  if (text === null) return null;
  const parsed = lockContent.safeParse(parseJson(text));
  return parsed.success ? parsed.data : { pid: 0, start: '', id: text };
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw failure;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
