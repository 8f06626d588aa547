/**
 * How the CLI finds what is running: one file per instance, with its address and token, readable by
 * its user only (0600 in a 0700 folder; on Windows the user's own folder keeps others out). A file
 * whose process is gone is removed by whoever comes across it.
 */
import { chmodSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { fail, ok, type Result } from '../base/result.ts';
import type { Stop } from '../base/scope.ts';
import { makeFolder } from '../supervisor/make-folder.ts';

export const instance = z.object({
  format: z.literal(1),
  pid: z.number().int().positive(),
  dataFolder: z.string(),
  /** `http://127.0.0.1:PORT/`, without the token. */
  url: z.string(),
  token: z.string(),
  /** ZooKeeper connection string. */
  connect: z.string(),
  startedAtMs: z.number(),
});
export type Instance = z.infer<typeof instance>;

/** Makes an instance known; the returned stop withdraws it. */
export function publishInstance(folder: string, content: Instance): Stop {
  makeFolder(folder);
  chmodSync(folder, 0o700);
  const path = fileOf(folder, content.pid);
  const draft = `${path}.draft`;
  writeFileSync(draft, `${JSON.stringify(content)}\n`, { mode: 0o600 });
  renameSync(draft, path);
  return () => rmSync(path, { force: true });
}

/** Forgets an instance that does not answer: its process number belongs to something else now. */
export function withdrawInstance(folder: string, { pid }: Instance): void {
  rmSync(fileOf(folder, pid), { force: true });
}

/** The running instances, oldest first. Files of processes that are gone are removed. */
export function readInstances(folder: string): readonly Instance[] {
  const found: Instance[] = [];
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    const content = readInstance(path);
    if (content !== null && isAlive(content.pid)) found.push(content);
    else rmSync(path, { force: true });
  }
  return found.sort((one, other) => one.startedAtMs - other.startedAtMs);
}

export type ChooseFailure =
  | { readonly kind: 'none'; readonly dataFolder: string | null }
  | { readonly kind: 'several'; readonly instances: readonly Instance[] };

/** The instance on this data folder; without one, the only instance there is. */
export function chooseInstance(
  instances: readonly Instance[],
  dataFolder: string | null,
): Result<Instance, ChooseFailure> {
  const fitting = instances.filter((one) => dataFolder === null || one.dataFolder === dataFolder);
  const [first, second] = fitting;
  if (first === undefined) return fail({ kind: 'none', dataFolder });
  return second === undefined ? ok(first) : fail({ kind: 'several', instances: fitting });
}

function fileOf(folder: string, pid: number): string {
  return join(folder, `${pid}.json`);
}

/** Only files that this module writes: a foreign one in the folder is left alone. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /^[0-9]+\.json$/.test(name));
  } catch (failure) {
    const { code } = failure as NodeJS.ErrnoException;
    // Not there, or below what is a file: no instance ever ran from here. One that starts is told why not.
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw failure;
  }
}

function readInstance(path: string): Instance | null {
  try {
    return instance.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null;
  } catch {
    // Withdrawn this moment, or not written by this version: not an instance to talk to.
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (failure) {
    // EPERM: it lives, under another user.
    return (failure as NodeJS.ErrnoException).code === 'EPERM';
  }
}
