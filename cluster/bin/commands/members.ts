/** `start stop kill pause resume restart partition heal`: what can be done to members. */
import { type Command, InvalidArgumentError } from 'commander';
import type { CommandName } from '../../api/commands.ts';
import { ok } from '../../base/result.ts';
import { formatOf, printResult } from './outcome.ts';
import { type ReachOptions, withInstance, withReachOptions } from './reach.ts';

type MemberCommand = Extract<CommandName, `member.${string}`>;

const operations: readonly {
  readonly name: string;
  readonly command: MemberCommand;
  readonly about: string;
  readonly done: string;
}[] = [
  { name: 'start', command: 'member.start', about: 'start a stopped or crashed member', done: 'started' },
  { name: 'stop', command: 'member.stop', about: 'end a member cleanly', done: 'stopped' },
  { name: 'kill', command: 'member.kill', about: 'kill a member with kill -9', done: 'killed' },
  { name: 'restart', command: 'member.restart', about: 'stop a member and start it', done: 'restarted' },
  { name: 'pause', command: 'member.pause', about: 'freeze a member with SIGSTOP', done: 'paused' },
  { name: 'resume', command: 'member.resume', about: 'let a frozen member go on', done: 'resumed' },
];

/** Adds one command per operation on a member. */
export function addMemberCommands(program: Command): void {
  for (const { name, command, about, done } of operations) {
    withReachOptions(program.command(name))
      .description(about)
      .argument('<member>', 'number of the member, as `muster status` shows it', parseMember)
      .addHelpText('after', `\nExample:\n  $ muster ${name} 2`)
      .action(async (member: number, options: ReachOptions) => {
        await withInstance(options, async ({ ask }) => {
          const outcome = await ask(command, { member });
          if (!outcome.ok) return outcome;
          printResult(formatOf(options), { human: `Member ${member} ${done}.`, json: { member, done } });
          return ok(null);
        });
      });
  }
}

/** Adds `partition` and `heal`. */
export function addLinkCommands(program: Command): void {
  withReachOptions(program.command('partition'))
    .description('cut every link between groups of members')
    .argument('<groups>', 'members by commas, groups by slashes', parseGroups)
    .addHelpText(
      'after',
      '\nA member in no group is a group of its own.\n\nExample:\n  $ muster partition 1,2/3',
    )
    .action(async (groups: number[][], options: ReachOptions) => {
      await withInstance(options, async ({ ask }) => {
        const outcome = await ask('partition', { groups });
        if (!outcome.ok) return outcome;
        const human = `Partitioned: ${groups.map((group) => group.join(',')).join(' | ')}. Undo with \`muster heal\`.`;
        printResult(formatOf(options), { human, json: { groups } });
        return ok(null);
      });
    });
  withReachOptions(program.command('heal'))
    .description('join all links that were cut')
    .addHelpText('after', '\nExample:\n  $ muster heal')
    .action(async (options: ReachOptions) => {
      await withInstance(options, async ({ ask }) => {
        const outcome = await ask('heal', {});
        if (!outcome.ok) return outcome;
        printResult(formatOf(options), { human: 'All links are joined again.', json: {} });
        return ok(null);
      });
    });
}

/** A member's number from the command line. */
export function parseMember(text: string): number {
  const member = Number(text);
  if (/^[0-9]{1,3}$/.test(text) && member >= 1 && member <= 255) return member;
  throw new InvalidArgumentError(`"${text}" is not the number of a member.`);
}

function parseGroups(text: string): number[][] {
  const groups = text.split('/').map((group) => group.split(',').map((member) => parseMember(member.trim())));
  const all = groups.flat();
  if (new Set(all).size === all.length) return groups;
  throw new InvalidArgumentError('A member can be in one group only.');
}
