/**
 * Makes a folder with the folders above it, for its owner only. Not `mkdirSync` with `recursive`: where
 * a folder that exists answers that nothing can be made in it, as in /proc, that call never returns.
 */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Does nothing when the folder is there. Throws the operating system's error, or that a file is in the way. */
export function makeFolder(path: string): void {
  const parent = dirname(path);
  // From the top, so that a file in the way is found itself and not by what is asked for below it.
  if (parent !== path) makeFolder(parent);
  if (isFolder(path)) return;
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (failure) {
    // Somebody else may have made it just now.
    if ((failure as NodeJS.ErrnoException).code !== 'EEXIST' || !isFolder(path)) throw failure;
  }
}

function isFolder(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) throw new Error(`${path} is a file, not a folder`);
  return found !== undefined;
}
