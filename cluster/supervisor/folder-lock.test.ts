import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFileName, lockFolder } from './folder-lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function leave(content: string): void {
  writeFileSync(join(folder, lockFileName), content);
}

describe('the lock of a data folder', () => {
  it('is held once, and free again after release', () => {
    const first = lockFolder(folder);
    expect(lockFolder(folder)).toEqual({ ok: false, error: { pid: process.pid } });
    if (first.ok) first.value.release();
    expect(lockFolder(folder)).toMatchObject({ ok: true, value: { takenOverFrom: null } });
    expect(readdirSync(folder)).toEqual([lockFileName]);
  });

  it('is taken over when its pid now belongs to another process', () => {
    leave(JSON.stringify({ pid: process.pid, start: 'before this process', id: 'stale' }));
    expect(lockFolder(folder)).toMatchObject({ ok: true, value: { takenOverFrom: process.pid } });
    expect(readdirSync(folder)).toEqual([lockFileName]);
  });

  it('is taken over when no process has its pid', () => {
    leave(JSON.stringify({ pid: 2 ** 30, start: 'x', id: 'stale' }));
    expect(lockFolder(folder)).toMatchObject({ ok: true, value: { takenOverFrom: 2 ** 30 } });
  });

  it('does not remove a lock that is another’s by now', () => {
    const first = lockFolder(folder);
    const other = JSON.stringify({ pid: process.pid, start: 'y', id: 'other' });
    leave(other);
    if (first.ok) first.value.release();
    expect(readFileSync(join(folder, lockFileName), 'utf8')).toBe(other);
  });
});
