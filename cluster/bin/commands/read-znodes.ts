/** `ls get stat`: looking at znodes. */
import type { Command } from 'commander';
import { childrenPageMax } from '../../api/commands.ts';
import type { ZnodeStat, ZnodeValue } from '../../api/znode.ts';
import { ok, type Result } from '../../base/result.ts';
import { type CliFailure, formatOf, printResult } from './outcome.ts';
import { type Reached, type ReachOptions, withInstance, withReachOptions } from './reach.ts';

/** Bytes shown on a terminal when a value is not text. */
const hexBytesShown = 256;

export function addReadCommands(program: Command): void {
  withReachOptions(program.command('ls'))
    .description("list a znode's children, one name a line")
    .argument('<path>', 'absolute path')
    .addHelpText('after', '\nExample:\n  $ muster ls /')
    .action(async (path: string, options: ReachOptions) => {
      await withInstance(options, async (reached) => {
        const names = await allChildren(reached, path);
        if (!names.ok) return names;
        printResult(formatOf(options), {
          human: names.value.join('\n'),
          json: { path, total: names.value.length, children: names.value },
        });
        return ok(null);
      });
    });
  withReachOptions(program.command('get'))
    .description("print a znode's value: its bytes as they are, or readable on a terminal")
    .argument('<path>', 'absolute path')
    .addHelpText('after', '\nExample:\n  $ muster get /config > config.bin')
    .action(async (path: string, options: ReachOptions) => {
      await withInstance(options, async ({ ask }) => {
        const value = await ask('znode.get', { path });
        if (!value.ok) return value;
        printValue(value.value, options);
        return ok(null);
      });
    });
  withReachOptions(program.command('stat'))
    .description("print a znode's Stat")
    .argument('<path>', 'absolute path')
    .addHelpText('after', '\nExample:\n  $ muster stat /config --json | jq .stat.version')
    .action(async (path: string, options: ReachOptions) => {
      await withInstance(options, async ({ ask }) => {
        const found = await ask('znode.stat', { path });
        if (!found.ok) return found;
        printResult(formatOf(options), { human: statText(found.value.stat), json: found.value });
        return ok(null);
      });
    });
}

/** Page by page; a list that changes meanwhile is as exact as `ls` can be. */
async function allChildren({ ask }: Reached, path: string): Promise<Result<readonly string[], CliFailure>> {
  const names: string[] = [];
  for (;;) {
    const page = await ask('znode.children', {
      path,
      offset: names.length,
      limit: childrenPageMax,
      detail: 'names',
    });
    if (!page.ok) return page;
    names.push(...page.value.children.map(({ name }) => name));
    if (names.length >= page.value.total || page.value.children.length === 0) return ok(names);
  }
}

function printValue(value: ZnodeValue, options: ReachOptions): void {
  const bytes = Buffer.from(value.data.base64, 'base64');
  if (options.json === true) printResult('json', { human: '', json: { ...value } });
  else if (process.stdout.isTTY) printResult('human', { human: readable(bytes), json: {} });
  else process.stdout.write(bytes);
}

/** Text where the bytes are text that a terminal shows; else a note and the bytes in hexadecimal. */
function readable(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  // Control characters could drive the terminal.
  const isText = Buffer.from(text).equals(bytes) && !/[\p{Cc}]/u.test(text.replace(/[\n\t]/g, ''));
  if (isText) return text;
  const rows =
    bytes
      .subarray(0, hexBytesShown)
      .toString('hex')
      .match(/.{1,64}/g) ?? [];
  const more = bytes.length > hexBytesShown ? [`… ${bytes.length - hexBytesShown} more`] : [];
  return [
    `${bytes.length} bytes that are not text; pipe them to a file to keep them:`,
    ...rows,
    ...more,
  ].join('\n');
}

/** As zkCli prints it: ids in hexadecimal, times as dates. */
export function statText(stat: ZnodeStat): string {
  const lines: readonly (readonly [string, string | number])[] = [
    ['cZxid', hexId(stat.czxid)],
    ['ctime', new Date(stat.ctimeMs).toISOString()],
    ['mZxid', hexId(stat.mzxid)],
    ['mtime', new Date(stat.mtimeMs).toISOString()],
    ['pZxid', hexId(stat.pzxid)],
    ['cversion', stat.cversion],
    ['dataVersion', stat.version],
    ['aclVersion', stat.aversion],
    ['ephemeralOwner', hexId(stat.ephemeralOwner)],
    ['dataLength', stat.dataLength],
    ['numChildren', stat.numChildren],
  ];
  return lines.map(([name, value]) => `${name} = ${value}`).join('\n');
}

function hexId(decimal: string): string {
  return `0x${BigInt(decimal).toString(16)}`;
}
