/** What an operator asks of the members without changing who they are: hand over, campaign, take a snapshot. */
import type { ActionOutcome, ActionPlan, ActionRequest } from '../api/changes.ts';
import type { EnsembleView, MemberView } from '../api/ensemble.ts';
import type { ApiError } from '../api/errors.ts';
import { unreachable } from '../base/assert.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { agreedOf, isMajority } from './change/agreed.ts';
import { type ChangeEnvironment, nextLook } from './change/environment.ts';
import {
  leaderWorks,
  mayPass,
  noLeader,
  notRunning,
  nowhereToHandOver,
  refusedByMember,
} from './change/refusals.ts';
import { actionLate, closing, nobodyRuns, unknownMember } from './failures.ts';
import { requestOf } from './member-asks.ts';
import type { MemberOperationRequest } from './member-operations.ts';

/** The target catches up, then an election; given up by the leader after an election timeout. */
const leadTimeoutMs = 8_000;
/** A large store is written in slices between requests; the snapshot is taken even when nobody waits any more. */
const snapshotTimeoutMs = 12_000;

/** An election was a moment ago: the leader has not heard from everybody yet. */
const settleMs = 2_000;

type Environment = Pick<ChangeEnvironment, 'crew' | 'view' | 'onChange' | 'isClosing'>;

/** Who it would be asked of, and what speaks against it. */
export function planAction(request: ActionRequest, view: EnsembleView): ActionPlan {
  const { leader } = view;
  switch (request.kind) {
    case 'transfer':
      return {
        kind: 'transfer',
        members: named(request.to),
        leader,
        refusals: againstTransfer(request.to, view),
      };
    case 'campaign':
      return {
        kind: 'campaign',
        members: [request.member],
        leader,
        refusals: againstCampaign(request.member, view),
      };
    case 'snapshot': {
      const members = view.members.filter(({ id }) => request.member === null || id === request.member);
      const up = members.filter(({ process }) => process.kind === 'up').map(({ id }) => id);
      return {
        kind: 'snapshot',
        members: up,
        leader,
        refusals: againstSnapshot(request.member, { members, up }),
      };
    }
    default:
      return unreachable(request);
  }
}

/** Does it, and settles when it has happened or did not in time. */
export async function act(
  environment: Environment,
  request: ActionRequest,
): Promise<Result<ActionOutcome, ApiError>> {
  const refusal = await refusalThatLasts(environment, request);
  if (refusal !== null) return fail(refusal);
  switch (request.kind) {
    case 'transfer':
      return lead(environment, { ask: environment.view().leader ?? 0, to: request.to, operation: request });
    case 'campaign':
      return lead(environment, { ask: request.member, to: request.member, operation: { kind: 'campaign' } });
    case 'snapshot':
      return takeSnapshots(environment, request);
    default:
      return unreachable(request);
  }
}

/** What speaks against it, also after the moment that a new leader takes to hear from the others. */
async function refusalThatLasts(environment: Environment, request: ActionRequest): Promise<ApiError | null> {
  for (const startedMs = performance.now(); ; await nextLook(environment)) {
    const [refusal] = planAction(request, environment.view()).refusals;
    if (refusal === undefined) return null;
    if (!mayPass(refusal) || environment.isClosing() || performance.now() - startedMs > settleMs)
      return refusal;
  }
}

/** Asks a member for a change of leader, and waits for it. */
async function lead(
  environment: Environment,
  asked: { readonly ask: number; readonly to: number | null; readonly operation: MemberOperationRequest },
): Promise<Result<ActionOutcome, ApiError>> {
  const startedMs = performance.now();
  const before = environment.view().leader;
  for (;;) {
    const taken = await ask(environment, { member: asked.ask, operation: asked.operation });
    if (taken.ok) break;
    if (!mayPass(taken.error) || performance.now() - startedMs > settleMs) return taken;
    await nextLook(environment);
  }
  for (;;) {
    if (environment.isClosing()) return fail(closing());
    const { leader, term } = environment.view();
    const tookMs = Math.round(performance.now() - startedMs);
    const isThere = asked.to === null ? leader !== before : leader === asked.to;
    if (leader !== null && isThere) return ok({ kind: 'leads', member: leader, term, tookMs });
    if (tookMs > leadTimeoutMs) {
      const what =
        asked.to === null ? 'No other member took over' : `Member ${asked.to} did not become leader`;
      return fail(actionLate(what, leadTimeoutMs));
    }
    await nextLook(environment);
  }
}

