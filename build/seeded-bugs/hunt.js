// Runs the simulator, with a seeded bug or without, seed by seed until a checker complains.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';
import { repositoryRoot, serverConfig } from '../make.js';
import { mutationPlugin } from './mutation.js';
import { profileEdits, profiles } from './profiles.js';

const scratchRoot = join(repositoryRoot, '.cache/seeded-bugs');
/** A mutated program may well loop for ever. */
const huntTimeoutMs = 300_000;

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
    await bundleSimulator(outDir, [...edits, ...profileEdits(profile)]);
    const { ticks } = profiles[profile];
    const { caught, passed, trouble } = await runSimulator(join(outDir, 'sim.js'), [
      ...['--json', '--jobs', '1', '--shrink', '0', '--seeds', String(seeds), '--ticks', String(ticks)],
    ]);
    const isShort = caught === null && trouble === null && passed < seeds;
    const why = isShort ? `only ${passed} of ${seeds} seeds were run` : trouble;
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
 * Runs until the first complaint, or to the end.
 * @param {string} program @param {readonly string[]} args
 * @returns {Promise<{ readonly caught: Catch | null, readonly passed: number, readonly trouble: string | null }>}
 */
function runSimulator(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: huntTimeoutMs,
      killSignal: 'SIGKILL',
    });
    /** @type {Catch | null} */
    let caught = null;
    let passed = 0;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { ok, seed, checker, message } = JSON.parse(line);
      if (ok) passed += 1;
      else if (caught === null) {
        caught = { seed: Number(seed), checker, message };
        child.kill('SIGKILL');
      }
    });
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      err = (err + chunk).slice(-2_000);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (caught !== null || code === 0) resolve({ caught, passed, trouble: null });
      else {
        const said = /^\w*Error.*/m.exec(err)?.[0] ?? err;
        resolve({
          caught,
          passed,
          trouble: `the simulator ended with ${signal ?? `exit code ${code}`}: ${said}`,
        });
      }
    });
  });
}
