import { fork as forkProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProcessExit } from '../../cluster/supervisor/spawn-port.ts';
import { createUtilitySpawn, type ForkUtility } from './utility-spawn.ts';

/** A real process in the shape of Electron's: only the names of the calls differ. */
const fork: ForkUtility = ({ modulePath, args }) => {
  const child = forkProcess(modulePath, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
  return {
    pid: child.pid,
    stdout: child.stdout,
    stderr: child.stderr,
    postMessage: (message) => child.send(message as object),
    kill: () => child.kill(),
    on: (_, listener) => child.on('message', listener),
    once: (event: 'spawn' | 'exit', listener: (code: number) => void) =>
      child.once(event, (code: number | null) => listener(code ?? 9)),
  };
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-utility-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function start(script: string) {
  const modulePath = join(folder, 'member.mjs');
  writeFileSync(modulePath, script);
  const messages: unknown[] = [];
  const exits: ProcessExit[] = [];
  const outputFile = join(folder, 'output.log');
  const spawned = await createUtilitySpawn(fork).spawn(
    { modulePath, args: ['--id', '1'], outputFile },
    { message: (message) => messages.push(message), exited: (exit) => exits.push(exit) },
  );
  if (!spawned.ok) throw new Error(spawned.error);
  return { child: spawned.value, messages, exits, output: () => readFileSync(outputFile, 'utf8') };
}

describe('a member in a utility process', () => {
  it('exchanges messages and leaves its output in the file', async () => {
    const { child, messages, exits, output } = await start(`
      console.log('out', process.argv.slice(2).join(' '));
      console.error('err');
      process.on('message', (message) => process.send({ echo: message }, () => process.disconnect()));
    `);
    child.send({ kind: 'proceed' });
    await vi.waitFor(() => expect(exits).toEqual([{ code: 0, signal: null }]), 5_000);
    expect(messages).toEqual([{ echo: { kind: 'proceed' } }]);
    await vi.waitFor(() => expect(output().split('\n').sort()).toEqual(['', 'err', 'out --id 1']));
  });

  it('tells a kill of its own from an end by itself', async () => {
    const killed = await start('setInterval(() => undefined, 1000);');
    expect(killed.child.signal('SIGKILL')).toBe(true);
    await vi.waitFor(() => expect(killed.exits).toEqual([{ code: null, signal: 'SIGKILL' }]), 5_000);
    const failed = await start('process.exit(3);');
    await vi.waitFor(() => expect(failed.exits).toEqual([{ code: 3, signal: null }]), 5_000);
  });

  it('delivers nothing to a process that has ended', async () => {
    const { child, exits } = await start('process.exit(0);');
    await vi.waitFor(() => expect(exits).toHaveLength(1), 5_000);
    child.send({ kind: 'proceed' });
    expect(child.signal('SIGKILL')).toBe(false);
  });
});
