/** The supervisor's errors in words (promise 10): starting an ensemble, and operating on a member. */

import type { ProcessState } from '../api/ensemble.ts';
import type { ApiError, ApiErrorCode } from '../api/errors.ts';

/** Why an ensemble could not be started from a data folder. */
export interface StartError {
  readonly code:
    | 'folderInUse'
    | 'foreignFolder'
    | 'damagedFolder'
    | 'olderFolder'
    | 'folderUnusable'
    | 'membersDiffer'
    | 'noPorts'
    | 'creationFailed';
  readonly what: string;
  readonly meaning: string;
  readonly todo: string;
  readonly facts: ApiError['facts'];
}

export function creationFailed(folder: string, cause: ApiError): StartError {
  return {
    code: 'creationFailed',
    what: `The ensemble could not be created: ${cause.what}`,
    meaning: `${cause.meaning} No member has started to work.`,
    todo: cause.todo,
    facts: { ...cause.facts, folder },
  };
}

export function folderUnusable(folder: string, problem: string): StartError {
  return {
    code: 'folderUnusable',
    what: `The data folder ${folder} cannot be used: ${problem}`,
    meaning: 'The operating system refused to make, read, write or lock it; no member was started.',
    todo: 'Check its permissions and free space, or choose another folder with --data.',
    facts: { folder, problem },
  };
}

export function unknownMember(member: number): ApiError {
  return operation('unknownMember', {
    what: `There is no member ${member}.`,
    meaning: 'The ensemble has no member with this number; nothing was done.',
    todo: 'Ask for the status to see the members.',
    facts: { member },
  });
}

export function memberRemoved(member: number): ApiError {
  return operation('unknownMember', {
    what: `Member ${member} was removed from the ensemble.`,
    meaning: 'Its data directory is archived and must not take part again; nothing was done.',
    todo: `Take a member in anew under this number with \`muster member replace ${member}\`.`,
    facts: { member },
  });
}

/** The record could not be saved, so what it would have allowed was not done. */
export function notRecorded({ what, meaning, todo, facts }: StartError): ApiError {
  return operation('operationFailed', { what, meaning: `${meaning} Nothing more was done.`, todo, facts });
}

export function wrongState(member: number, state: ProcessState['kind'], wanted: string): ApiError {
  return operation('wrongState', {
    what: `Member ${member} is ${state}, so it cannot be ${wanted}.`,
    meaning: "The member's process is not in a state in which this can be done; nothing was changed.",
    todo: 'Ask for the status to see the state of each member.',
    facts: { member, state },
  });
}

export function closing(): ApiError {
  return operation('closing', {
    what: 'The ensemble is being stopped.',
    meaning: 'The instance is stopping and takes no more requests.',
    todo: 'Start it again with `muster up`.',
    facts: {},
  });
}

export function noAnswer(member: number, timeoutMs: number): ApiError {
  return operation('deadline', {
    what: `Member ${member} did not answer within ${timeoutMs} ms.`,
    meaning: 'Its process is paused, overloaded or about to end; what was asked may still happen.',
    todo: 'Look at its state, then repeat.',
    facts: { member, timeoutMs },
  });
}

export function actionLate(what: string, waitedMs: number): ApiError {
  return operation('deadline', {
    what: `${what} within ${waitedMs / 1_000} s.`,
    meaning: 'It was asked for and may still happen.',
    todo: 'Look at `muster status`, then repeat if needed.',
    facts: { waitedMs },
  });
}

export function nobodyRuns(): ApiError {
  return operation('wrongState', {
    what: 'No member is running.',
    meaning: 'Only a running member can do this; nothing was done.',
    todo: 'Start one first: `muster start 1`.',
    facts: {},
  });
}

export function wrongAnswer(member: number): ApiError {
  return operation('internal', {
    what: `Member ${member} answered something else than it was asked.`,
    meaning: 'This is a defect of Muster; what was asked may have happened.',
    todo: 'Look at the status, and report this with the log file of the member.',
    facts: { member },
  });
}

export function operationFailed(
  member: number,
  { what, meaning, todo }: { readonly what: string; readonly meaning: string; readonly todo: string },
): ApiError {
  return operation('operationFailed', { what, meaning, todo, facts: { member } });
}

export function invalidInput(what: string): ApiError {
  return operation('invalidInput', {
    what,
    meaning: 'The request contradicts itself; nothing was changed.',
    todo: 'Correct the input and repeat.',
    facts: {},
  });
}

function operation(code: ApiErrorCode, rest: Omit<ApiError, 'code'>): ApiError {
  return { code, ...rest };
}
