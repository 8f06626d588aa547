// `node build/run.js NAME args…` runs the program cluster/bin/NAME.ts from a bundle that is up to date.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { make, repositoryRoot } from './make.js';

/**
 * Runs a program in this process, so that its signals and its exit code are the operator's own.
 * @param {string} name @param {readonly string[]} args
 */
export async function run(name, args) {
  await make({ only: name === 'muster' && args[0] === 'up' ? ['node', 'renderer'] : ['node'] });
  const program = join(repositoryRoot, 'dist/node', `${name}.js`);
  if (!existsSync(program))
    throw new Error(`there is no program ${name}: cluster/bin/${name}.ts does not exist`);
  process.argv = [process.execPath, program, ...args];
  await import(pathToFileURL(program).href);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [name, ...args] = process.argv.slice(2);
  if (name === undefined) throw new Error('usage: node build/run.js NAME [arguments]');
  await run(name, args);
}
