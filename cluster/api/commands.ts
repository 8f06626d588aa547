/**
 * Every command of the console API: its name, what goes in, what comes out. Both sides derive their
 * types and their checks from this one table.
 */
import { z } from 'zod';
import { fail, ok, type Result } from '../base/result.ts';
import { encodedBytes } from './bytes.ts';
import {
  actionOutcome,
  actionPlan,
  actionRequest,
  changePlan,
  changeRequest,
  ensembleChange,
} from './changes.ts';
import { ensembleView } from './ensemble.ts';
import { logPage } from './log.ts';
import { describeProblem } from './problem.ts';
import { timelineEvent } from './timeline.ts';
import { childrenPage, createMode, znodeAcl, znodePath, znodeStat, znodeValue } from './znode.ts';

/** Children in one page. */
export const childrenPageMax = 1_000;
/** Log entries in one page. */
export const logPageEntriesMax = 1_000;
/** Timeline events in one answer; the newest are kept. */
export const timelineEventsMax = 1_000;

const member = z.number().int().min(1).max(255);
const onMember = { input: z.object({ member }), output: z.null() } as const;
/** A znode's version that a write demands; -1 matches any. */
const version = z.number().int().min(-1).max(2_147_483_647);

export const commands = {
  'ensemble.read': { input: z.object({}), output: ensembleView },
  'timeline.read': {
    /** Events after this sequence number, at most `timelineEventsMax`. */
    input: z.object({ after: z.number().int().nonnegative() }),
    output: z.array(timelineEvent),
  },

  'member.start': onMember,
  /** Asks the process to end, and waits for it. */
  'member.stop': onMember,
  /** kill -9. */
  'member.kill': onMember,
  /** SIGSTOP. */
  'member.pause': onMember,
  /** SIGCONT. */
  'member.resume': onMember,
  'member.restart': onMember,
  /** Cuts every link between members of different groups. A member in no group is a group of its own. */
  partition: { input: z.object({ groups: z.array(z.array(member).min(1)).min(1) }), output: z.null() },
  /** Removes every injected cut. */
  heal: { input: z.object({}), output: z.null() },

  /** What a change of members would do; null: what is left of the unfinished one. Touches nothing. */
  'change.plan': { input: z.object({ change: changeRequest.nullable() }), output: changePlan },
  /** Puts the change on record and begins it; its progress shows in the ensemble's view. */
  'change.begin': { input: z.object({ change: changeRequest }), output: ensembleChange },
  /** Goes on with a change that failed or was interrupted. */
  'change.continue': { input: z.object({}), output: ensembleChange },
  /** Gives such a change up where it stands. */
  'change.abandon': { input: z.object({}), output: ensembleChange },
  /** Whom an action would be asked of, and what speaks against it. Touches nothing. */
  'action.plan': { input: z.object({ action: actionRequest }), output: actionPlan },
  /** Settles when it has happened, or did not within its deadline. */
  'action.run': { input: z.object({ action: actionRequest }), output: actionOutcome },

  'znode.get': { input: z.object({ path: znodePath }), output: znodeValue },
  'znode.stat': {
    input: z.object({ path: znodePath }),
    output: z.object({ path: z.string(), stat: znodeStat }),
  },
  'znode.acl': {
    input: z.object({ path: znodePath }),
    output: z.object({ path: z.string(), stat: znodeStat, acl: z.array(znodeAcl) }),
  },
  /** One page of children. `stats` costs one read per child on the page. */
  'znode.children': {
    input: z.object({
      path: znodePath,
      offset: z.number().int().nonnegative(),
      limit: z.number().int().min(1).max(childrenPageMax),
      detail: z.enum(['names', 'stats']),
    }),
    output: childrenPage,
  },
  /** Ephemeral znodes belong to the console's own session: they last while this instance runs. */
  'znode.create': {
    input: z.object({
      path: znodePath,
      data: encodedBytes,
      mode: createMode,
      /** Null: open to everyone. */
      acl: z.array(znodeAcl).min(1).nullable(),
    }),
    /** The path made, with its number when sequential. */
    output: z.object({ path: z.string() }),
  },
  'znode.set': {
    input: z.object({ path: znodePath, data: encodedBytes, version }),
    output: z.object({ path: z.string(), stat: znodeStat }),
  },
  'znode.delete': { input: z.object({ path: znodePath, version }), output: z.null() },

  /** Entries from `from` on; null: the last `count`. */
  'log.read': {
    input: z.object({
      member,
      from: z.number().int().min(1).nullable(),
      count: z.number().int().min(1).max(logPageEntriesMax),
    }),
    output: logPage,
  },
} as const;

type Commands = typeof commands;
export type CommandName = keyof Commands;
export type CommandInput<Name extends CommandName> = z.infer<Commands[Name]['input']>;
export type CommandOutput<Name extends CommandName> = z.infer<Commands[Name]['output']>;

/** `commands` with the types tied to the name, for code that is generic in it. */
const contract: {
  readonly [Name in CommandName]: {
    readonly input: z.ZodType<CommandInput<Name>>;
    readonly output: z.ZodType<CommandOutput<Name>>;
  };
} = commands;

/** Checks a command's input; the failure says what is wrong with it. */
export function parseInput<Name extends CommandName>(
  name: Name,
  input: unknown,
): Result<CommandInput<Name>, string> {
  const parsed = contract[name].input.safeParse(input);
  return parsed.success ? ok(parsed.data) : fail(describeProblem(parsed.error));
}

/** Checks a command's output; the failure says what is wrong with it. */
export function parseOutput<Name extends CommandName>(
  name: Name,
  output: unknown,
): Result<CommandOutput<Name>, string> {
  const parsed = contract[name].output.safeParse(output);
  return parsed.success ? ok(parsed.data) : fail(describeProblem(parsed.error));
}

/** Whether `name` is a command; own properties only, so that `constructor` is not one. */
export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}
