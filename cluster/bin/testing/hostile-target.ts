/** An instance to be attacked, and the proof that it took no harm. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { repositoryRoot } from '../../../build/make.js';
import { createZkClient } from '../../client/client.ts';
import { done } from '../../client/testing/outcomes.ts';
import { type RunningInstance, startInstance } from '../../console/instance.ts';
import { childProcessSpawn } from '../../supervisor/child-process-spawn.ts';
import { pidOf } from '../../supervisor/testing/test-ensemble.ts';
import { connectTo, reportOf } from './ensemble-facts.ts';

const members = [1, 2, 3];
const healthyTimeoutMs = 10_000;
export interface HostileTarget {
  readonly instance: RunningInstance;
  readonly dataFolder: string;
  clientPort(member: number): number;
  peerPort(member: number): number;
  /** Every member is the process it was, and takes an ordinary write. */
  expectUnharmed(): Promise<void>;
  /** Resident memory, as the member last reported it. */
  memoryBytes(member: number): number;
  close(): Promise<void>;
}

export async function startHostileTarget(): Promise<HostileTarget> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-hostile-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>console</title>');
  const dataFolder = join(folder, 'data');
  const started = await startInstance({
    dataFolder,
    name: null,
    members: 3,
    clientPortBase: 0,
    timing: null,
    settings: {},
    spawn: childProcessSpawn,
    memberModule: join(repositoryRoot, 'dist/node/member.js'),
    consolePort: 0,
    assetsFolder: folder,
    instancesFolder: join(folder, 'instances'),
    onDefect: (defect) => {
      throw defect;
    },
  });
  if (!started.ok) throw new Error(`${started.error.what} ${started.error.meaning}`);
  const instance = started.value;
  const view = await instance.supervisor.untilHealthy(healthyTimeoutMs);
  expect(view.health.level).toBe('healthy');
  const pids = members.map((id) => pidOf(view, id));
  let writes = 0;

  async function expectUnharmed(): Promise<void> {
    const now = instance.supervisor.view();
    expect(members.map((id) => pidOf(now, id))).toEqual(pids);
    for (const id of members) {
      const client = createZkClient({ servers: connectTo(now, [id]) });
      writes += 1;
      const path = `/unharmed-${writes}`;
      expect(await done(client.create({ path }))).toBe(path);
      expect(await done(client.exists(path))).not.toBeNull();
      await client.close();
    }
    expect((await instance.supervisor.untilHealthy(healthyTimeoutMs)).health.level).toBe('healthy');
  }

  await expectUnharmed();
  return {
    instance,
    dataFolder,
    clientPort: (member) => view.members.find(({ id }) => id === member)?.clientPort ?? 0,
    peerPort: (member) => view.members.find(({ id }) => id === member)?.peerPort ?? 0,
    expectUnharmed,
    memoryBytes: (member) => reportOf(instance.supervisor.view(), member).memoryBytes,
    close: async () => {
      await instance.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
