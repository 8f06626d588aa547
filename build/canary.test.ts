// The canaries: files that break one rule each. A checker that lets one pass fails here; a checker that reads
// nothing and reports nothing would pass everywhere else.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forbiddenImports, importCycles, orphans } from './layer-rules.js';
import { repositoryRoot } from './make.js';
import { readGraph } from './module-graph.js';

const tree = join(repositoryRoot, 'build/canary/tree');
const tool = (name: string) => join(repositoryRoot, 'node_modules/.bin', name);

/** What a checker printed, whether it passed or not. */
async function output(file: string, args: readonly string[], cwd = repositoryRoot): Promise<string> {
  const env = { ...process.env, NO_COLOR: '1' };
  try {
    return (await promisify(execFile)(file, args, { cwd, env, timeout: 60_000 })).stdout;
  } catch (failure) {
    return String(Object(failure).stdout);
  }
}

describe('the type check', () => {
  it.each([
    ['pure', 'cluster/raft/uses-timer.ts', "Cannot find name 'setTimeout'"],
    ['node', 'cluster/console/uses-document.ts', "Cannot find name 'document'"],
    ['renderer', 'renderer/ui/uses-buffer.ts', "Cannot find name 'Buffer'"],
  ])('of %s code refuses %s', async (project, file, message) => {
    const printed = await output(tool('tsc'), ['-p', `build/canary/tsconfig.${project}.json`]);
    expect(printed).toContain(file);
    expect(printed).toContain(message);
  });
});

describe('the layer check', () => {
  const graph = readGraph(tree);

  it('finds every forbidden import, and nothing else', () => {
    expect(forbiddenImports(graph)).toEqual([
      'cluster/console/imports-bin.ts imports cluster/bin/program.ts, but nobody imports a composition root',
      'cluster/console/imports-missing.ts imports cluster/console/missing.ts, which does not exist',
      'cluster/misc/homeless.ts belongs to no layer of build/layers.js',
      'cluster/raft/imports-node.ts imports node:fs, but cluster/raft knows no Node API',
      'cluster/raft/imports-package.ts imports the package zod, but cluster/raft may not',
      'cluster/raft/imports-testing.ts imports cluster/raft/testing/fake.ts, which is for tests only',
      'cluster/raft/imports-type.ts imports cluster/wal/segment.ts, but cluster/raft may not import cluster/wal',
      'cluster/raft/imports-wal.ts imports cluster/wal/segment.ts, but cluster/raft may not import cluster/wal',
      'renderer/ui/reads-store.ts imports renderer/store/store.ts, but renderer/ui may not import renderer/store',
    ]);
  });

  it('finds the circle', () => {
    expect(importCycles(graph)).toEqual([
      'import cycle: cluster/zk/cycle-a.ts → cluster/zk/cycle-b.ts → cluster/zk/cycle-a.ts',
    ]);
  });

  it('finds what nothing reaches, and spares programs and tests', () => {
    const found = orphans(graph);
    expect(found).toContain('cluster/raft/logs.ts is reached by no program and no test');
    expect(found.join()).not.toMatch(/program\.ts is|skipped\.test\.ts is/);
  });
});

describe('the lint', () => {
  let folder: string;
  let found: readonly string[];

  /** The canaries where their rules apply: at the root, under the repository's own configuration. */
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'muster-canary-'));
    cpSync(tree, folder, { recursive: true });
    mkdirSync(join(folder, 'build'));
    cpSync(join(repositoryRoot, 'build/no-math-random.grit'), join(folder, 'build/no-math-random.grit'));
    const config = JSON.parse(readFileSync(join(repositoryRoot, 'biome.json'), 'utf8'));
    writeFileSync(join(folder, 'biome.json'), JSON.stringify({ ...config, vcs: { enabled: false } }));
    const args = ['lint', '--reporter=json', '--max-diagnostics=none', '.'];
    const report: Report = JSON.parse(await output(tool('biome'), args, folder));
    found = report.diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ category, location }) => `${location.path} ${category}`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['a floating promise', 'cluster/console/floats.ts lint/nursery/noFloatingPromises'],
    ['any', 'cluster/console/uses-any.ts lint/suspicious/noExplicitAny'],
    ['a barrel', 'cluster/console/imports-missing.ts lint/performance/noReExportAll'],
    ['Node in a pure folder', 'cluster/raft/imports-node.ts lint/correctness/noNodejsModules'],
    ['the console in a pure folder', 'cluster/raft/logs.ts lint/suspicious/noConsole'],
    ['the clock in a pure folder', 'cluster/raft/uses-clock.ts lint/style/noRestrictedGlobals'],
    ['dice in a pure folder', 'cluster/raft/uses-chance.ts plugin'],
    ['Buffer in the console', 'renderer/ui/uses-buffer.ts lint/style/noRestrictedGlobals'],
    ['a skipped test', 'cluster/raft/skipped.test.ts lint/suspicious/noSkippedTests'],
  ])('refuses %s', (_, violation) => {
    expect(found).toContain(violation);
  });
});

interface Report {
  readonly diagnostics: readonly {
    readonly severity: string;
    readonly category: string;
    readonly location: { readonly path: string };
  }[];
}
