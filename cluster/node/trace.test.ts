import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileTrace } from './trace.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-trace-'));
  file = join(folder, 'member.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const mebibyte = 'x'.repeat(1024 * 1024);

function linesOf(path: string): readonly Record<string, unknown>[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

describe('a log file', () => {
  it('holds one JSON object a line, from the chosen level up', () => {
    const trace = createFileTrace({ file, level: 'info' });
    trace.emit('debug', 'tooFine');
    trace.emit('info', 'started', { port: 2181 });
    trace.emit('error', 'failed', { reason: 'a\nb', last: null });
    expect(linesOf(file)).toEqual([
      { at: expect.stringMatching(/^\d{4}-.*Z$/), level: 'info', event: 'started', port: 2181 },
      { at: expect.any(String), level: 'error', event: 'failed', reason: 'a\nb', last: null },
    ]);
  });

  it('goes on in the file it finds', () => {
    createFileTrace({ file, level: 'info' }).emit('info', 'before');
    createFileTrace({ file, level: 'info' }).emit('info', 'after');
    expect(linesOf(file).map(({ event }) => event)).toEqual(['before', 'after']);
  });

  it('keeps two files of bounded size, the newest lines in them', () => {
    const trace = createFileTrace({ file, level: 'info' });
    for (let line = 0; line < 40; line += 1) trace.emit('info', 'large', { line, mebibyte });
    expect(readdirSync(folder).sort()).toEqual(['member.log', 'member.log.1']);
    const kept = [...linesOf(`${file}.1`), ...linesOf(file)].map(({ line }) => line);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, at) => 40 - kept.length + at));
    for (const name of readdirSync(folder))
      expect(statSync(join(folder, name)).size).toBeLessThan(10 * 2 ** 20);
  });

  it('counts what an earlier life left in the file', () => {
    writeFileSync(file, mebibyte.repeat(9));
    createFileTrace({ file, level: 'info' }).emit('info', 'first');
    expect(linesOf(file)).toHaveLength(1);
    expect(statSync(`${file}.1`).size).toBe(9 * 2 ** 20);
  });

  it('does not end its member when the disk takes no lines, and tells how many were lost', () => {
    const trace = createFileTrace({ file, level: 'info' });
    rmSync(folder, { recursive: true });
    trace.emit('warn', 'lost');
    trace.emit('warn', 'lost too');
    mkdirSync(folder);
    trace.emit('info', 'back');
    expect(linesOf(file)).toMatchObject([
      { level: 'warn', event: 'traceLinesLost', lines: 2, reason: expect.stringContaining('ENOENT') },
      { event: 'back' },
    ]);
  });
});
