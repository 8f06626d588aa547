/** Why a change or an action is not done, in words (promise 10). */
import type { EnsembleChange } from '../../api/changes.ts';
import type { ApiError, ApiErrorCode } from '../../api/errors.ts';
import type { StartError } from '../failures.ts';
import type { OperationRefusal } from '../member-operations.ts';

function refused(
  reason: string,
  words: Omit<ApiError, 'code' | 'facts'>,
  facts: ApiError['facts'] = {},
): ApiError {
  return { code: 'refused', ...words, facts: { ...facts, reason } };
}

function failed(
  code: ApiErrorCode,
  words: Omit<ApiError, 'code' | 'facts'>,
  facts: ApiError['facts'] = {},
): ApiError {
  return { code, ...words, facts };
}

export function noLeader(): ApiError {
  return failed('noQuorum', {
    what: 'No member leads, so nothing can be agreed on now.',
    meaning: 'Who belongs to the ensemble is decided by a majority of its voters, and none works together.',
    todo: 'Start or resume members, or heal the partition; with manual elections, `muster campaign N`. If a majority is lost for good: stop the instance and see `muster recover`.',
  });
}

export function changeUnfinished(kind: string, member: number): ApiError {
  return refused(
    'changeUnfinished',
    {
      what: `A change is not finished: ${kind} member ${member}.`,
      meaning:
        'Members change one at a time, so that every step can be told from the next; nothing was done.',
      todo: 'Go on with it: `muster member continue`. Or give it up where it stands: `muster member abandon`.',
    },
    { kind, member },
  );
}

export function changeRunning(kind: string, member: number): ApiError {
  return refused(
    'changeRunning',
    {
      what: `A change is under way: ${kind} member ${member}.`,
      meaning: 'Members change one at a time; nothing was done.',
      todo: 'Wait for it: `muster status` shows how far it is.',
    },
    { kind, member },
  );
}

export function nothingToContinue(): ApiError {
  return refused('noChange', {
    what: 'No change of members is unfinished.',
    meaning: 'There is nothing to go on with or to abandon.',
    todo: 'Look at `muster status`.',
  });
}

export function notSettled(): ApiError {
  return refused('changing', {
    what: 'The last change of voters is not committed yet.',
    meaning: 'Members change one at a time; nothing was done.',
    todo: 'Wait a moment and repeat. If it stays so, a majority of the old or of the new voters is missing: start them.',
  });
}

export function wouldLoseQuorum(
  member: number,
  facts: { readonly heard: number; readonly left: number },
): ApiError {
  const needed = Math.floor(facts.left / 2) + 1;
  return refused(
    'wouldLoseQuorum',
    {
      what: `Without member ${member}, ${facts.heard} of the remaining ${facts.left} voters would work; ${needed} are needed.`,
      meaning: 'The ensemble would stop taking writes at that moment, so nothing was done.',
      todo: 'Bring another voter back first, or add one: `muster member add --promote`.',
    },
    { member, ...facts, needed },
  );
}

export function lastVoter(member: number): ApiError {
  return refused(
    'lastVoter',
    {
      what: `Member ${member} is the only voter.`,
      meaning: 'Without it nobody would hold what the ensemble acknowledged; nothing was done.',
      todo: 'Add another voter first: `muster member add --promote`.',
    },
    { member },
  );
}

export function notLearner(member: number, standing: string): ApiError {
  return refused(
    'notLearner',
    {
      what: `Member ${member} is no learner but ${standing}.`,
      meaning:
        'Only a learner, which receives the log and does not vote yet, can be promoted; nothing was done.',
      todo:
        standing === 'voter'
          ? 'There is nothing to do: it votes.'
          : `Take it in first: \`muster member replace ${member}\`.`,
    },
    { member, standing },
  );
}

export function tooManyMembers(most: number): ApiError {
  return refused(
    'tooManyMembers',
    {
      what: `The ensemble has ${most} members, which is the most.`,
      meaning:
        'Every member is a process on this machine, and every write waits for a majority of the voters.',
      todo: 'Remove one first: `muster member remove N`.',
    },
    { most },
  );
}

export function nowhereToHandOver(member: number): ApiError {
  return refused(
    'nowhereToHandOver',
    {
      what: `Member ${member} leads, and no other voter can take over.`,
      meaning: 'A leader is only taken out once somebody else leads; nothing was done.',
      todo: 'Start another voter and wait until it has caught up.',
    },
    { member },
  );
}

