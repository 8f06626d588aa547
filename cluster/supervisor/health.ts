/**
 * Whether the ensemble works, judged from outside: from what the processes do and what the members
 * last reported, and how long ago. "Alive" is not "working": a member works when it reported lately,
 * follows the leader that the ensemble has now, serves clients and keeps up.
 */
import type { Health, HealthReason, MemberReport, MemberView } from '../api/ensemble.ts';
import type { Lag, LagWatch } from './lag-watch.ts';

/** Reports come every 200 ms; after so long without one, a member is silent. */
const reportAgeMaxMs = 1_500;

/** Entries behind the leader's commit from which a member lags: seconds of heavy writing. */
const laggingEntriesMin = 5_000;

/** Silence on a link that two reporting members should be using several times a second. */
const linkSilenceMaxMs = 2_000;

/** What is looked at. */
export interface Seen {
  readonly members: readonly MemberView[];
  /** A change of members that waits for the operator. */
  readonly unfinished: { readonly kind: string; readonly member: number } | null;
}

interface HealthInput extends Seen {
  readonly nowMs: number;
  /** The verdict before this one: `sinceMs` is kept while the level stays. */
  readonly previous: Health | null;
  readonly lagWatch: LagWatch;
}

/** A member whose process runs and whose report is recent. */
interface Reporting {
  readonly id: number;
  readonly report: MemberReport;
}

/** The verdict, with every reason by name. */
export function judgeHealth({ members, unfinished, nowMs, previous, lagWatch }: HealthInput): Health {
  const voters = votersAmong(members);
  const isVoter = new Set(voters.map(({ id }) => id));
  const reporting = reportingMembers(members, nowMs);
  const leader = leaderAmong(reporting);
  const following = leader === null ? [] : reporting.filter(({ report }) => follows(report, leader));
  const lags = leader === null ? [] : following.map((member) => lagOf(member, leader));
  const stuck = lagWatch.look(lags, nowMs);
  const lagging = lags.filter(({ id, missing }) => missing >= laggingEntriesMin || stuck.has(id));
  const behind = new Set(lagging.map(({ id }) => id));
  const working = following.filter(({ id }) => isVoter.has(id) && !behind.has(id)).length;
  const needed = Math.floor(voters.length / 2) + 1;

  const reasons: HealthReason[] = [];
  const reportingVoters = reporting.filter(({ id }) => isVoter.has(id)).length;
  if (reportingVoters < needed) reasons.push({ kind: 'noQuorum', working: reportingVoters, needed });
  else if (leader === null) reasons.push({ kind: 'noLeader' });
  else if (working < needed) reasons.push({ kind: 'noQuorum', working, needed });
  for (const member of members) reasons.push(...processReasons(member, nowMs));
  for (const member of reporting) reasons.push(...troubles(member));
  for (const { id, behind: missed } of lagging)
    reasons.push({ kind: 'memberLagging', member: id, behind: missed });
  reasons.push(...linkReasons(members, reporting));
  if (leader !== null) reasons.push(...divergence(reporting, leader));
  if (unfinished !== null)
    reasons.push({ kind: 'changeUnfinished', change: unfinished.kind, member: unfinished.member });

  const level = levelOf({ members: voters, working, needed, troubled: reasons.length > 0 });
  return {
    level,
    working,
    total: voters.length,
    tolerance: Math.max(0, working - needed),
    sinceMs: previous?.level === level ? previous.sinceMs : nowMs,
    reasons,
  };
}

/** While an ensemble is founded, nobody is a voter yet: then all will be. */
function votersAmong(members: readonly MemberView[]): readonly MemberView[] {
  const voters = members.filter(({ standing }) => standing === 'voter');
  return voters.length > 0 ? voters : members;
}

/** The leader of the newest term that reported lately; null when none did. */
export function currentLeader(
  members: readonly MemberView[],
  nowMs: number,
): { readonly id: number; readonly term: number } | null {
  const leader = leaderAmong(reportingMembers(members, nowMs));
  return leader === null ? null : { id: leader.id, term: leader.report.term };
}

