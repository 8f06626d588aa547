import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forgetLife, livesSeen, recordLife } from './life-record.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-life-'));
  file = join(folder, 'life.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the lives of a directory', () => {
  it('are those last recorded, for this incarnation alone', () => {
    recordLife(file, { incarnation: 'ff', life: 2 });
    recordLife(file, { incarnation: 'ff', life: 3 });
    expect(livesSeen(file, 255)).toBe(3);
    expect(livesSeen(file, 254)).toBe(0);
  });

  it('are not known without a record, or when it was cut short or forgotten', () => {
    expect(livesSeen(file, 255)).toBe(0);
    writeFileSync(file, '{"incarnation":"ff","li');
    expect(livesSeen(file, 255)).toBe(0);
    recordLife(file, { incarnation: 'ff', life: 3 });
    forgetLife(file);
    expect(livesSeen(file, 255)).toBe(0);
  });

  it('that cannot be recorded stop nobody', () => {
    recordLife(join(folder, 'absent/life.json'), { incarnation: 'ff', life: 3 });
    expect(livesSeen(join(folder, 'absent/life.json'), 255)).toBe(0);
  });
});
