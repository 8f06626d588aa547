/** Runs the built `muster` as an operator would: in processes, with a home of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const commandTimeoutMs = 30_000;
const readyTimeoutMs = 30_000;

export const readyLine = z.object({
  ready: z.literal(true),
  connect: z.string(),
  console: z.string(),
  /** Those that run. */
  members: z
    .array(
      z.object({
        id: z.number(),
        pid: z.number().nullable(),
        clientPort: z.number(),
        role: z.string().nullable(),
      }),
    )
    .transform((members) => members.flatMap(({ pid, ...rest }) => (pid === null ? [] : [{ ...rest, pid }]))),
});
export type ReadyLine = z.infer<typeof readyLine>;

export interface Ended {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** One operator's home: its own folder of state, instances started in it. */
export class MusterHome {
  readonly folder = mkdtempSync(join(tmpdir(), 'muster-home-'));
  readonly #program: string;
  readonly #children = new Set<ChildProcess>();

  constructor(options: { readonly program: string }) {
    this.#program = options.program;
  }

  /** Runs one command to its end. */
  run(args: readonly string[], input: Uint8Array = new Uint8Array()): Promise<Ended> {
    const child = this.#spawn(args);
    child.stdin?.end(input);
    const timer = setTimeout(() => child.kill('SIGKILL'), commandTimeoutMs);
    return endOf(child).finally(() => clearTimeout(timer));
  }

  /** Runs a command that must succeed; its JSON answer. */
  async json(...args: readonly string[]): Promise<Record<string, unknown>> {
    const { code, stdout, stderr } = await this.run([...args, '--json']);
    if (code !== 0) throw new Error(`muster ${args.join(' ')} ended with ${code}: ${stderr}`);
    return z.record(z.string(), z.unknown()).parse(JSON.parse(String(stdout)));
  }

  /** Starts an instance and waits for its ready line. */
  async up(...args: readonly string[]): Promise<Up> {
    const child = this.#spawn(['up', '--json', '--no-open', '--client-port', '0', ...args]);
    const ended = endOf(child);
    const line = await firstLine(child, ended);
    return { child, ended, ready: readyLine.parse(JSON.parse(line)) };
  }

  async cleanUp(): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise((settle) => child.once('exit', settle));
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  #spawn(args: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, [this.#program, ...args], {
      env: { ...process.env, MUSTER_HOME: this.folder },
    });
    this.#children.add(child);
    return child;
  }
}

export interface Up {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly ready: ReadyLine;
}

function endOf(child: ChildProcess): Promise<Ended> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (bytes: Buffer) => out.push(bytes));
  child.stderr?.on('data', (bytes: Buffer) => err.push(bytes));
  return new Promise((settle) => {
    child.once('close', (code) => {
      settle({ code, stdout: Buffer.concat(out), stderr: String(Buffer.concat(err)) });
    });
  });
}

function firstLine(child: ChildProcess, ended: Promise<Ended>): Promise<string> {
  return new Promise((settle, reject) => {
    const timer = setTimeout(() => reject(new Error('not ready in time')), readyTimeoutMs);
    let text = '';
    child.stdout?.on('data', (bytes: Buffer) => {
      text += String(bytes);
      if (!text.includes('\n')) return;
      clearTimeout(timer);
      settle(text.slice(0, text.indexOf('\n')));
    });
    void ended.then(({ code, stderr }) => {
      clearTimeout(timer);
      reject(new Error(`ended with ${code} before it was ready: ${stderr}`));
    });
  });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
