// `npm test`: types, lint, layers and dead code, then every test. Ends with `N passed, N failed` and says aloud what
// was skipped and why; with CI=true or --ci a skip is a failure. Other arguments choose tests: `npm test -- cluster/raft`.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { findElectron, ownSurroundings } from './electron-binary.js';
import { repositoryRoot } from './make.js';
import { lastLine, tally } from './test-report.js';

const stepTimeoutMs = 120_000;
const testsTimeoutMs = 45 * 60_000;
const reportFile = join(repositoryRoot, '.cache/test-report.json');
const bin = (/** @type {string} */ path) => join(repositoryRoot, 'node_modules', path);

/** Checks of the source itself, each a program that exits with 0 when all is well. */
const steps = [
  { name: 'types', args: [bin('typescript/bin/tsc'), '--build', 'tsconfig.json'] },
  {
    name: 'format and lint',
    args: [bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '--max-diagnostics=100', '.'],
  },
  { name: 'layers', args: ['build/check-layers.js'] },
  { name: 'dead code', args: [bin('knip/bin/knip.js'), '-c', 'build/knip.json', '--no-progress'] },
];

/**
 * Runs a Node program and waits for its end, or ends it when its time is up.
 * @param {readonly string[]} args @param {{ timeoutMs: number, output: 'shown' | 'kept' }} options
 * @returns {Promise<{ readonly code: number, readonly text: string }>}
 */
function runNode(args, { timeoutMs, output }) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: repositoryRoot,
      stdio: output === 'shown' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const ended = signal === null ? '' : `\nended by ${signal}, at the latest after ${timeoutMs / 1000} s`;
      resolve({ code: code ?? 1, text: text + ended });
    });
  });
}

/** @returns {Promise<{ passed: number, failed: number }>} */
async function checkSource() {
  let failed = 0;
  for (const { name, args } of steps) {
    const started = performance.now();
    const { code, text } = await runNode(args, { timeoutMs: stepTimeoutMs, output: 'kept' });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${code === 0 ? 'passed' : 'FAILED'}  ${name} (${seconds} s)`);
    if (code === 0) continue;
    failed += 1;
    console.log(text.trimEnd());
  }
  return { passed: steps.length - failed, failed };
}

/** @param {readonly string[]} filters @returns {Promise<import('./test-report.js').Tally>} */
async function runTests(filters) {
  mkdirSync(dirname(reportFile), { recursive: true });
  rmSync(reportFile, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const { code, text } = await runNode([bin('vitest/vitest.mjs'), 'run', ...reporters, ...filters], {
    timeoutMs: testsTimeoutMs,
    output: 'shown',
  });
  if (!existsSync(reportFile)) {
    console.log(`FAILED  the tests ended without a report${text}`);
    return { passed: 0, failed: 1, skipped: [] };
  }
  const result = tally(JSON.parse(readFileSync(reportFile, 'utf8')));
  // An error outside every test fails the run all the same.
  return code !== 0 && result.failed === 0 ? { ...result, failed: 1 } : result;
}

/** @param {import('./test-report.js').Tally['skipped']} skipped */
function tellSkipped(skipped) {
  for (const { file, tests } of skipped) {
    console.log(`SKIPPED ${relative(repositoryRoot, file)}`);
    for (const test of tests) console.log(`          ${test}`);
  }
}

async function main() {
  const args = process.argv.slice(2);
  const strict = args.includes('--ci') || process.env['CI'] === 'true';
  const source = await checkSource();
  const tests = await runTests(args.filter((arg) => arg !== '--ci'));
  const skipped = tests.skipped.reduce((sum, file) => sum + file.tests.length, 0);
  tellSkipped(tests.skipped);
  const electron = findElectron(ownSurroundings(repositoryRoot));
  if (electron.kind === 'missing') console.log(`electron shell end-to-end: not run, ${electron.why}`);
  if (strict && skipped > 0) console.log(`FAILED  ${skipped} tests were skipped, and here nothing may be`);
  const failed = source.failed + tests.failed + (strict && skipped > 0 ? 1 : 0);
  console.log(lastLine({ passed: source.passed + tests.passed, failed, skipped }));
  process.exitCode = failed === 0 ? 0 : 1;
}

await main();
