// Biome's overrides, derived from the layer table. `node build/biome-layers.js` writes them into biome.json;
// layers.test.ts fails when they differ.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { layers } from './layers.js';
import { repositoryRoot } from './make.js';

/** Globals a pure folder could still reach past the type check: ECMAScript's own clock, and what tests' types lend. */
const pureDenied = {
  Date: 'Time comes in through the Clock port.',
  console: 'A pure folder returns what it has to say, or traces it through the Trace port.',
  process: 'A pure folder knows no process.',
  Buffer: 'Bytes are Uint8Array here.',
  setTimeout: 'Time comes in through the Clock port.',
  setInterval: 'Time comes in through the Clock port.',
  setImmediate: 'Time comes in through the Clock port.',
  queueMicrotask: 'A pure folder answers at once.',
};
const rendererDenied = {
  Buffer: 'Bytes are Uint8Array here.',
  process: 'The console runs in any browser.',
  require: 'The console runs in any browser.',
};

/** @param {string} prefix @param {boolean} filesOnly */
const sources = (prefix, filesOnly) => `${prefix}/${filesOnly ? '*' : '**/*'}.{ts,tsx}`;

/** The globs of every layer of a runtime. @param {import('./layers.js').Runtime} runtime */
const globs = (runtime) =>
  layers
    .filter((layer) => layer.runtime === runtime)
    .map(({ folder, filesOnly }) => sources(folder, filesOnly ?? false));

const tests = '**/*.test.{ts,tsx}';
const testParts = '**/testing/**';

/** @returns {readonly unknown[]} the value of `overrides` in biome.json */
export function biomeOverrides() {
  return [
    {
      includes: [...globs('pure'), `!${tests}`, `!${testParts}`],
      plugins: ['./build/no-math-random.grit'],
      linter: {
        rules: {
          style: {
            noRestrictedGlobals: { level: 'error', options: { deniedGlobals: pureDenied } },
          },
          correctness: { noNodejsModules: 'error' },
          suspicious: { noConsole: 'error' },
        },
      },
    },
    {
      includes: [...globs('renderer'), `!${tests}`, `!${testParts}`],
      linter: {
        rules: {
          style: { noRestrictedGlobals: { level: 'error', options: { deniedGlobals: rendererDenied } } },
          correctness: { noNodejsModules: 'error' },
          suspicious: { noConsole: 'error' },
        },
      },
    },
    {
      includes: [tests, testParts],
      linter: { rules: { complexity: { noExcessiveLinesPerFunction: 'off' } } },
    },
    {
      includes: ['*.ts', 'build/build-once.ts', 'build/electron-builder.config.js'],
      linter: { rules: { style: { noDefaultExport: 'off' } } },
    },
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const file = join(repositoryRoot, 'biome.json');
  const config = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...config, overrides: biomeOverrides() }));
  execFileSync(join(repositoryRoot, 'node_modules/.bin/biome'), ['format', '--write', file]);
}
