/**
 * Forced recovery, thought through before anything is written: one survivor's log becomes the truth,
 * whatever a majority may have agreed on elsewhere. The plan says what that keeps, what it may lose, and
 * what it would make true that nobody was ever promised.
 */
import { type LogIndex, logIndex, type MemberId, nextIndex, type Term, term } from '../../base/ids.ts';
import { type Membership, removedSeatsMax, type Seat, seatsOf } from '../../base/membership.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { type LogPoint, laterPoint } from '../point.ts';
import { type Comparison, firstDifference, type Survey } from './compare.ts';
import type { Inspection } from './inspect.ts';

/** A range of entries, both ends included. */
export interface EntryRange {
  readonly from: LogIndex;
  readonly to: LogIndex;
}

export interface RecoveryPlan {
  readonly survivor: string;
  readonly seat: Seat;
  /** The survivor's log ends there; everything up to it is kept. */
  readonly last: LogPoint;
  /** At least so far entries are known to have been committed: a snapshot stands for them somewhere. */
  readonly committedAtLeast: LogIndex;
  /**
   * Entries that only others hold, and that are lost. Those up to `committedAtLeast` were certainly
   * acknowledged; any other may have been.
   */
  readonly lost: readonly LostEntries[];
  /** Entries at the survivor's end that no majority is known to hold: recovery commits them, acknowledged or not. */
  readonly mayCommit: EntryRange | null;
  /** Above every term that was ever seen; so every later zxid is above every earlier one. */
  readonly term: Term;
  /** From then on: the survivor alone; every other seat ever known is refused. */
  readonly membership: Membership;
  /** What a person must know before going on. */
  readonly warnings: readonly string[];
  /** The survivor's log already ends in the entry of a forced recovery to it alone: there is nothing to do. */
  readonly isDone: boolean;
}

export interface LostEntries extends EntryRange {
  readonly holder: string;
}

export type PlanRefusal =
  | { readonly kind: 'unknownSurvivor'; readonly name: string }
  /** Its directory cannot be opened; another one must be chosen. */
  | { readonly kind: 'unreadable'; readonly survey: Extract<Survey, { kind: 'unreadable' }> }
  /** Directories of different ensembles were given. */
  | { readonly kind: 'otherEnsemble'; readonly name: string }
  /** It holds nothing at all: an empty directory is not an ensemble. */
  | { readonly kind: 'empty'; readonly name: string };

/**
 * Terms that only lost directories may have seen: each is an election that no survivor heard of. The new
 * term must lie above those as well, or a zxid would stand for two things (own choice: far more
 * elections than any ensemble holds while a minority is away; there are 2²¹ terms).
 */
const termsUnseenMax = 1_000;

/** How consensus reads the term out of its hard state; null: it cannot. */
export type TermOf = (hardState: Uint8Array) => Term | null;

export function planRecovery(
  comparison: Comparison,
  options: { readonly survivor: string; readonly termOf: TermOf },
): Result<RecoveryPlan, PlanRefusal> {
  const chosen = comparison.surveys.find(({ name }) => name === options.survivor);
  if (chosen === undefined) return fail({ kind: 'unknownSurvivor', name: options.survivor });
  if (chosen.kind === 'unreadable') return fail({ kind: 'unreadable', survey: chosen });
  const survivor = chosen.inspection;
  const readable = comparison.surveys.filter((survey) => survey.kind === 'readable');
  const stranger = readable.find(
    ({ inspection }) => inspection.identity.cluster !== survivor.identity.cluster,
  );
  if (stranger !== undefined) return fail({ kind: 'otherEnsemble', name: stranger.name });
  if (survivor.last.index === 0) return fail({ kind: 'empty', name: chosen.name });
  const inspections = readable.map(({ inspection }) => inspection);
  const committedAtLeast = logIndex(
    Math.max(0, ...inspections.map(({ snapshots }) => snapshots.list()[0]?.index ?? 0)),
  );
  const others = readable.filter(({ name }) => name !== chosen.name);
  const seat: Seat = { id: survivor.identity.member, incarnation: survivor.identity.incarnation };
  return ok({
    survivor: chosen.name,
    seat,
    last: survivor.last,
    committedAtLeast,
    lost: others.flatMap(({ name, inspection }) => lostFrom(name, inspection, survivor)),
    mayCommit: unproven(
      survivor,
      others.map(({ inspection }) => inspection),
      committedAtLeast,
    ),
    term: term(highestTerm(inspections, options.termOf) + termsUnseenMax),
    membership: { voters: [seat], outgoing: [], learners: [], removed: removedSeats(seat, inspections) },
    warnings: warningsOf(survivor, comparison),
    isDone: isRecovered(survivor, seat),
  });
}

