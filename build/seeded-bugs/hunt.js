// Runs the simulator, with a seeded bug or without, seed by seed until a checker complains.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { repositoryRoot, serverConfig } from '../make.js';
import { mutationPlugin } from './mutation.js';
import { profiles } from './profiles.js';

const scratchRoot = join(repositoryRoot, '.cache/seeded-bugs');
/** A mutated program may well loop for ever. */
const huntTimeoutMs = 120_000;

/** @typedef {{ readonly seed: number, readonly checker: string, readonly message: string }} Catch */
/** @typedef {{ readonly caught: Catch | null, readonly seconds: number, readonly trouble: string | null }} Hunt */

/**
 * Runs seeds 1 to `seeds` of a profile and stops at the first that fails.
 * @param {{ name: string, edits: readonly import('./mutation.js').Edit[], profile: import('./profiles.js').ProfileName, seeds: number }} what
 * @returns {Promise<Hunt>} `trouble`: the simulator ended in a way that says nothing
 */
export async function hunt({ name, edits, profile, seeds }) {
  const started = performance.now();
  const outDir = join(scratchRoot, `${name}-${process.pid}`);
  mkdirSync(outDir, { recursive: true });
  try {
    await bundleSimulator(outDir, edits);
    const { ticks, options } = profiles[profile];
    const { lines, trouble } = await runSimulator(join(outDir, 'sim.js'), [
      ...['--json', '--stop-at-first', '--seeds', String(seeds), '--ticks', String(ticks)],
      ...['--options', JSON.stringify(options)],
    ]);
    const caught = lines.map(catchOf).find((found) => found !== null) ?? null;
    const short = caught === null && trouble === null && lines.length < seeds;
    const why = short ? `only ${lines.length} of ${seeds} seeds were run` : trouble;
    return { caught, seconds: (performance.now() - started) / 1_000, trouble: caught === null ? why : null };
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

/** @param {string} outDir @param {readonly import('./mutation.js').Edit[]} edits */
async function bundleSimulator(outDir, edits) {
  const input = { sim: join(repositoryRoot, 'cluster/bin/sim.ts') };
  const config = serverConfig({ input, outDir, format: 'es' });
  await build({ configFile: false, logLevel: 'warn', ...config, plugins: [mutationPlugin(edits)] });
}

/**
 * @param {string} program @param {readonly string[]} args
 * @returns {Promise<{ readonly lines: readonly string[], readonly trouble: string | null }>}
 */
function runSimulator(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: huntTimeoutMs,
      killSignal: 'SIGKILL',
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      err = (err + chunk).slice(-2_000);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const lines = out.split('\n').filter((line) => line !== '');
      if (signal !== null) resolve({ lines, trouble: `ended by ${signal} after ${huntTimeoutMs / 1_000} s` });
      else if (code !== 0 && code !== 1) resolve({ lines, trouble: `exit code ${code}: ${err}` });
      else resolve({ lines, trouble: null });
    });
  });
}

/** @param {string} line @returns {Catch | null} */
function catchOf(line) {
  const { seed, failed } = JSON.parse(line);
  return failed === undefined
    ? null
    : { seed: Number(seed), checker: failed.checker, message: failed.message };
}
