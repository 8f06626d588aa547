/** Apache's Java client for tests: our programs in `foreign/`, compiled against Debian's jars. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { repositoryRoot } from '../../../build/make.js';
import { fail, ok, type Result } from '../../base/result.ts';
import { findApache } from '../../client/testing/apache.ts';
import { runForeign } from './foreign-program.ts';

const zookeeperJar = '/usr/share/java/zookeeper.jar';

/** Where `java` and `javac` are, or why no Java program can be run here. */
export function findJava(): Result<{ readonly java: string; readonly javac: string }, string> {
  const apache = findApache();
  if (!apache.ok) return apache;
  const javac = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'javac'))
    .find(isExecutable);
  if (javac === undefined) return fail('no Java compiler is installed (no `javac` in PATH)');
  return ok({ java: apache.value.java, javac });
}

/** The command that runs `foreign/NAME.java`, compiled into `folder`. */
export async function compileJava(
  name: string,
  folder: string,
): Promise<{ readonly command: string; readonly args: readonly string[] }> {
  const found = findJava();
  if (!found.ok) throw new Error(found.error);
  mkdirSync(folder, { recursive: true });
  const source = join(repositoryRoot, 'cluster/bin/foreign', `${name}.java`);
  const compiled = await runForeign({
    command: found.value.javac,
    args: [
      '-Xlint:all',
      '-Werror',
      '-proc:none',
      '-implicit:none',
      '-Xlint:-path',
      '-cp',
      zookeeperJar,
      '-d',
      folder,
      source,
    ],
  });
  if (compiled.code !== 0) throw new Error(`${name}.java: ${compiled.errors}`);
  return {
    command: found.value.java,
    args: ['-Xmx128m', '-XX:+UseSerialGC', '-cp', `${folder}:${zookeeperJar}`, name],
  };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Not there, or not ours to run: looked for elsewhere.
    return false;
  }
}
