/** `create set rm`: changing znodes. */
import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import type { EncodedBytes } from '../../api/bytes.ts';
import type { ZnodeCreateMode } from '../../api/znode.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { type CliFailure, endWith, formatOf, printResult, usageFailure } from './outcome.ts';
import { type ReachOptions, withInstance, withReachOptions } from './reach.ts';

interface DataOptions extends ReachOptions {
  readonly file?: string;
}

interface VersionOptions extends ReachOptions {
  readonly version: number;
}

const versionHelp = 'demand this data version; -1 matches any';
/** Standard input's file descriptor. */
const standardInput = 0;

export function addWriteCommands(program: Command): void {
  withReachOptions(program.command('create'))
    .description('create a znode, open to everyone')
    .argument('<path>', 'absolute path; its parent must exist')
    .argument('[data]', 'value as text (default: empty)')
    .option(
      '-e, --ephemeral',
      "ephemeral: belongs to the console's session, so it lasts until `muster up` ends",
    )
    .option('-s, --sequential', 'sequential: a number is appended to the path')
    .option('--file <file>', 'take the value from a file, - for standard input')
    .addHelpText('after', '\nExample:\n  $ muster create -s /jobs/job- "first one"')
    .action(create);
  withReachOptions(program.command('set'))
    .description("replace a znode's value")
    .argument('<path>', 'absolute path')
    .argument('[data]', 'value as text')
    .option('--file <file>', 'take the value from a file, - for standard input')
    .option('-v, --version <version>', versionHelp, parseVersion, -1)
    .addHelpText('after', '\nExample:\n  $ muster set -v 3 /config "on"')
    .action(set);
  withReachOptions(program.command('rm'))
    .description('delete a znode that has no children')
    .argument('<path>', 'absolute path')
    .option('-v, --version <version>', versionHelp, parseVersion, -1)
    .addHelpText('after', '\nExample:\n  $ muster rm -v 3 /config')
    .action(remove);
}

interface CreateOptions extends DataOptions {
  readonly ephemeral?: boolean;
  readonly sequential?: boolean;
}

async function create(path: string, text: string | undefined, options: CreateOptions): Promise<void> {
  const data = dataOf(text, options);
  if (!data.ok) {
    endWith(data.error, formatOf(options));
    return;
  }
  const mode = modeOf(options);
  await withInstance(options, async ({ ask }) => {
    const made = await ask('znode.create', { path, data: data.value, mode, acl: null });
    if (!made.ok) return made;
    printResult(formatOf(options), { human: made.value.path, json: { path: made.value.path, mode } });
    return ok(null);
  });
}

async function set(
  path: string,
  text: string | undefined,
  options: DataOptions & VersionOptions,
): Promise<void> {
  const data = text === undefined && options.file === undefined ? fail(noData) : dataOf(text, options);
  if (!data.ok) {
    endWith(data.error, formatOf(options));
    return;
  }
  await withInstance(options, async ({ ask }) => {
    const answer = await ask('znode.set', { path, data: data.value, version: options.version });
    if (!answer.ok) return answer;
    const { version } = answer.value.stat;
    printResult(formatOf(options), { human: `${path} has version ${version}.`, json: answer.value });
    return ok(null);
  });
}

async function remove(path: string, options: VersionOptions): Promise<void> {
  await withInstance(options, async ({ ask }) => {
    const answer = await ask('znode.delete', { path, version: options.version });
    if (!answer.ok) return answer;
    printResult(formatOf(options), { human: `${path} is deleted.`, json: { path } });
    return ok(null);
  });
}

const noData = usageFailure('There is no value to set.', 'Give it as text, or with --file.');

function dataOf(text: string | undefined, { file }: DataOptions): Result<EncodedBytes, CliFailure> {
  if (text !== undefined && file !== undefined) {
    return fail(usageFailure('The value is given twice.', 'Give it as text or with --file, not both.'));
  }
  if (file === undefined) return ok(encode(Buffer.from(text ?? '')));
  try {
    return ok(encode(readFileSync(file === '-' ? standardInput : file)));
  } catch (failure) {
    const problem = failure instanceof Error ? failure.message : String(failure);
    return fail(usageFailure(`The value cannot be read: ${problem}.`, 'Check the name of the file.'));
  }
}

function encode(bytes: Buffer): EncodedBytes {
  return { base64: bytes.toString('base64'), length: bytes.length };
}

function modeOf({ ephemeral, sequential }: CreateOptions): ZnodeCreateMode {
  if (ephemeral === true) return sequential === true ? 'ephemeralSequential' : 'ephemeral';
  return sequential === true ? 'persistentSequential' : 'persistent';
}

function parseVersion(text: string): number {
  const version = Number(text);
  if (/^-?[0-9]{1,10}$/.test(text) && version >= -1) return version;
  throw new InvalidArgumentError('A version is a number from 0, or -1 for any.');
}
