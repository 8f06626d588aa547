import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isFree } from './ports.ts';
import { processStart } from './process-identity.ts';
import { standInModule } from './testing/stand-in-member.js';
import { eventsOf, eventually, exists, pidOf, processOf, TestEnsembles } from './testing/test-ensemble.ts';

const ensembles = new TestEnsembles({ memberModule: standInModule });
afterEach(() => ensembles.cleanUp());

describe('the data folder', () => {
  it('is left without process, port or lock by close', async () => {
    const supervisor = await ensembles.startHealthy();
    const { members } = supervisor.view();
    const pids = members.map(({ id }) => pidOf(supervisor.view(), id));
    await supervisor.operate(2, 'pause');
    await supervisor.close();
    expect(pids.filter(exists)).toEqual([]);
    const ports = members.flatMap(({ clientPort, peerPort }) => [clientPort, peerPort]);
    expect(await Promise.all(ports.map(isFree))).toEqual(ports.map(() => true));
    expect(readdirSync(supervisor.dataFolder).sort()).toEqual(['ensemble.json', 'members']);
    expect(eventsOf(supervisor, 'ensembleStopped')).toHaveLength(1);
  });

  it('keeps its secret to its owner', async () => {
    const supervisor = await ensembles.startHealthy();
    expect(statSync(join(supervisor.dataFolder, 'ensemble.json')).mode & 0o777).toBe(0o600);
  });

  it('refuses a second supervisor and names the first', async () => {
    const supervisor = await ensembles.startHealthy();
    const second = await ensembles.start({ dataFolder: supervisor.dataFolder });
    expect(second).toMatchObject({ ok: false, error: { code: 'folderInUse', facts: { pid: process.pid } } });
    expect(supervisor.view().health.level).toBe('healthy');
  });

  it('is taken over from a supervisor that was killed', async () => {
    const supervisor = await ensembles.startHealthy();
    await supervisor.close();
    const dead = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await once(dead, 'spawn');
    const pid = dead.pid ?? 0;
    const lock = { pid, start: processStart(pid), id: 'of a supervisor killed with -9' };
    writeFileSync(join(supervisor.dataFolder, 'supervisor.lock'), JSON.stringify(lock));
    expect(await ensembles.start({ dataFolder: supervisor.dataFolder })).toMatchObject({
      ok: false,
      error: { facts: { pid } },
    });
    dead.kill('SIGKILL');
    await once(dead, 'exit');
    const again = await ensembles.startHealthy({ dataFolder: supervisor.dataFolder });
    expect(eventsOf(again, 'ensembleStarted')).toMatchObject([
      { level: 'warn', facts: { takenOverFrom: pid } },
    ]);
  });

  it('is not shared with a member that outlived its supervisor', async () => {
    const supervisor = await ensembles.startHealthy();
    await supervisor.close();
    const orphan = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await once(orphan, 'spawn');
    const pid = orphan.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    const file = join(supervisor.dataFolder, 'members/2/process.json');
    writeFileSync(file, JSON.stringify({ pid, start: processStart(pid) }));
    const ended = once(orphan, 'exit');
    await ensembles.startHealthy({ dataFolder: supervisor.dataFolder });
    expect(await ended).toEqual([null, 'SIGKILL']);
  });

  it('is refused when it is somebody else’s, and stays as it was', async () => {
    const dataFolder = ensembles.folder();
    writeFileSync(join(dataFolder, 'thesis.tex'), 'five years of work');
    expect(await ensembles.start({ dataFolder })).toMatchObject({
      ok: false,
      error: { code: 'foreignFolder' },
    });
    expect(readdirSync(dataFolder)).toEqual(['thesis.tex']);
  });

  it('is refused when its record is damaged or of another size', async () => {
    const supervisor = await ensembles.startHealthy();
    await supervisor.close();
    const { dataFolder } = supervisor;
    expect(await ensembles.start({ dataFolder, members: 5 })).toMatchObject({
      ok: false,
      error: { code: 'membersDiffer' },
    });
    writeFileSync(join(dataFolder, 'ensemble.json'), '{"format":');
    expect(await ensembles.start({ dataFolder })).toMatchObject({
      ok: false,
      error: { code: 'damagedFolder' },
    });
    expect(existsSync(join(dataFolder, 'supervisor.lock'))).toBe(false);
  });

  it('is refused when it is of the format before, and says what to do', async () => {
    const dataFolder = ensembles.folder();
    const before = { format: 1, state: 'created', name: 'muster', clusterId: 1, members: [] };
    writeFileSync(join(dataFolder, 'ensemble.json'), JSON.stringify(before));
    expect(await ensembles.start({ dataFolder })).toMatchObject({
      ok: false,
      error: { code: 'olderFolder', todo: expect.stringContaining('copy the znodes over') },
    });
  });

  it('never takes an empty member directory for a new one', async () => {
    const supervisor = await ensembles.startHealthy();
    await supervisor.operate(2, 'stop');
    const data = join(supervisor.dataFolder, 'members/2/data');
    rmSync(data, { recursive: true });
    mkdirSync(data);
    expect(await supervisor.operate(2, 'start')).toMatchObject({
      ok: false,
      error: {
        what: `The data directory ${data} is empty.`,
        todo: expect.stringContaining('member replace 2'),
      },
    });
    expect(readdirSync(data)).toEqual([]);
  });

  it('never makes a vanished member directory anew', async () => {
    const supervisor = await ensembles.startHealthy();
    await supervisor.close();
    const folder = join(supervisor.dataFolder, 'members/2');
    rmSync(folder, { recursive: true });
    const again = await ensembles.start({ dataFolder: supervisor.dataFolder });
    if (!again.ok) throw new Error(again.error.what);
    await eventually('the others work', () => again.value.view().health.working === 2);
    const state = processOf(again.value.view(), 2);
    expect(state).toMatchObject({ kind: 'crashed', exitCode: null, signal: null });
    expect(state.kind === 'crashed' && state.reason).toContain('is gone');
    expect(await again.value.operate(2, 'start')).toMatchObject({
      ok: false,
      error: { code: 'operationFailed' },
    });
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it('gives each member the same client port again, or the next free one', async () => {
    const supervisor = await ensembles.startHealthy();
    await supervisor.close();
    const { dataFolder } = supervisor;
    const portsOf = (from: typeof supervisor) => from.view().members.map(({ clientPort }) => clientPort);
    const before = portsOf(supervisor);
    const again = await ensembles.startHealthy({ dataFolder });
    expect(portsOf(again)).toEqual(before);
    await again.close();
    const holder = createServer().listen(before[0], '127.0.0.1');
    await once(holder, 'listening');
    try {
      const moved = await ensembles.startHealthy({ dataFolder });
      expect(portsOf(moved).slice(1)).toEqual(before.slice(1));
      expect(portsOf(moved)[0]).toBeGreaterThan(before[0] ?? 0);
    } finally {
      holder.close();
    }
  });
});
