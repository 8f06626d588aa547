/** What is said about a member's process that did not start, or that ended. */
import { unreachable } from '../base/assert.ts';
import type { FatalReason } from './member-messages.ts';
import type { ProcessExit } from './spawn-port.ts';
import type { NewEvent } from './timeline.ts';

/** From the start of the process to `ready`: reading a long log takes its time. */
export const readyTimeoutMs = 30_000;

export const notReady: FatalReason = {
  code: 'notReady',
  what: `The member was not ready within ${readyTimeoutMs / 1_000} s.`,
  meaning: 'Its process hung while starting and was ended.',
  todo: "Read the member's log, then start it again.",
};

export function systemRefused(problem: string): FatalReason {
  return {
    code: 'spawnFailed',
    what: `The process could not be started: ${problem}`,
    meaning: 'The operating system refused; the data was not touched.',
    todo: 'Check free memory, disk space and permissions, then start the member again.',
  };
}

/** The three sentences as one text, for a state that carries only a reason. */
export function reasonText({ what, meaning, todo }: FatalReason): string {
  return `${what} ${meaning} ${todo}`;
}

/** The timeline event of a process's end. */
export function describeEnd(end: {
  readonly asked: 'nothing' | 'stop' | 'kill';
  readonly pid: number | null;
  readonly exit: ProcessExit;
  readonly fatal: FatalReason | null;
}): Omit<NewEvent, 'member'> {
  const facts = { pid: end.pid, exitCode: end.exit.code, signal: end.exit.signal };
  switch (end.asked) {
    case 'stop': {
      const forced = end.exit.signal !== null;
      return { kind: 'memberStopped', level: forced ? 'warn' : 'info', facts: { ...facts, forced } };
    }
    case 'kill':
      return { kind: 'memberKilled', level: 'warn', facts };
    case 'nothing':
      // The ensemble gave its directory up, and it heard of that before it was asked to stop.
      if (end.fatal?.code === 'removedSeat') {
        return { kind: 'memberStopped', level: 'warn', facts: { ...facts, reason: end.fatal.what } };
      }
      return {
        kind: 'memberCrashed',
        level: 'error',
        facts: {
          ...facts,
          code: end.fatal?.code ?? null,
          reason: end.fatal?.what ?? null,
          todo: end.fatal?.todo ?? null,
          // Passive recovery: nobody but the operator starts it again.
          recovery: 'operator',
        },
      };
    default:
      return unreachable(end.asked);
  }
}
