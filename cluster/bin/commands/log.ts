/** `log`: a member's replicated log, decoded. */
import { type Command, InvalidArgumentError } from 'commander';
import { logPageEntriesMax } from '../../api/commands.ts';
import type { LogPage } from '../../api/log.ts';
import { ok } from '../../base/result.ts';
import { parseMember } from './members.ts';
import { formatOf, printResult } from './outcome.ts';
import { type ReachOptions, withInstance, withReachOptions } from './reach.ts';
import { table } from './table.ts';

interface LogOptions extends ReachOptions {
  readonly from?: number;
  readonly count: number;
}

export function addLogCommand(program: Command): void {
  withReachOptions(program.command('log'))
    .description("print entries of a member's replicated log")
    .argument('<member>', 'number of the member', parseMember)
    .option('--from <index>', 'first entry (default: the last ones)', parseNumber)
    .option('--count <count>', `entries, at most ${logPageEntriesMax}`, parseNumber, 20)
    .addHelpText('after', '\nExample:\n  $ muster log 1 --from 1 --count 5')
    .action(async (member: number, options: LogOptions) => {
      await withInstance(options, async ({ ask }) => {
        const page = await ask('log.read', { member, from: options.from ?? null, count: options.count });
        if (!page.ok) return page;
        printResult(formatOf(options), { human: describe(page.value), json: { ...page.value } });
        return ok(null);
      });
    });
}

function describe(page: LogPage): string {
  const rows = page.entries.map((entry) => [
    String(entry.index),
    String(entry.term),
    entry.index <= page.applied ? 'applied' : entry.index <= page.commit ? 'committed' : 'not committed',
    entry.operation,
    entry.path ?? '-',
    entry.session === null ? '-' : `0x${BigInt(entry.session).toString(16)}`,
    String(entry.sizeBytes),
  ]);
  return [
    table([['index', 'term', 'state', 'operation', 'path', 'session', 'bytes'], ...rows]),
    '',
    `Member ${page.member} holds entries ${page.first} to ${page.last}; committed to ${page.commit}, applied to ${page.applied}.`,
  ].join('\n');
}

function parseNumber(text: string): number {
  if (/^[1-9][0-9]{0,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number from 1.');
}
