import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  chooseInstance,
  type Instance,
  publishInstance,
  readInstances,
  withdrawInstance,
} from './instance-file.ts';

/** Beyond every system's largest process number. */
const deadPid = 2 ** 31 - 2;
let folder: string;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'muster-instances-')), 'instances');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

function instance(changes: Partial<Instance> = {}): Instance {
  return {
    format: 1,
    pid: process.pid,
    dataFolder: '/data',
    url: 'http://127.0.0.1:1/',
    token: 'secret',
    connect: '127.0.0.1:2181',
    startedAtMs: 1,
    ...changes,
  };
}

describe('the file of an instance', () => {
  it('is for its user alone, and goes when it is withdrawn', () => {
    const withdraw = publishInstance(folder, instance());
    expect(readInstances(folder)).toEqual([instance()]);
    if (process.platform !== 'win32') {
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      expect(statSync(join(folder, `${process.pid}.json`)).mode & 0o777).toBe(0o600);
    }
    withdraw();
    withdraw();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of a process that is gone is removed by the next reader', () => {
    publishInstance(folder, instance({ pid: deadPid }));
    expect(readInstances(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that is damaged is removed, and foreign files are left alone', () => {
    publishInstance(folder, instance());
    writeFileSync(join(folder, '1.json'), '{"pid":');
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    expect(readInstances(folder)).toHaveLength(1);
    expect(readdirSync(folder).sort()).toEqual([`${process.pid}.json`, 'notes.txt']);
  });

  it('can be withdrawn by one who finds that nothing answers', () => {
    publishInstance(folder, instance());
    withdrawInstance(folder, instance());
    expect(readInstances(folder)).toEqual([]);
  });

  it('is none where no instance ever ran', () => {
    expect(readInstances(join(folder, 'none'))).toEqual([]);
  });

  it('is none, and cannot be, below what is a file', () => {
    const file = join(folder, '..', 'file');
    writeFileSync(file, '');
    expect(readInstances(join(file, 'instances'))).toEqual([]);
    expect(() => publishInstance(join(file, 'instances'), instance())).toThrow(`${file} is a file`);
  });
});

describe('which instance is meant', () => {
  const one = instance({ dataFolder: '/one' });
  const two = instance({ dataFolder: '/two', startedAtMs: 2 });

  it.each([
    ['none runs', [], null, { ok: false, error: { kind: 'none', dataFolder: null } }],
    ['one runs', [one], null, { ok: true, value: one }],
    ['several run', [one, two], null, { ok: false, error: { kind: 'several', instances: [one, two] } }],
    ['several run and one is named', [one, two], '/two', { ok: true, value: two }],
    ['another is named', [one], '/two', { ok: false, error: { kind: 'none', dataFolder: '/two' } }],
  ] as const)('when %s', (_case, instances, dataFolder, expected) => {
    expect(chooseInstance(instances, dataFolder)).toEqual(expected);
  });
});
