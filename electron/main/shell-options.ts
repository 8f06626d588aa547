/** The shell's command line: the same names as `muster up`, and whatever Chromium itself takes. */
import { parseArgs } from 'node:util';
import { fail, ok, type Result } from '../../cluster/base/result.ts';

export interface ShellOptions {
  /** Null: the default. */
  readonly dataFolder: string | null;
  readonly members: number | null;
  readonly clientPort: number | null;
  readonly consolePort: number;
}

const portMax = 65_535;

/** Reads the arguments after the program and its script; the failure names the one that is wrong. */
export function parseShellOptions(args: readonly string[]): Result<ShellOptions, string> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      members: { type: 'string' },
      'client-port': { type: 'string' },
      'console-port': { type: 'string' },
    },
    // Chromium's own switches come in the same list.
    strict: false,
  });
  const members = wholeNumber(values['members'], 7);
  const clientPort = wholeNumber(values['client-port'], portMax);
  const consolePort = wholeNumber(values['console-port'], portMax);
  if (members === 'wrong' || (members !== null && members % 2 === 0))
    return fail('--members takes 1, 3, 5 or 7.');
  if (clientPort === 'wrong') return fail('--client-port takes a port, or 0 for any.');
  if (consolePort === 'wrong') return fail('--console-port takes a port, or 0 for any.');
  const { data } = values;
  if (data !== undefined && typeof data !== 'string') return fail('--data takes a folder.');
  return ok({ dataFolder: data ?? null, members, clientPort, consolePort: consolePort ?? 0 });
}

function wholeNumber(value: unknown, max: number): number | null | 'wrong' {
  if (value === undefined) return null;
  return typeof value === 'string' && /^[0-9]{1,5}$/.test(value) && Number(value) <= max
    ? Number(value)
    : 'wrong';
}
