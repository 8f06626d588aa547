/** What speaks against a forced recovery, in words (promise 10). */
import { isVoter, type Membership, wasRemoved } from '../../base/membership.ts';
import type { Inspection } from '../../wal/offline/inspect.ts';
import { directoryName, type Survey, type Surveyed } from './survey.ts';

export interface Refusal {
  readonly code: string;
  readonly what: string;
  readonly meaning: string;
  readonly todo: string;
}

/** Everything that speaks against going on from this survivor; an empty list: it may be done. */
export function againstRecovery(survivor: number, survey: Survey): readonly Refusal[] {
  const chosen = survey.members.find(({ member }) => member === survivor);
  if (chosen === undefined) return [unknown(survivor, survey)];
  const running = survey.running.map(stillRunning);
  const furthest = recommended(survey);
  const unfit = unfitness(chosen, furthest);
  if (unfit !== null) return [...running, unfit];
  const starting = majorityThatStarts(survey);
  if (starting !== null) return [...running, majorityStarts(starting)];
  if (furthest !== null && furthest !== survivor) return [...running, notFurthest(survivor, furthest)];
  return running;
}

/** The member whose directory is furthest; of those that are equally far, one that is undamaged. Null: none can be read. */
export function recommended({ comparison, members }: Survey): number | null {
  return members.find(({ member }) => directoryName(member) === comparison.recommended)?.member ?? null;
}

/** A learner may be the furthest: then its log holds whatever was acknowledged, as far as anybody here does. */
function unfitness({ member, record, finding }: Surveyed, furthest: number | null): Refusal | null {
  if (record.standing === 'lost') return givenUp(member);
  if (finding.kind === 'absent' || finding.kind === 'empty') return nothingThere(member, finding.kind);
  if (finding.kind === 'foreign') return otherDirectory(member);
  if (finding.kind === 'unreadable') {
    const { what, meaning, file } = finding.error;
    return {
      code: 'unreadable',
      what: `The directory of member ${member} cannot be used: ${what} (${file}).`,
      meaning,
      todo: 'Choose another survivor, or restore the damaged file from a copy.',
    };
  }
  const { identity, membership: known } = finding.inspection;
  const seat = { id: identity.member, incarnation: identity.incarnation };
  if (wasRemoved(known.membership, seat)) return givenUp(member);
  if (member !== furthest && !isVoter(known.membership, seat.id)) return notVoter(member);
  return finding.state.ok ? null : notReplayable(member, finding.state.error);
}

/** The members that would start and are a majority of the voters; null when too few would. */
export function majorityThatStarts(survey: Survey): readonly number[] | null {
  const furthest = survey.members.find(({ member }) => member === recommended(survey))?.finding;
  if (furthest?.kind !== 'readable') return null;
  const { membership } = furthest.inspection.membership;
  const starting = survey.members
    .filter((one) => starts(one, { membership, last: furthest.inspection.last }))
    .map(({ member }) => member);
  const isMajority = (seats: Membership['voters']): boolean =>
    seats.filter(({ id }) => starting.includes(id)).length * 2 > seats.length;
  const alsoOfTheOld = membership.outgoing.length === 0 || isMajority(membership.outgoing);
  return isMajority(membership.voters) && alsoOfTheOld ? starting : null;
}

/** A member that could vote for the furthest one: it lost nothing that this one does not have. */
function starts(
  { member, finding, record, livesSeen }: Surveyed,
  furthest: { readonly membership: Membership; readonly last: Inspection['last'] },
): boolean {
  if (finding.kind !== 'readable' || record.standing === 'lost' || !finding.state.ok) return false;
  const { identity, fenced, votingBound, lives }: Inspection = finding.inspection;
  if (lives < livesSeen) return false;
  const isSeat = [...furthest.membership.voters, ...furthest.membership.outgoing].some(
    (seat) => seat.id === member && seat.incarnation === identity.incarnation,
  );
  return isSeat && fenced === null && isReached(votingBound, furthest.last);
}

function isReached(bound: Inspection['votingBound'], last: Inspection['last']): boolean {
  if (bound === null) return true;
  if (bound.kind === 'unknown') return false;
  return last.term > bound.term || (last.term === bound.term && last.index >= bound.index);
}

function unknown(member: number, { members }: Survey): Refusal {
  return {
    code: 'unknownMember',
    what: `The ensemble has no member ${member}; it has ${members.map((one) => one.member).join(', ')}.`,
    meaning: 'Only a member of the ensemble can carry it on.',
    todo: 'Choose one of them.',
  };
}

function stillRunning(member: number): Refusal {
  return {
    code: 'stillRunning',
    what: `The process of member ${member} is still running.`,
    meaning:
      'Forced recovery writes into a data directory and gives the others up: no member may be at work.',
    todo: 'Wait for it to end; members end by themselves within seconds of their supervisor.',
  };
}

function givenUp(member: number): Refusal {
  return {
    code: 'givenUp',
    what: `The directory of member ${member} was given up before.`,
    meaning: 'The ensemble went on without it, and acknowledged writes that it does not have.',
    todo: `Choose another survivor, or just start the ensemble: \`muster up\`. Then take this member in anew: \`muster member replace ${member}\`.`,
  };
}

function nothingThere(member: number, state: 'absent' | 'empty'): Refusal {
  return {
    code: 'nothingThere',
    what: `The directory of member ${member} is ${state}.`,
    meaning: 'There is nothing to recover from.',
    todo: 'Put the directory back if you have it, or choose another survivor.',
  };
}

function otherDirectory(member: number): Refusal {
  return {
    code: 'otherDirectory',
    what: `What is in the place of member ${member} is not the directory that belongs there.`,
    meaning: 'It is an older one, or of another ensemble: it may lack what was acknowledged.',
    todo: 'Put the right directory in its place, or choose another survivor.',
  };
}

function notVoter(member: number): Refusal {
  return {
    code: 'notVoter',
    what: `Member ${member} is no voter by its own log.`,
    meaning: 'What it holds was never needed for an acknowledgement, so it may be behind all others.',
    todo: 'Choose a voter as the survivor.',
  };
}

function notReplayable(member: number, problem: string): Refusal {
  return {
    code: 'notReplayable',
    what: `The store of member ${member} cannot be rebuilt from its directory: ${problem}.`,
    meaning: 'It could not start on it, and nobody would be left to bring back what is missing.',
    todo: 'Choose another survivor, or restore the damaged file from a copy.',
  };
}

function majorityStarts(members: readonly number[]): Refusal {
  const start =
    members.length === 1
      ? `Member ${members[0]} can be started, and is`
      : `Members ${members.slice(0, -1).join(', ')} and ${members.at(-1)} can be started, and are`;
  return {
    code: 'majorityStarts',
    what: `${start} a majority of the voters.`,
    meaning: 'Then nothing has to be lost: forced recovery would give up what only the others acknowledged.',
    todo: 'Start the ensemble: `muster up`. Then take the lost members in anew: `muster member replace N`.',
  };
}

function notFurthest(survivor: number, furthest: number): Refusal {
  return {
    code: 'notFurthest',
    what: `Member ${furthest} is the one to go on from, by term and index of its last entry, not member ${survivor}.`,
    meaning: 'Entries that were acknowledged could be in the one and not in the other.',
    todo: `Use it: \`muster recover --survivor ${furthest}\`. If its directory must not be used, move it out of the data folder and plan anew.`,
  };
}
