/** kazoo, the Python client, for tests: our programs in `foreign/`, run with Debian's Python. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../../build/make.js';
import { fail, ok, type Result } from '../../base/result.ts';

const python = '/usr/bin/python3';

/** The Python that has kazoo, or why no kazoo program can be run here. */
export function findKazoo(): Result<{ readonly python: string }, string> {
  if (!existsSync(python)) return fail(`Python is not installed (${python})`);
  if (spawnSync(python, ['-c', 'import kazoo']).status !== 0)
    return fail("Debian's python3-kazoo is not installed");
  return ok({ python });
}

/** The command that runs `foreign/NAME.py` with these arguments. */
export function kazooCommand(
  name: string,
  ...args: readonly string[]
): { readonly command: string; readonly args: readonly string[] } {
  // -B leaves no compiled file beside the program, -u no line unprinted.
  return {
    command: python,
    args: ['-B', '-u', join(repositoryRoot, 'cluster/bin/foreign', `${name}.py`), ...args],
  };
}