async function takeSnapshots(
  environment: Environment,
  { member }: { readonly member: number | null },
): Promise<Result<ActionOutcome, ApiError>> {
  const { members } = planAction({ kind: 'snapshot', member }, environment.view());
  const startedMs = performance.now();
  /** The newest snapshot before, of those that take another. */
  const waiting = new Map<number, number>();
  for (const id of members) {
    const before = newestSnapshot(environment.view().members, id)?.index ?? 0;
    const answer = await ask(environment, { member: id, operation: { kind: 'snapshot' } });
    if (answer.ok) waiting.set(id, before);
    // Its newest snapshot is as good as one taken now.
    else if (answer.error.facts['reason'] !== 'nothingApplied') return answer;
  }
  for (;;) {
    if (environment.isClosing()) return fail(closing());
    const view = environment.view();
    const open = [...waiting].filter(
      ([id, before]) => (newestSnapshot(view.members, id)?.index ?? 0) <= before,
    );
    if (open.length === 0)
      return ok({ kind: 'snapshots', taken: members.flatMap((id) => describe(view, id)) });
    if (performance.now() - startedMs > snapshotTimeoutMs) {
      const names = open.map(([id]) => id).join(', ');
      return fail(actionLate(`The snapshot of member ${names} was not complete`, snapshotTimeoutMs));
    }
    await nextLook(environment);
  }
}

async function ask(
  { crew }: Environment,
  { member, operation }: { readonly member: number; readonly operation: MemberOperationRequest },
): Promise<Result<null, ApiError>> {
  const asked = crew.get(member);
  if (asked === null) return fail(unknownMember(member));
  const answer = await requestOf(asked, operation);
  if (!answer.ok) return answer;
  return answer.value === null
    ? ok(null)
    : fail(refusedByMember({ asked: member, about: member }, answer.value));
}

function againstTransfer(to: number | null, view: EnsembleView): ApiError[] {
  const agreed = agreedOf(view);
  if (agreed === null) return [noLeader()];
  const { leader, membership, heard } = agreed;
  const candidates = membership.voters.map(({ id }) => id).filter((id) => id !== leader && heard.has(id));
  if (to === null) {
    return candidates.length > 0 ? [] : [nowhereToHandOver(leader)];
  }
  if (!view.members.some(({ id }) => id === to)) return [unknownMember(to)];
  if (to === leader) return [refusedByMember({ asked: leader, about: to }, 'alreadyLeader')];
  if (!membership.voters.some(({ id }) => id === to)) {
    return [refusedByMember({ asked: leader, about: to }, 'notVoter')];
  }
  return heard.has(to) ? [] : [refusedByMember({ asked: leader, about: to }, 'lagging')];
}

function againstCampaign(member: number, { members, leader }: EnsembleView): ApiError[] {
  const found = members.find(({ id }) => id === member);
  if (found === undefined) return [unknownMember(member)];
  const { process, standing, report } = found;
  if (process.kind !== 'up') return [notRunning(member, process.kind)];
  if (leader === member) return [refusedByMember({ asked: member, about: member }, 'alreadyLeader')];
  if (standing !== 'voter') return [refusedByMember({ asked: member, about: member }, 'notVoter')];
  const agreed = agreedOf({ members, leader });
  // Then nobody grants another member a vote.
  if (agreed !== null && isMajority(agreed.membership, agreed.heard))
    return [leaderWorks(member, agreed.leader)];
  const mayLead =
    report === null || (!report.repairing && report.fenced === null && report.disk.kind === 'ok');
  return mayLead ? [] : [refusedByMember({ asked: member, about: member }, 'mayNotLead')];
}

function againstSnapshot(
  member: number | null,
  { members, up }: { readonly members: readonly MemberView[]; readonly up: readonly number[] },
): ApiError[] {
  const [first] = members;
  if (member === null) return up.length > 0 ? [] : [nobodyRuns()];
  if (first === undefined) return [unknownMember(member)];
  return up.length > 0 ? [] : [notRunning(member, first.process.kind)];
}

function newestSnapshot(members: readonly MemberView[], id: number) {
  return members.find((member) => member.id === id)?.report?.snapshots[0] ?? null;
}

function describe({ members }: EnsembleView, id: number) {
  const newest = newestSnapshot(members, id);
  return newest === null ? [] : [{ member: id, index: newest.index, sizeBytes: newest.sizeBytes }];
}

function named(member: number | null): number[] {
  return member === null ? [] : [member];
}