export function leaderWorks(member: number, leader: number): ApiError {
  return refused(
    'leaderWorks',
    {
      what: `Member ${leader} leads, and a majority follows it.`,
      meaning: `Nobody would vote for member ${member} while they hear from a leader; nothing was done.`,
      todo: `Hand leadership over instead: \`muster transfer ${member}\`.`,
    },
    { member, leader },
  );
}

export function notRunning(member: number, state: string): ApiError {
  return failed(
    'wrongState',
    {
      what: `Member ${member} is ${state}.`,
      meaning: 'Only a running member can do this; nothing was done.',
      todo: `Start it first: \`muster start ${member}\`.`,
    },
    { member, state },
  );
}

export function stoppedInStep(member: number, what: string): ApiError {
  return failed(
    'operationFailed',
    {
      what,
      meaning: `The change stopped there; what was done stays done, and member ${member} is as the status shows it.`,
      todo: 'Look into the cause, then go on with `muster member continue`, or give the change up with `muster member abandon`.',
    },
    { member },
  );
}

type RecordedChange = Pick<EnsembleChange, 'member' | 'step'>;

/** The ensemble's record could not be written before a step, so the step was not begun. */
export function stepNotRecorded({ member, step }: RecordedChange, cause: StartError): ApiError {
  return notSaved(member, {
    what: `The step ${step} could not be put on record, so it was not begun. ${cause.what}`,
    meaning: `What was done stays done, and member ${member} is as the status shows it.`,
    cause,
  });
}

/** All is done but for the ensemble's record, which could not be written. */
export function endNotRecorded({ member }: RecordedChange, cause: StartError): ApiError {
  return notSaved(member, {
    what: `Every step is done, but the end of the change could not be put on record. ${cause.what}`,
    meaning: 'The members have changed as was asked; the record still calls the change unfinished.',
    cause,
  });
}

function notSaved(
  member: number,
  words: { readonly what: string; readonly meaning: string; readonly cause: StartError },
): ApiError {
  const { what, meaning, cause } = words;
  const todo =
    'Check the permissions and the free space of that folder, then go on with `muster member continue`.';
  return failed('operationFailed', { what, meaning, todo }, { ...cause.facts, member });
}

export function stepLate(
  member: number,
  { what, waitedMs }: { readonly what: string; readonly waitedMs: number },
): ApiError {
  return failed(
    'deadline',
    {
      what: `${what} within ${Math.round(waitedMs / 1_000)} s.`,
      meaning: 'It may still happen. What was done before stays done.',
      todo: 'Look at `muster status`, then go on with `muster member continue`, or give the change up with `muster member abandon`.',
    },
    { member, waitedMs },
  );
}

const passing = new Set<unknown>(['changing', 'lagging', 'nowhereToHandOver', 'wouldLoseQuorum']);

/** Whether it may be over in a moment: a leader was just elected, or has not heard from everybody yet. */
export function mayPass({ code, facts }: ApiError): boolean {
  return code === 'noQuorum' || passing.has(facts['reason']);
}

const refusalWords: Readonly<Record<OperationRefusal, string>> = {
  notLeader: 'it does not lead any more',
  full: 'too much is waiting to be committed',
  handingOver: 'leadership is being handed over',
  changing: 'the last change of members is not complete',
  unknownMember: 'it knows no such member',
  alreadyMember: 'it is a member already',
  notVoter: 'it is no voter',
  notLearner: 'it is no learner',
  lagging: 'it lags too far behind or does not answer',
  wouldLoseQuorum: 'the voters that would remain do not work as a majority now',
  lastVoter: 'it is the only voter',
  removedSeat: 'its seat was given up',
  mayNotLead: 'it repairs its log, is fenced, or its disk is in trouble',
  alreadyLeader: 'it leads already',
  snapshotUnderWay: 'a snapshot is being taken already',
  nothingApplied: 'there is nothing new since its last snapshot',
};

/** What a member answered instead of doing what it was asked. */
export function refusedByMember(
  { asked, about }: { readonly asked: number; readonly about: number },
  refusal: OperationRefusal,
): ApiError {
  return refused(
    refusal,
    {
      what: `Member ${asked} refused, about member ${about}: ${refusalWords[refusal]}.`,
      meaning: 'The members decide this among themselves, and it was not safe or not possible now.',
      todo: 'Look at `muster status`, put right what it shows, then repeat.',
    },
    { asked, member: about },
  );
}
