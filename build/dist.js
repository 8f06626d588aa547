// `npm run dist`: packages for this system. Each target is built on its own and within a deadline; one that cannot be
// built is named with the reason. `npm run dist -- deb` builds only what is named.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { make, repositoryRoot } from './make.js';

/** The helpers of a target are downloaded once, on a slow line too; without a line each fails within a minute. */
const targetTimeoutMs = 10 * 60_000;

/** @type {Readonly<Partial<Record<NodeJS.Platform, { readonly flag: string, readonly targets: readonly string[] }>>>} */
const systems = {
  linux: { flag: '--linux', targets: ['AppImage', 'deb', 'rpm'] },
  darwin: { flag: '--mac', targets: ['dmg'] },
  win32: { flag: '--win', targets: ['nsis'] },
};

/** @param {string} flag @param {string} target @returns {Promise<string | null>} why it could not be built, or null */
function build(flag, target) {
  const cli = join(repositoryRoot, 'node_modules/electron-builder/cli.js');
  const args = [cli, flag, target, '--config', 'build/electron-builder.config.js', '--publish', 'never'];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: repositoryRoot, stdio: ['ignore', 'pipe', 'pipe'] });
    const deadline = setTimeout(() => child.kill('SIGKILL'), targetTimeoutMs);
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(deadline);
      if (code === 0) resolve(null);
      else resolve(signal === null ? reasonIn(text) : `not done within ${targetTimeoutMs / 60_000} minutes`);
    });
  });
}

/** What electron-builder complained of, in a line. @param {string} text */
function reasonIn(text) {
  const unreachable = /(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT) ([\w.-]+)/.exec(text);
  if (unreachable !== null)
    return `Electron or a helper could not be downloaded from ${unreachable[2]} (${unreachable[1]})`;
  const complaint = text.split('\n').find((line) => line.includes('⨯'));
  return complaint?.replace('⨯', '').trim() ?? 'electron-builder failed and did not say why';
}

async function main() {
  const system = systems[process.platform];
  if (system === undefined) throw new Error(`nothing can be packaged on ${process.platform}`);
  const chosen = process.argv.slice(2);
  const unknown = chosen.filter((target) => !system.targets.includes(target));
  if (unknown.length > 0)
    throw new Error(`this system builds ${system.targets.join(', ')}, not ${unknown.join(', ')}`);
  await make();
  let failed = 0;
  for (const target of chosen.length > 0 ? chosen : system.targets) {
    const reason = await build(system.flag, target);
    console.log(reason === null ? `built      ${target} (in release/)` : `not built  ${target}: ${reason}`);
    if (reason !== null) failed += 1;
  }
  const elsewhere = Object.values(systems).filter((other) => other !== system);
  console.log(
    `elsewhere  ${elsewhere.flatMap(({ targets }) => targets).join(', ')}: run this on their own system`,
  );
  process.exitCode = failed === 0 ? 0 : 1;
}

await main();
