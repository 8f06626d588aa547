// House rules as tests (CONTRIBUTING.md). Each failure lists the files at fault.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { testFile } from './layers.js';
import { repositoryRoot } from './make.js';
import { sourceFiles } from './module-graph.js';

/** Files that may be longer than 300 lines, each with the reason why cutting it would make it worse. */
const longFiles: Readonly<Record<string, string>> = {
  'cluster/zk/wire/golden.test.ts':
    'a table of packets recorded from ZooKeeper, one concept however many rows',
  'renderer/i18n/messages.en.ts': 'every message of one language, for a translator to read in one place',
  'renderer/i18n/messages.zh.ts': 'every message of one language, for a translator to read in one place',
};
const linesMax = 300;

const own = 'build/tidy.test.ts';
const files = sourceFiles(repositoryRoot).map((path) => ({
  path,
  lines: readFileSync(join(repositoryRoot, path), 'utf8').trimEnd().split('\n'),
}));
const tests = files.filter(({ path }) => testFile.test(path));

/** `path:line` of every line that matches, outside this file. */
function linesLike(pattern: RegExp, among = files): readonly string[] {
  return among
    .filter(({ path }) => path !== own)
    .flatMap(({ path, lines }) =>
      lines.flatMap((line, at) => (pattern.test(line) ? [`${path}:${at + 1} ${line.trim()}`] : [])),
    );
}

it('keeps files within 300 lines', () => {
  const long = files.filter(({ path, lines }) => lines.length > linesMax && !(path in longFiles));
  expect(long.map(({ path, lines }) => `${path}: ${lines.length} lines`)).toEqual([]);
});

it('lists no file as long that is short or gone', () => {
  const long = new Set(files.filter(({ lines }) => lines.length > linesMax).map(({ path }) => path));
  expect(Object.keys(longFiles).filter((path) => !long.has(path))).toEqual([]);
});

it('opens every file of the cluster and the shell with a sentence on what it is', () => {
  const silent = files.filter(
    ({ path, lines }) =>
      /^(cluster|electron|build)\//.test(path) &&
      !testFile.test(path) &&
      !/^(\/\*\*|\/\/)/.test(lines[0] ?? ''),
  );
  expect(silent.map(({ path }) => path)).toEqual([]);
});

it('leaves nothing for later', () => {
  expect(linesLike(/\b(TODO|FIXME|XXX|HACK)\b/)).toEqual([]);
});

it('names no file old, new, second or useful', () => {
  const name = /(^|[-.])(old|new|copy|backup|utils?|helpers?|misc)[-.]|[a-z]2\.|^index\.tsx?$/i;
  expect(files.filter(({ path }) => name.test(basename(path))).map(({ path }) => path)).toEqual([]);
});

it('gives every suppression its reason on the same line', () => {
  expect(linesLike(/@ts-(ignore|nocheck)/)).toEqual([]);
  expect(linesLike(/@ts-expect-error(?!:? \S+ \S+)/)).toEqual([]);
  expect(linesLike(/biome-ignore(?!\S* [\w/]+: \S+ \S+)/)).toEqual([]);
});

it('runs every test: none alone, none skipped', () => {
  expect(linesLike(/\b(it|test|describe)(\.\w+)*\.(only|skip|todo|fails)\b/, tests)).toEqual([]);
});

it('lets only tests that need a foreign program ask for it, and build/test.js counts those that lack it', () => {
  const others = tests.filter(({ path }) => !/\.(foreign|browser)\.test\.ts$/.test(path));
  expect(linesLike(/\.(skipIf|runIf)\(|\b(ctx|context|task)\.skip\(/, others)).toEqual([]);
});

it('mocks no module', () => {
  expect(linesLike(/\bvi\.(mock|doMock|hoisted)\(/, tests)).toEqual([]);
});

it('keeps the list of failing seeds readable', () => {
  const lines = readFileSync(join(repositoryRoot, '.ci/seeds.txt'), 'utf8').trimEnd().split('\n');
  expect(lines.filter((line) => !/^(#.*|[0-9a-z-]+ +\S.*)$/i.test(line))).toEqual([]);
});

/** Keys of a message file: its properties, one a line. */
function messageKeys(path: string): readonly string[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/^ {2}(?:'([^']+)'|(\w+)):/gm)]
    .map(([, quoted, plain]) => quoted ?? plain ?? '')
    .sort();
}

it('says everything in both languages', () => {
  const folder = join(repositoryRoot, 'renderer/i18n');
  const english = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\ben\.ts$/.test(name),
  );
  expect(english).not.toEqual([]);
  for (const name of english) {
    const chinese = join(folder, name.replace(/\ben\.ts$/, 'zh.ts'));
    expect(existsSync(chinese), `${chinese} exists`).toBe(true);
    expect(messageKeys(chinese)).toEqual(messageKeys(join(folder, name)));
  }
});
