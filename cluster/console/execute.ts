/** Runs one command of the API: checks its input, asks the part behind it, answers with a value. */
import {
  type CommandInput,
  type CommandName,
  type CommandOutput,
  isCommandName,
  parseInput,
} from '../api/commands.ts';
import { fail, ok } from '../base/result.ts';
import { apiFailure } from './failures.ts';
import type { Sources } from './feeds.ts';
import type { MemberOperation, Outcome } from './ports.ts';
import { recentEvents } from './timeline-feed.ts';

type Handlers = {
  readonly [Name in CommandName]: (
    input: CommandInput<Name>,
    sources: Sources,
  ) => Outcome<CommandOutput<Name>>;
};

const handlers: Handlers = {
  'ensemble.read': async (_input, { supervisor }) => ok(supervisor.view()),
  'timeline.read': async ({ after }, { supervisor }) => ok(recentEvents(supervisor, after)),
  'member.start': onMember('start'),
  'member.stop': onMember('stop'),
  'member.kill': onMember('kill'),
  'member.pause': onMember('pause'),
  'member.resume': onMember('resume'),
  'member.restart': onMember('restart'),
  partition: ({ groups }, { supervisor }) => supervisor.partition(groups),
  heal: (_input, { supervisor }) => supervisor.heal(),
  'change.plan': async ({ change }, { supervisor }) => supervisor.changes.plan(change),
  'change.begin': ({ change }, { supervisor }) => supervisor.changes.beginSoon(change),
  'change.continue': async (_input, { supervisor }) => supervisor.changes.resume(),
  'change.abandon': async (_input, { supervisor }) => supervisor.changes.abandon(),
  'action.plan': async ({ action }, { supervisor }) => ok(supervisor.planAction(action)),
  'action.run': ({ action }, { supervisor }) => supervisor.act(action),
  'znode.get': (input, { znodes }) => znodes.get(input),
  'znode.stat': (input, { znodes }) => znodes.stat(input),
  'znode.acl': (input, { znodes }) => znodes.acl(input),
  'znode.children': (input, { znodes }) => znodes.children(input),
  'znode.create': (input, { znodes }) => znodes.create(input),
  'znode.set': (input, { znodes }) => znodes.set(input),
  'znode.delete': (input, { znodes }) => znodes.remove(input),
  'log.read': (input, { supervisor }) => supervisor.readLog(input),
};

/** Answers the command `name`; `input` is whatever the client sent. */
export async function execute(
  command: { readonly name: string; readonly input: unknown },
  sources: Sources,
): Outcome<unknown> {
  const { name, input } = command;
  if (!isCommandName(name))
    return fail(apiFailure('unknownCommand', `There is no command "${name}".`, { name }));
  return run(name, { input, sources });
}

async function run<Name extends CommandName>(
  name: Name,
  { input, sources }: { readonly input: unknown; readonly sources: Sources },
): Outcome<CommandOutput<Name>> {
  const parsed = parseInput(name, input);
  if (parsed.ok) return handlers[name](parsed.value, sources);
  return fail(apiFailure('invalidInput', `Input of ${name}: ${parsed.error}`, { name }));
}

function onMember(operation: MemberOperation) {
  return ({ member }: { readonly member: number }, { supervisor }: Sources): Outcome<null> =>
    supervisor.operate(member, operation);
}