function levelOf(facts: {
  readonly members: readonly MemberView[];
  readonly working: number;
  readonly needed: number;
  readonly troubled: boolean;
}): Health['level'] {
  const allDown = facts.members.every(
    ({ process }) => process.kind === 'stopped' || process.kind === 'crashed',
  );
  if (allDown) return 'stopped';
  if (facts.working < facts.needed) return 'noQuorum';
  return facts.troubled || facts.working < facts.members.length ? 'degraded' : 'healthy';
}

function reportingMembers(members: readonly MemberView[], nowMs: number): readonly Reporting[] {
  const reporting: Reporting[] = [];
  for (const { id, process, report, reportedAtMs } of members) {
    if (process.kind !== 'up' || report === null || reportedAtMs === null) continue;
    if (nowMs - reportedAtMs <= reportAgeMaxMs) reporting.push({ id, report });
  }
  return reporting;
}

function leaderAmong(reporting: readonly Reporting[]): Reporting | null {
  let leader: Reporting | null = null;
  for (const member of reporting) {
    if (member.report.role !== 'leader') continue;
    if (leader === null || member.report.term > leader.report.term) leader = member;
  }
  return leader;
}

function follows(report: MemberReport, leader: Reporting): boolean {
  return report.serving && report.leader === leader.id && report.term === leader.report.term;
}

/**
 * What a member misses by the leader's view of it or its own; and how far it is behind the leader's
 * commit, which counts entries that came between two reports as well.
 */
function lagOf({ id, report }: Reporting, leader: Reporting): Lag & { readonly missing: number } {
  const { commit, followers } = leader.report;
  const match = followers.find((follower) => follower.id === id)?.match ?? commit;
  const missing = Math.max(commit - match, report.commit - report.applied);
  return { id, applied: report.applied, missing, behind: Math.max(missing, commit - report.applied) };
}

function processReasons(member: MemberView, nowMs: number): readonly HealthReason[] {
  const { id, process, reportedAtMs, standing } = member;
  if (standing === 'lost') return [{ kind: 'memberLost', member: id }];
  // A new member counts for nothing yet: that it takes its time is no trouble.
  const isNew = standing === 'making' || standing === 'joining';
  if (isNew && (process.kind === 'stopped' || process.kind === 'starting')) return [];
  switch (process.kind) {
    case 'paused':
      return [{ kind: 'memberPaused', member: id }];
    case 'up': {
      const silentMs = reportedAtMs === null ? 0 : nowMs - reportedAtMs;
      return silentMs > reportAgeMaxMs ? [{ kind: 'memberSilent', member: id, silentMs }] : [];
    }
    default:
      return [{ kind: 'memberDown', member: id, state: process.kind }];
  }
}

/** What a member says is wrong with itself. */
function troubles({ id, report }: Reporting): readonly HealthReason[] {
  const reasons: HealthReason[] = [];
  if (report.fenced !== null) reasons.push({ kind: 'memberFenced', member: id, reason: report.fenced });
  if (report.repairing) reasons.push({ kind: 'memberRepairing', member: id });
  const { kind: disk } = report.disk;
  if (disk !== 'ok') reasons.push({ kind: 'diskTrouble', member: id, disk });
  return reasons;
}

/** Links that were cut on purpose, and links on which a reporting member does not hear another. */
function linkReasons(
  members: readonly MemberView[],
  reporting: readonly Reporting[],
): readonly HealthReason[] {
  const cut = new Map<string, HealthReason>();
  const add = (from: number, to: number) => cut.set(`${from}>${to}`, { kind: 'linkCut', from, to });
  for (const { id, blocked } of members) {
    for (const to of blocked.to) add(id, to);
    for (const from of blocked.from) add(from, id);
  }
  const heard = new Set(reporting.map(({ id }) => id));
  for (const { id, report } of reporting) {
    for (const link of report.links) {
      const silent = link.heardMsAgo !== null && link.heardMsAgo > linkSilenceMaxMs;
      if (silent && heard.has(link.id)) add(link.id, id);
    }
  }
  return [...cut.values()];
}

/** Members whose tree differs from the leader's at the same index: the alarm of DESIGN.md 5.2. */
function divergence(reporting: readonly Reporting[], leader: Reporting): readonly HealthReason[] {
  return reporting
    .filter(
      ({ report }) => report.applied === leader.report.applied && report.digest !== leader.report.digest,
    )
    .map(({ id, report }) => ({ kind: 'diverged', member: id, index: report.applied }) as const);
}
