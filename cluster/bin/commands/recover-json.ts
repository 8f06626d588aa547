/** What `recover` and `wal inspect` answer to scripts. */

import { unreachable } from '../../base/assert.ts';
import { logIndex } from '../../base/ids.ts';
import { decodeHardState } from '../../raft/codec.ts';
import { viewOfEntry } from '../../replica/log-reader.ts';
import type { Inspection } from '../../wal/offline/inspect.ts';
import type { EntryRange } from '../../wal/offline/recovery-plan.ts';
import type { PlannedRecovery } from '../offline/force.ts';
import { recommended } from '../offline/preconditions.ts';
import { directoryName, type Finding, type Survey } from '../offline/survey.ts';

/** Entries of one range in an answer. */
const entriesMax = 1_000;

export function surveyJson(survey: Survey): Readonly<Record<string, unknown>> {
  return {
    recommended: recommended(survey),
    members: survey.members.map(({ member, folder, record, finding }) => ({
      member,
      folder,
      standing: record.standing,
      recordedIncarnation: record.incarnation.toString(16),
      directory: findingJson(finding),
    })),
  };
}

function findingJson(finding: Finding): Readonly<Record<string, unknown>> {
  switch (finding.kind) {
    case 'absent':
    case 'empty':
      return { kind: finding.kind };
    case 'unreadable':
      return { kind: finding.kind, error: finding.error };
    case 'foreign':
      return { kind: finding.kind, ...inspectionJson(finding.inspection) };
    case 'readable': {
      const { state } = finding;
      return {
        kind: finding.kind,
        ...inspectionJson(finding.inspection),
        state: state.ok ? state.value : null,
      };
    }
    default:
      return unreachable(finding);
  }
}

/** What a directory holds, without its entries. */
export function inspectionJson(inspection: Inspection): Readonly<Record<string, unknown>> {
  const { identity, base, last, lives, membership, snapshots, votingBound, fenced, torn, findings } =
    inspection;
  const vote = inspection.hardState === null ? null : decodeHardState(inspection.hardState);
  return {
    identity: {
      cluster: identity.cluster.toString(16),
      member: identity.member,
      incarnation: identity.incarnation.toString(16),
    },
    lives,
    term: termOf(inspection),
    votedFor: vote?.ok === true ? (vote.value.votedFor?.id ?? null) : null,
    first: base.index + 1,
    last,
    membership: seatsJson(membership),
    snapshots: snapshots.list().map((info) => ({ ...info, zxid: String(info.zxid) })),
    votingBound,
    fenced,
    torn,
    damage: findings,
  };
}

function seatsJson({
  membership,
  index,
  cause,
}: Inspection['membership']): Readonly<Record<string, unknown>> {
  const named = (seats: (typeof membership)['voters']) =>
    seats.map(({ id, incarnation }) => ({ id, incarnation: incarnation.toString(16) }));
  const { voters, outgoing, learners, removed } = membership;
  return {
    index,
    cause,
    voters: named(voters),
    outgoing: named(outgoing),
    learners: named(learners),
    removed: named(removed),
  };
}

export function planJson(
  { id, survivor, lost, plan }: PlannedRecovery,
  survey: Survey,
): Readonly<Record<string, unknown>> {
  const entries = (inspection: Inspection | null, { from, to }: EntryRange) =>
    (inspection?.entries(from, Math.min(entriesMax, to - from + 1)) ?? []).map((entry) =>
      viewOfEntry(entry, null),
    );
  const { mayCommit } = plan;
  return {
    id,
    survivor,
    kept: { first: logIndex(1), last: plan.last, committedAtLeast: plan.committedAtLeast },
    committed:
      mayCommit === null
        ? null
        : { ...mayCommit, entries: entries(inspectionOf(survey, survivor), mayCommit) },
    lost: plan.lost.map((range) => ({
      ...range,
      entries: entries(inspectionNamed(survey, range.holder), range),
    })),
    unseen: survey.members
      .filter(({ member, finding }) => member !== survivor && finding.kind !== 'readable')
      .map(({ member }) => member),
    appended: { index: plan.last.index + 1, term: plan.term },
    givenUp: lost,
    warnings: plan.warnings,
  };
}

/** The newest term that a directory knows of. */
export function termOf({ hardState, last }: Inspection): number {
  const read = hardState === null ? null : decodeHardState(hardState);
  return Math.max(last.term, read?.ok === true ? read.value.term : 0);
}

/** The inspection of a member that can be read. */
export function inspectionOf({ members }: Survey, member: number): Inspection | null {
  const finding = members.find((one) => one.member === member)?.finding;
  return finding?.kind === 'readable' ? finding.inspection : null;
}

/** The inspection behind a name in a comparison. */
export function inspectionNamed(survey: Survey, name: string): Inspection | null {
  const found = survey.members.find(({ member }) => directoryName(member) === name);
  return found === undefined ? null : inspectionOf(survey, found.member);
}
