/** Clients written by others, run as processes of their own: a conversation in lines. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const lineTimeoutMs = 60_000;

export interface ForeignProgram {
  readonly pid: number;
  /** What it printed so far, without its error output. */
  readonly lines: readonly string[];
  /** The first line, from now on or not looked at yet, that begins so. Fails when none comes in time. */
  untilLine(beginning: string): Promise<string>;
  /** Writes a line to its input. */
  say(line: string): void;
  /** Ends its input, and waits for its exit code. */
  finish(): Promise<{ readonly code: number | null; readonly errors: string }>;
  kill(): void;
}

/** Starts a program; it is killed with this process at the latest. */
export function startForeign(options: {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder?: string;
}): ForeignProgram {
  const child = spawn(options.command, options.args, { cwd: options.folder, stdio: 'pipe' });
  const killWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  const lines: string[] = [];
  let looked = 0;
  let errors = '';
  let wake = (): void => undefined;
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    wake();
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  // A program that ended takes no more input; its exit code tells why.
  child.stdin.on('error', () => undefined);
  const ended = untilClosed(child).then((code) => {
    process.off('exit', killWithUs);
    wake();
    return code;
  });

  async function untilLine(beginning: string): Promise<string> {
    const deadlineMs = performance.now() + lineTimeoutMs;
    for (;;) {
      while (looked < lines.length) {
        const line = lines[looked] ?? '';
        looked += 1;
        if (line.startsWith(beginning)) return line;
      }
      const gone = child.exitCode !== null || child.signalCode !== null;
      if (gone || performance.now() > deadlineMs) {
        throw new Error(
          `no line "${beginning}…", but:\n${[...lines.slice(-20), errors.slice(-4_000)].join('\n')}`,
        );
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, 500);
      });
    }
  }

  return {
    pid: child.pid ?? 0,
    lines,
    untilLine,
    say: (line) => void child.stdin.write(`${line}\n`),
    finish: async () => {
      child.stdin.end();
      return { code: await ended, errors };
    },
    kill: killWithUs,
  };
}

/** Runs a program to its end with this input. */
export async function runForeign(options: {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder?: string;
  readonly input?: readonly string[];
}): Promise<{ readonly code: number | null; readonly lines: readonly string[]; readonly errors: string }> {
  const program = startForeign(options);
  for (const line of options.input ?? []) program.say(line);
  const { code, errors } = await program.finish();
  return { code, lines: program.lines, errors };
}

function untilClosed(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}
