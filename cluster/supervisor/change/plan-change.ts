/** What a change would do, step by step, and everything that speaks against it. Changes nothing. */
import type { ChangePlan, ChangeRequest, ChangeStep, PlannedStep } from '../../api/changes.ts';
import type { EnsembleView } from '../../api/ensemble.ts';
import type { ApiError } from '../../api/errors.ts';
import { unreachable } from '../../base/assert.ts';
import { ensembleMembersMax } from '../../base/limits.ts';
import { archiveName, memberFolders } from '../data-folder.ts';
import type { ChangeRecord, EnsembleRecord, MemberRecord } from '../ensemble-file.ts';
import { memberRemoved, unknownMember } from '../failures.ts';
import { drawIncarnation } from '../plan.ts';
import { type Agreed, agreedOf, belongs, has } from './agreed.ts';
import {
  changeRunning,
  changeUnfinished,
  lastVoter,
  noLeader,
  notLearner,
  notSettled,
  nowhereToHandOver,
  tooManyMembers,
  wouldLoseQuorum,
} from './refusals.ts';
import { isStepDone } from './step-done.ts';
import { stepsOf } from './steps.ts';

export interface Situation {
  readonly record: EnsembleRecord;
  readonly view: Pick<EnsembleView, 'leader' | 'members'>;
  /** The data folder. */
  readonly path: string;
  readonly nowMs: number;
}

/** A change as it would be put on record, and its plan. */
export interface PlannedChange {
  readonly plan: ChangePlan;
  readonly change: ChangeRecord;
}

export function planChange(request: ChangeRequest, situation: Situation): PlannedChange {
  const change = changeOf(request, situation);
  const { kind, member } = change;
  const refusals = refusalsOf(request, { change, situation });
  return { plan: { kind, member, steps: plannedSteps(change, situation), refusals }, change };
}

/** The steps of a change, with those that are done. */
export function plannedSteps(change: ChangeRecord, situation: Situation): PlannedStep[] {
  const { record, view } = situation;
  const agreed = agreedOf(view);
  return stepsOf(change).map((step) => ({
    step,
    done: isStepDone(step, { change, record, agreed, view }),
    facts: factsOf(step, { change, situation }),
  }));
}

function changeOf(request: ChangeRequest, { record, nowMs }: Situation): ChangeRecord {
  const member = request.kind === 'add' ? nextMember(record) : request.member;
  const known = record.members.find(({ id }) => id === member) ?? null;
  const buried = record.removed.findLast((tombstone) => tombstone.member === member) ?? null;
  const leaves = request.kind === 'remove' || request.kind === 'replace';
  const enters = request.kind === 'add' || request.kind === 'replace';
  const base = { kind: request.kind, promote: promotes(request, known) };
  return {
    ...base,
    id: `${nowMs.toString(36)}-${drawIncarnation().toString(36)}`,
    member,
    state: 'running',
    step: stepsOf(base)[0] ?? 'promote',
    progress: null,
    error: null,
    startedAtMs: nowMs,
    archive: leaves ? archiveName(member, nowMs) : null,
    oldIncarnation: leaves ? (known?.incarnation ?? buried?.incarnation ?? null) : null,
    newIncarnation: enters ? drawIncarnation() : leaves ? null : (known?.incarnation ?? null),
  };
}

function promotes(request: ChangeRequest, known: MemberRecord | null): boolean {
  switch (request.kind) {
    case 'add':
      return request.promote;
    case 'promote':
      return true;
    case 'remove':
      return false;
    case 'replace':
      // A learner comes back as one.
      return known?.standing !== 'learner';
    default:
      return unreachable(request);
  }
}

/** Numbers are not used twice: who was removed keeps its own, to come back under. */
function nextMember({ members, removed }: EnsembleRecord): number {
  return Math.max(0, ...members.map(({ id }) => id), ...removed.map(({ member }) => member)) + 1;
}

interface Considered {
  readonly change: ChangeRecord;
  readonly situation: Situation;
}

function refusalsOf(request: ChangeRequest, { change, situation }: Considered): ApiError[] {
  const { record, view } = situation;
  const refusals: ApiError[] = [];
  const before = record.change;
  if (before !== null) {
    const say = before.state === 'running' ? changeRunning : changeUnfinished;
    refusals.push(say(before.kind, before.member));
  }
  refusals.push(...unfitMember(request, situation));
  const agreed = agreedOf(view);
  if (agreed === null) refusals.push(noLeader());
  else if (refusals.length === 0) refusals.push(...disagreements({ change, situation }, agreed));
  return refusals;
}

function unfitMember(request: ChangeRequest, { record }: Situation): ApiError[] {
  if (request.kind === 'add') {
    return record.members.length < ensembleMembersMax ? [] : [tooManyMembers(ensembleMembersMax)];
  }
  const { member } = request;
  const known = record.members.find(({ id }) => id === member);
  const wasRemoved = record.removed.some((tombstone) => tombstone.member === member);
  if (known === undefined) {
    if (!wasRemoved) return [unknownMember(member)];
    if (request.kind === 'replace') return [];
    return [memberRemoved(member)];
  }
  if (request.kind === 'promote' && known.standing !== 'learner') return [notLearner(member, known.standing)];
  return [];
}

function disagreements({ change }: Considered, agreed: Agreed): ApiError[] {
  if (!agreed.settled) return [notSettled()];
  const { member, oldIncarnation } = change;
  if (oldIncarnation === null) return [];
  const seat = { id: member, incarnation: oldIncarnation };
  if (!has(agreed.membership.voters, seat)) return [];
  const left = agreed.membership.voters.filter(({ id }) => id !== member);
  if (left.length === 0) return [lastVoter(member)];
  const heard = left.filter(({ id }) => agreed.heard.has(id)).length;
  if (heard * 2 <= left.length) return [wouldLoseQuorum(member, { heard, left: left.length })];
  if (agreed.leader === member && heard === 0) return [nowhereToHandOver(member)];
  return [];
}

function factsOf(step: ChangeStep, { change, situation }: Considered): PlannedStep['facts'] {
  const { member, oldIncarnation, archive } = change;
  switch (step) {
    case 'removeSeat':
      return { member, incarnation: (oldIncarnation ?? 0).toString(16), ...votersLeft(change, situation) };
    case 'archive':
      return { member, from: memberFolders(situation.path, member).data, to: archive ?? '' };
    case 'makeDirectory':
      return { member, folder: memberFolders(situation.path, member).data };
    case 'catchUp':
      return { member, entries: agreedOf(situation.view)?.report.commit ?? 0 };
    default:
      return { member };
  }
}

function votersLeft({ member, oldIncarnation }: ChangeRecord, { view }: Situation): PlannedStep['facts'] {
  const agreed = agreedOf(view);
  if (agreed === null || oldIncarnation === null) return {};
  if (!belongs(agreed.membership, { id: member, incarnation: oldIncarnation })) return {};
  const left = agreed.membership.voters.filter(({ id }) => id !== member);
  return { votersLeft: left.map(({ id }) => id).join(',') };
}
