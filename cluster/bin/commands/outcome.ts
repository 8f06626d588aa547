/** How every command of the CLI ends: what goes to standard output and error, and the exit code. */
import type { ApiErrorCode } from '../../api/errors.ts';

/** Documented in `muster --help`. */
export const exitCodes = {
  ok: 0,
  refused: 1,
  usage: 2,
  noInstance: 3,
  cannotServe: 4,
  alreadyRunning: 5,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What happened, what it means, what to do; and the exit code that says it to a script. */
export interface CliFailure {
  readonly exit: ExitCode;
  readonly code: string;
  readonly what: string;
  readonly meaning: string;
  readonly todo: string;
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
}

export type Format = 'human' | 'json';

/** Options that every command has. */
export interface FormatOptions {
  readonly json?: boolean;
}

export function formatOf(options: FormatOptions): Format {
  return options.json === true ? 'json' : 'human';
}

/** Prints a result: `human` as it is, or `{"ok":true,…}` on one line. */
export function printResult(
  format: Format,
  result: { readonly human: string; readonly json: Readonly<Record<string, unknown>> },
): void {
  if (format === 'json') printLine(JSON.stringify({ ok: true, ...result.json }));
  else if (result.human !== '') printLine(result.human);
}

/** Prints a failure and sets the exit code: always on standard error, as JSON on standard output too. */
export function endWith(failure: CliFailure, format: Format): void {
  const { exit, ...error } = failure;
  if (format === 'json') printLine(JSON.stringify({ ok: false, error }));
  process.stderr.write(`muster: ${failureLines(error).join('\n')}\n`);
  process.exitCode = exit;
}

/** A failure for people, as lines: what happened, what it means, what to do. */
export function failureLines({
  what,
  meaning,
  todo,
}: Pick<CliFailure, 'what' | 'meaning' | 'todo'>): readonly string[] {
  return [what, `  ${meaning}`, `  ${todo}`];
}

export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Bad usage found after parsing the command line. */
export function usageFailure(what: string, todo: string): CliFailure {
  const meaning = 'The command line asks for something that cannot be; nothing was done.';
  return { exit: exitCodes.usage, code: 'usage', what, meaning, todo, facts: {} };
}

/** The exit code of an error that the running instance answered. */
export function exitCodeOf(code: ApiErrorCode): ExitCode {
  switch (code) {
    case 'noQuorum':
    case 'deadline':
    case 'outcomeUnknown':
      return exitCodes.cannotServe;
    case 'invalidInput':
    case 'badArguments':
      return exitCodes.usage;
    case 'notAuthenticated':
    case 'closing':
      return exitCodes.noInstance;
    default:
      return exitCodes.refused;
  }
}