/** What one other directory holds and the survivor does not. */
function lostFrom(holder: string, other: Inspection, survivor: Inspection): readonly LostEntries[] {
  const parting = firstDifference(survivor, other)?.index ?? nextIndex(survivor.last.index);
  if (other.last.index < parting) return [];
  return [{ holder, from: parting, to: other.last.index }];
}

/** The survivor's last entries that, with it, no majority of the voters can be shown to hold. */
function unproven(
  survivor: Inspection,
  others: readonly Inspection[],
  committedAtLeast: LogIndex,
): EntryRange | null {
  const { voters } = survivor.membership.membership;
  const needed = Math.floor(voters.length / 2) + 1;
  const isVoter = (id: MemberId) => voters.some((seat) => seat.id === id);
  const held = others
    .filter(({ identity }) => isVoter(identity.member))
    .map((other) => sharedUpTo(survivor, other))
    .concat(isVoter(survivor.identity.member) ? [survivor.last.index] : [])
    .sort((left, right) => right - left);
  const proven = Math.max(committedAtLeast, held[needed - 1] ?? 0);
  if (proven >= survivor.last.index) return null;
  return { from: logIndex(proven + 1), to: survivor.last.index };
}

function sharedUpTo(left: Inspection, right: Inspection): LogIndex {
  const parting = firstDifference(left, right);
  if (parting !== null) return logIndex(parting.index - 1);
  return logIndex(Math.min(left.last.index, right.last.index));
}

function highestTerm(inspections: readonly Inspection[], termOf: TermOf): Term {
  const terms = inspections.flatMap(({ last, hardState, votingBound }) => [
    last.term,
    hardState === null ? term(0) : (termOf(hardState) ?? term(0)),
    votingBound?.kind === 'point' ? laterPoint(votingBound, last).term : last.term,
  ]);
  return term(Math.max(0, ...terms));
}

/** Everybody else who ever had a seat, the newest last, as far as that is known here. */
function removedSeats(survivor: Seat, inspections: readonly Inspection[]): readonly Seat[] {
  const seats = new Map<string, Seat>();
  const add = (seat: Seat) => void seats.set(`${seat.id} ${seat.incarnation}`, seat);
  for (const { membership } of inspections) for (const seat of membership.membership.removed) add(seat);
  for (const { membership } of inspections) for (const seat of seatsOf(membership.membership)) add(seat);
  for (const { identity } of inspections) add({ id: identity.member, incarnation: identity.incarnation });
  seats.delete(`${survivor.id} ${survivor.incarnation}`);
  return [...seats.values()].slice(-removedSeatsMax);
}

function warningsOf(survivor: Inspection, { surveys, partings }: Comparison): readonly string[] {
  const warnings: string[] = [];
  for (const survey of surveys)
    if (survey.kind === 'unreadable')
      warnings.push(
        `${survey.name} cannot be read: ${survey.error.what}. What only it holds is not counted here.`,
      );
  const known = seatsOf(survivor.membership.membership).length;
  if (surveys.length < known)
    warnings.push(
      `The ensemble has ${known} members, and ${surveys.length === 1 ? 'one directory was' : `${surveys.length} directories were`} given: what the others hold is not known.`,
    );
  if (survivor.votingBound !== null)
    warnings.push('The survivor lost a part of its log that it had acknowledged and could not get back yet.');
  if (survivor.fenced !== null) warnings.push(`The survivor fenced itself: ${survivor.fenced}`);
  for (const { names, index, difference } of partings)
    if (difference === 'content')
      warnings.push(
        `${names.join(' and ')} hold different entries ${index} of one term: one of them is wrong.`,
      );
  return warnings;
}

function isRecovered({ membership: { membership, cause, index }, last }: Inspection, seat: Seat): boolean {
  const [only, ...others] = membership.voters;
  return (
    cause === 'recovered' &&
    index === last.index &&
    others.length === 0 &&
    only?.incarnation === seat.incarnation
  );
}
