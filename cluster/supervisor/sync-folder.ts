/** Makes the names in a folder survive a power cut. */
import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Windows cannot open a folder; its file systems journal their names. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
