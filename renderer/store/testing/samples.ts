/** Ensembles, logs and events made up for tests: healthy unless told otherwise. */
import type { EnsembleView, MemberReport, MemberView } from '../../../cluster/api/ensemble.ts';
import type { LogEntryView, LogPage } from '../../../cluster/api/log.ts';
import { defaultSettings } from '../../../cluster/api/settings.ts';
import type { TimelineEvent } from '../../../cluster/api/timeline.ts';
import type { ZnodeStat, ZnodeValue } from '../../../cluster/api/znode.ts';
import { encodeBytes, utf8Bytes } from '../../format/bytes.ts';

/** A moment to count from: wall milliseconds. */
export const noon = 1_800_000_000_000;

export function sampleReport(change: Partial<MemberReport> = {}): MemberReport {
  return {
    role: 'follower',
    term: 3,
    leader: 2,
    votedFor: 2,
    first: 1,
    last: 120,
    persisted: 120,
    commit: 118,
    applied: 118,
    zxid: '12884901998',
    digest: 'abc',
    serving: true,
    followers: [],
    links: [1, 2, 3, 4, 5].map((id) => ({ id, heardMsAgo: 20, roundTripMs: 0.4 })),
    connections: 2,
    sessions: 4,
    znodes: 12,
    watches: 1,
    outstanding: 0,
    received: 900,
    sent: 900,
    fsyncP99Ms: 0.42,
    latencyMs: { min: 0, average: 1, max: 9 },
    memoryBytes: 60 * 1024 * 1024,
    loopLagMs: 1,
    uptimeMs: 754_000,
    incarnation: 'a1b2c3',
    life: 1,
    membership: {
      voters: [1, 2, 3].map((id) => ({ id, incarnation: `a1b2c${id}` })),
      outgoing: [],
      learners: [],
      removed: [],
    },
    membershipIndex: 1,
    transferTo: null,
    repairing: false,
    fenced: null,
    disk: { kind: 'ok' },
    snapshots: [],
    logBytes: 4_096,
    checkpoint: null,
    ...change,
  };
}

export function sampleMember(id: number, change: Partial<MemberView> = {}): MemberView {
  return {
    id,
    clientPort: 2180 + id,
    peerPort: 2280 + id,
    dataFolder: `/data/${id}`,
    logFile: `/data/${id}/member.log`,
    standing: 'voter',
    process: { kind: 'up', pid: 4_700 + id },
    blocked: { to: [], from: [] },
    report: sampleReport(id === 2 ? { role: 'leader' } : {}),
    reportedAtMs: noon,
    ...change,
  };
}

export function sampleEnsemble(change: Partial<EnsembleView> = {}): EnsembleView {
  const members = change.members ?? [1, 2, 3].map((id) => sampleMember(id));
  const total = members.length;
  return {
    name: 'orders',
    engine: 'raft',
    connect: members.map(({ clientPort }) => `127.0.0.1:${clientPort}`).join(),
    leader: 2,
    term: 3,
    health: {
      level: 'healthy',
      working: total,
      total,
      tolerance: Math.floor((total - 1) / 2),
      sinceMs: noon - 60_000,
      reasons: [],
    },
    settings: defaultSettings,
    members,
    change: null,
    ...change,
  };
}

export function sampleEntry(index: number, change: Partial<LogEntryView> = {}): LogEntryView {
  const term = index < 40 ? 1 : index < 90 ? 2 : 3;
  const opens = index === 1 || index === 40 || index === 90;
  return {
    index,
    term,
    kind: opens ? 'noop' : 'command',
    operation: opens ? 'noop' : index % 3 === 0 ? 'setData' : 'create',
    session: opens ? null : '4294967297',
    path: opens ? null : `/orders/item-${index}`,
    zxid: opens ? null : String(term * 2 ** 32 + index),
    sizeBytes: 96,
    membership: null,
    timeMs: opens ? null : noon - 1_000 * (200 - index),
    origin: opens ? null : 1,
    ...change,
  };
}

export function samplePage(member: number, change: Partial<LogPage> = {}): LogPage {
  const first = change.first ?? 1;
  const last = change.last ?? 120;
  const entries = Array.from({ length: last - first + 1 }, (_, at) => sampleEntry(first + at));
  return { member, first, last, commit: 118, applied: 118, entries, ...change };
}

export function sampleEvent(sequence: number, change: Partial<TimelineEvent> = {}): TimelineEvent {
  return {
    sequence,
    atMs: noon + sequence,
    level: 'info',
    kind: 'memberStarted',
    member: 1,
    facts: { pid: 4_701 },
    ...change,
  };
}

export function sampleStat(change: Partial<ZnodeStat> = {}): ZnodeStat {
  return {
    czxid: '8589934593',
    mzxid: '8589934593',
    pzxid: '8589934593',
    ctimeMs: noon,
    mtimeMs: noon,
    version: 0,
    cversion: 0,
    aversion: 0,
    ephemeralOwner: '0',
    dataLength: 0,
    numChildren: 0,
    ...change,
  };
}

export function sampleZnode(path: string, text: string, change: Partial<ZnodeStat> = {}): ZnodeValue {
  const data = encodeBytes(utf8Bytes(text));
  return { path, data, stat: sampleStat({ dataLength: data.length, ...change }) };
}
