import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts';
import { type AppendFile, DiskFailure } from '../ports/disk.ts';
import { createDisk } from './disk.ts';

/** Linux has a device that takes no byte; elsewhere a full disk is not to be had. */
const fullDevices = ['/dev/full'].filter((path) => existsSync(path));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-disk-'));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

function append(file: AppendFile, chunks: readonly Uint8Array[]): Promise<DiskFailure | null> {
  return new Promise((resolve) => file.append(chunks, resolve));
}

/** Until what runs on the thread pool is done. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (failure) {
    return failure instanceof DiskFailure ? `${failure.code} ${failure.path}` : String(failure);
  }
  return 'no failure';
}

describe('appending', () => {
  it('puts chunks and calls one behind the other', async () => {
    const file = createDisk(folder).openAppend('log');
    expect(await append(file, [encodeUtf8('one '), encodeUtf8('two ')])).toBeNull();
    expect(await append(file, [encodeUtf8('three')])).toBeNull();
    file.close();
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('one two three');
  });

  it('is done only once the bytes are in the file', async () => {
    const file = createDisk(folder).openAppend('log');
    const sizes: number[] = [];
    for (let round = 1; round <= 20; round += 1) {
      await append(file, [new Uint8Array(10_000)]);
      sizes.push(createDisk(folder).sizeBytes('log'));
    }
    file.close();
    expect(sizes).toEqual(Array.from({ length: 20 }, (_, at) => (at + 1) * 10_000));
  });

  it('takes more chunks than one system call does, empty ones and none at all', async () => {
    const file = createDisk(folder).openAppend('log');
    const chunks = Array.from({ length: 5_000 }, (_, at) => encodeUtf8(at % 7 === 0 ? '' : `${at},`));
    expect(await append(file, chunks)).toBeNull();
    expect(await append(file, [])).toBeNull();
    expect(await append(file, [new Uint8Array(0)])).toBeNull();
    file.close();
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe(chunks.map(decodeUtf8).join(''));
  });

  it('goes on at the end of what is there', async () => {
    writeFileSync(join(folder, 'log'), 'before ');
    const file = createDisk(folder).openAppend('log');
    await append(file, [encodeUtf8('after')]);
    file.close();
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('before after');
  });

  it('finishes what is under way when the file is closed, and closing twice does no harm', async () => {
    const file = createDisk(folder).openAppend('log');
    const done = append(file, [new Uint8Array(1_000_000)]);
    file.close();
    file.close();
    expect(await done).toBeNull();
    file.close();
    expect(createDisk(folder).sizeBytes('log')).toBe(1_000_000);
  });

  it('leaves other files alone when a closed one is closed again', async () => {
    const disk = createDisk(folder);
    const first = disk.openAppend('first');
    first.close();
    await pause();
    // One of them takes over the number that the first file had.
    const others = Array.from({ length: 20 }, (_, at) => disk.openAppend(`other ${at}`));
    first.close();
    await pause();
    const failures = await Promise.all(others.map((other) => append(other, [encodeUtf8('x')])));
    for (const other of others) other.close();
    expect(failures.filter((failure) => failure !== null)).toEqual([]);
  });

  it('refuses a second append while one is under way', async () => {
    const file = createDisk(folder).openAppend('log');
    const done = append(file, [encodeUtf8('x')]);
    expect(() => file.append([], () => undefined)).toThrow('one write at a time');
    await done;
    file.close();
  });

  it.each(fullDevices)('says that the disk is full, as %s always is', async () => {
    const file = createDisk('/dev').openAppend('full');
    expect(await append(file, [encodeUtf8('x')])).toMatchObject({ code: 'noSpace', path: 'full' });
    file.close();
  });
});

describe('replacing a file', () => {
  it('leaves the new content and no temporary file, even over the rest of an earlier crash', () => {
    const disk = createDisk(folder);
    writeFileSync(join(folder, 'meta.new'), 'the rest of a crash, longer than what follows');
    disk.replace('meta', encodeUtf8('first, and long'));
    disk.replace('meta', encodeUtf8('second'));
    expect(disk.list('')).toEqual(['meta']);
    expect(readFileSync(join(folder, 'meta'), 'utf8')).toBe('second');
  });

  it('keeps the old content when it fails', () => {
    const disk = createDisk(folder);
    disk.replace('meta', encodeUtf8('old'));
    mkdirSync(join(folder, 'meta.new'));
    expect(codeOf(() => disk.replace('meta', encodeUtf8('new')))).toBe('ioError meta');
    expect(readFileSync(join(folder, 'meta'), 'utf8')).toBe('old');
  });

  it('shows a reader the old content or the new, never a part', async () => {
    const disk = createDisk(folder);
    const content = (letter: string): Uint8Array => encodeUtf8(letter.repeat(100_000));
    disk.replace('meta', content('a'));
    const reader = new Worker(
      `const { readFileSync } = require('node:fs');
       const { parentPort, workerData } = require('node:worker_threads');
       const seen = new Set();
       let stop = false;
       parentPort.on('message', () => { parentPort.postMessage([...seen]); process.exit(); });
       parentPort.postMessage('ready');
       (function read() {
         const text = readFileSync(workerData, 'utf8');
         seen.add(text.length + ' ' + [...new Set(text)].join(''));
         setImmediate(read);
       })();`,
      { eval: true, workerData: join(folder, 'meta') },
    );
    await new Promise((resolve) => reader.once('message', resolve));
    for (let round = 0; round < 100; round += 1) {
      disk.replace('meta', content(round % 2 === 0 ? 'b' : 'a'));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const seen = new Promise<string[]>((resolve) => reader.once('message', resolve));
    reader.postMessage('enough');
    expect((await seen).sort()).toEqual(['100000 a', '100000 b']);
  });
});

describe('a note', () => {
  it('is overwritten in place, in a file that it creates', () => {
    const disk = createDisk(folder);
    const note = disk.openNote('mark');
    note.write(encodeUtf8('first'));
    note.write(encodeUtf8('other'));
    note.close();
    note.close();
    expect(readFileSync(join(folder, 'mark'), 'utf8')).toBe('other');
    disk.openNote('mark').close();
    expect(readFileSync(join(folder, 'mark'), 'utf8')).toBe('other');
  });

  it.each(fullDevices)('says that the disk is full, as %s always is', () => {
    const note = createDisk('/dev').openNote('full');
    expect(codeOf(() => note.write(encodeUtf8('x')))).toBe('noSpace full');
    note.close();
  });
});

describe('a record', () => {
  it('is overwritten in place and durable before it is done, also when it is closed meanwhile', async () => {
    const disk = createDisk(folder);
    disk.replace('vote', encodeUtf8('first'));
    const record = disk.openRecord('vote');
    const write = (text: string) =>
      new Promise((resolve) => record.write(encodeUtf8(text), (failure) => resolve(failure)));
    expect(await write('other')).toBeNull();
    expect(readFileSync(join(folder, 'vote'), 'utf8')).toBe('other');
    const last = write('third');
    expect(() => record.write(encodeUtf8('again'), () => undefined)).toThrow('one write at a time');
    record.close();
    expect(await last).toBeNull();
    expect(readFileSync(join(folder, 'vote'), 'utf8')).toBe('third');
  });

  it('names a file that is absent', () => {
    expect(codeOf(() => createDisk(folder).openRecord('absent'))).toBe('notFound absent');
  });

  it.each(fullDevices)('says that the disk is full, as %s always is', async () => {
    const record = createDisk('/dev').openRecord('full');
    const failure = await new Promise((resolve) => record.write(encodeUtf8('x'), resolve));
    expect(failure).toMatchObject({ code: 'noSpace', path: 'full' });
    record.close();
  });
});

describe('renaming a file', () => {
  it('moves it into another folder, in place of what was there', () => {
    const disk = createDisk(folder);
    disk.makeFolder('damaged/1');
    disk.replace('log', encodeUtf8('new'));
    disk.replace('damaged/1/log', encodeUtf8('old'));
    disk.rename('log', 'damaged/1/log');
    expect(disk.exists('log')).toBe(false);
    expect(readFileSync(join(folder, 'damaged/1/log'), 'utf8')).toBe('new');
  });

  it('names what is absent', () => {
    expect(codeOf(() => createDisk(folder).rename('absent', 'other'))).toBe('notFound absent');
  });
});

describe('the rest of a disk', () => {
  it('cuts a file', () => {
    const disk = createDisk(folder);
    disk.replace('log', encodeUtf8('0123456789'));
    disk.truncate('log', 4);
    expect(disk.sizeBytes('log')).toBe(4);
    expect(decodeUtf8(disk.read('log', { offset: 0, length: 100 }))).toBe('0123');
  });

  it('reads a range, and what there is of one that goes past the end', () => {
    const disk = createDisk(folder);
    disk.replace('log', encodeUtf8('0123456789'));
    expect(decodeUtf8(disk.read('log', { offset: 3, length: 4 }))).toBe('3456');
    expect(decodeUtf8(disk.read('log', { offset: 8, length: 4 }))).toBe('89');
    expect(disk.read('log', { offset: 50, length: 4 })).toHaveLength(0);
  });

  it('makes folders with their parents, lists in order, and removes', () => {
    const disk = createDisk(folder);
    disk.makeFolder('data/1/log');
    for (const name of ['b', 'a', 'c']) disk.replace(`data/1/log/${name}`, encodeUtf8(name));
    expect(disk.list('data/1/log')).toEqual(['a', 'b', 'c']);
    disk.remove('data/1/log/b');
    expect(disk.list('data/1/log')).toEqual(['a', 'c']);
    expect(disk.exists('data/1/log/b')).toBe(false);
    expect(disk.list('absent')).toEqual([]);
    disk.makeFolder('data/1/log');
    expect(readdirSync(join(folder, 'data/1/log'))).toEqual(['a', 'c']);
  });

  it('names what is absent', () => {
    const disk = createDisk(folder);
    expect(codeOf(() => disk.sizeBytes('absent'))).toBe('notFound absent');
    expect(codeOf(() => disk.read('absent', { offset: 0, length: 1 }))).toBe('notFound absent');
    expect(codeOf(() => disk.truncate('absent', 0))).toBe('notFound absent');
    expect(codeOf(() => disk.remove('absent'))).toBe('notFound absent');
    expect(codeOf(() => disk.openAppend('no/such/folder'))).toBe('notFound no/such/folder');
  });

  it('names what is denied', () => {
    chmodSync(folder, 0o500);
    // Permissions do not bind root, but nobody creates files in /sys.
    const closed = createDisk(process.getuid?.() === 0 ? '/sys' : folder);
    expect(codeOf(() => closed.openAppend('log'))).toBe('denied log');
    expect(codeOf(() => closed.replace('meta', encodeUtf8('x')))).toBe('denied meta');
  });

  it('does not take for absent what it may not look at', () => {
    // A link to itself stands for a folder without permission, which does not bind root.
    symlinkSync('loop', join(folder, 'loop'));
    const disk = createDisk(folder);
    expect(codeOf(() => disk.exists('loop'))).toBe('ioError loop');
    expect(codeOf(() => disk.list('loop'))).toBe('ioError loop');
  });

  it('calls everything else an I/O error', () => {
    const disk = createDisk(folder);
    disk.replace('file', encodeUtf8('x'));
    expect(codeOf(() => disk.openAppend('file/inside'))).toBe('ioError file/inside');
  });
});
