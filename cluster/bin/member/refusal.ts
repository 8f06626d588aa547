/** Why a member ends by itself: the words for its supervisor, and the exit code. */
import type { Fatal } from '../../replica/fatal.ts';
import type { FatalReason } from '../../supervisor/member-messages.ts';
import type { WalError } from '../../wal/error.ts';
import { type MemberExitCode, memberExitCodes } from './exit-codes.ts';

export interface Refusal {
  readonly exitCode: MemberExitCode;
  readonly reason: FatalReason;
}

/** The data directory was not opened. `folder` is its absolute path. */
export function dataRefused(folder: string, error: WalError): Refusal {
  const at = error.offset === null ? error.file : `${error.file} at byte ${error.offset}`;
  const isDisk = error.code === 'disk' || error.code === 'noSpace';
  return {
    exitCode: isDisk ? memberExitCodes.diskFailed : memberExitCodes.dataRefused,
    reason: {
      code: error.code,
      what: sentence(`${error.what} (${at} in ${folder})`),
      meaning: error.meaning,
      todo: error.todo,
    },
  };
}

/** The disk was full when the member started, and stayed so for as long as was waited. */
export function stillFull(
  { exitCode, reason }: Refusal,
  { member, waitedMs }: { readonly member: number; readonly waitedMs: number },
): Refusal {
  return {
    exitCode,
    reason: {
      ...reason,
      what: `${reason.what} It stayed so for ${Math.round(waitedMs / 1_000)} s.`,
      todo: `Free space on the disk of the data directory, then \`muster start ${member}\`.`,
    },
  };
}

/** The directory is this member's, but of another life than the ensemble's record says. */
export function otherIncarnation(folder: string, member: number): Refusal {
  return {
    exitCode: memberExitCodes.dataRefused,
    reason: {
      code: 'foreign',
      what: `The data directory ${folder} is another incarnation than this ensemble founded.`,
      meaning: 'It may lack what the member voted and acknowledged here, so it must not take part.',
      todo: `Put back the directory that was here before, or take the member in anew: \`muster member replace ${member}\`.`,
    },
  };
}

/** The directory is this member's, as it was some starts ago. */
export function olderCopy(
  folder: string,
  { member, lives, seen }: { readonly member: number; readonly lives: number; readonly seen: number },
): Refusal {
  return {
    exitCode: memberExitCodes.dataRefused,
    reason: {
      code: 'olderCopy',
      what: `The data directory ${folder} is an older copy: it was started ${lives} times, and this member ${seen} times.`,
      meaning: 'It lacks what the member voted and acknowledged since, so it must not take part.',
      todo: `Put back the directory as it was last, or take the member in anew: \`muster member replace ${member}\`. If there are only older copies of a majority, see \`muster recover\`.`,
    },
  };
}

export function portTaken(port: number, problem: string): Refusal {
  return {
    exitCode: memberExitCodes.portTaken,
    reason: {
      code: 'portTaken',
      what: `Port ${port} of 127.0.0.1 cannot be opened: ${problem}.`,
      meaning: 'Another program took it while this member was down; the data was not touched.',
      todo: 'End that program and start the member again, or restart the ensemble: it picks free ports.',
    },
  };
}

/** The replica cannot go on. */
export function ended({ code, what, meaning, todo }: Fatal): Refusal {
  const exitCode = code === 'disk' ? memberExitCodes.diskFailed : memberExitCodes.dataRefused;
  return { exitCode, reason: { code, what: sentence(what), meaning, todo } };
}

/** An assertion failed, or something was thrown that nobody expected. */
export function defect(failure: unknown): Refusal {
  const message = failure instanceof Error ? failure.message : String(failure);
  return {
    exitCode: memberExitCodes.defect,
    reason: {
      code: 'defect',
      what: `The member found itself in an impossible state: ${message}.`,
      meaning: 'It stopped at once, before it could do harm; what it acknowledged is on disk.',
      todo: "Report the stack in the member's log as a defect, then start the member again.",
    },
  };
}

export function misused(problem: string): Refusal {
  return {
    exitCode: memberExitCodes.misused,
    reason: {
      code: 'misused',
      what: `The member was told something that it does not understand: ${problem}`,
      meaning: 'Supervisor and member are not of one version, or this process was started by hand.',
      todo: 'Build Muster again and start members through `muster up`.',
    },
  };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}
