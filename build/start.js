// `npm start`: the desktop shell where Electron can run, otherwise the same console in the browser.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findElectron, ownSurroundings } from './electron-binary.js';
import { make, repositoryRoot } from './make.js';
import { run } from './run.js';

/** Electron that ends with an error this soon never showed a window. */
const shellStartMs = 5_000;
/** With any of these the caller wants the terminal, not a window. */
const terminalFlags = ['--no-open', '--json', '--help', '-h'];

/** @typedef {{ readonly code: number | null, readonly afterMs: number, readonly interrupted: boolean }} Ended */

/**
 * Runs the shell until it ends. Ctrl-C reaches it through the terminal; a SIGTERM is passed on.
 * @param {string} electron @param {readonly string[]} args @returns {Promise<Ended>}
 */
function runShell(electron, args) {
  const started = performance.now();
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const shell = spawn(electron, [join(repositoryRoot, 'dist/electron/main.js'), ...args], {
    stdio: 'inherit',
    env,
  });
  let interrupted = false;
  process.on('SIGINT', () => {
    interrupted = true;
  });
  process.on('SIGTERM', () => {
    interrupted = true;
    shell.kill('SIGTERM');
  });
  return new Promise((resolve, reject) => {
    shell.once('error', reject);
    shell.once('exit', (code) => resolve({ code, afterMs: performance.now() - started, interrupted }));
  });
}

/** @param {readonly string[]} args */
async function startInTerminal(args) {
  await run('muster', ['up', ...args]);
}

/** @param {readonly string[]} args */
export async function start(args) {
  if (args.some((flag) => terminalFlags.includes(flag))) return startInTerminal(args);
  const electron = findElectron(ownSurroundings(repositoryRoot));
  if (electron.kind === 'missing') {
    console.log(`The console opens in the browser: ${electron.why}.`);
    return startInTerminal(args);
  }
  await make();
  const ended = await runShell(electron.file, args);
  if (ended.code === 0 || ended.interrupted || ended.afterMs > shellStartMs) {
    process.exitCode = ended.code ?? 1;
    return;
  }
  process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
  console.log(
    `The console opens in the browser: Electron did not start (exit code ${ended.code ?? 'none'}).`,
  );
  return startInTerminal(args);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await start(process.argv.slice(2));
