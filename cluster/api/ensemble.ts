/**
 * The ensemble as the console and the CLI see it. JSON-safe: 64-bit ids are decimal strings, bytes
 * are base64. Every fact carries when it was probed, so that a stale one can look stale.
 */
import { z } from 'zod';
import { ensembleChange } from './changes.ts';
import { membershipView, standing } from './membership.ts';
import { ensembleSettings } from './settings.ts';

export const memberRole = z.enum(['follower', 'preCandidate', 'candidate', 'leader']);
export type MemberRole = z.infer<typeof memberRole>;

/** The operating-system process behind a member, as its parent knows it. "Up" is not "working". */
export const processState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stopped') }),
  z.object({ kind: z.literal('starting'), pid: z.number() }),
  z.object({ kind: z.literal('up'), pid: z.number() }),
  /** SIGSTOP: alive but silent. */
  z.object({ kind: z.literal('paused'), pid: z.number() }),
  z.object({ kind: z.literal('stopping'), pid: z.number() }),
  z.object({
    kind: z.literal('crashed'),
    exitCode: z.number().nullable(),
    signal: z.string().nullable(),
    /** What the member said before it died, or null: killed without a word. */
    reason: z.string().nullable(),
  }),
]);
export type ProcessState = z.infer<typeof processState>;

/** Whether a member can write. Wall milliseconds: since when it cannot. */
export const diskState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ok') }),
  z.object({ kind: z.literal('full'), sinceMs: z.number() }),
  z.object({ kind: z.literal('failing'), sinceMs: z.number() }),
]);

export const snapshotView = z.object({
  index: z.number(),
  term: z.number(),
  sizeBytes: z.number(),
  /** Digest of the tree at `index`, hexadecimal. */
  digest: z.string(),
  /** Decimal. */
  zxid: z.string(),
});

/** A member's own report. */
export const memberReport = z.object({
  role: memberRole,
  term: z.number(),
  leader: z.number().nullable(),
  votedFor: z.number().nullable(),
  first: z.number(),
  last: z.number(),
  persisted: z.number(),
  commit: z.number(),
  applied: z.number(),
  /** Last applied transaction, decimal. */
  zxid: z.string(),
  /** Digest of the tree at `applied`, hexadecimal. */
  digest: z.string(),
  /** Whether clients are served now. */
  serving: z.boolean(),
  /** Leader only: what it knows of each follower. */
  followers: z.array(
    z.object({
      id: z.number(),
      match: z.number(),
      next: z.number(),
      silentMs: z.number(),
      /** `snapshot`: it needs what the log no longer has. */
      mode: z.enum(['probe', 'replicate', 'snapshot']),
    }),
  ),
  /** Members this one hears from: link state from this side. */
  links: z.array(
    z.object({ id: z.number(), heardMsAgo: z.number().nullable(), roundTripMs: z.number().nullable() }),
  ),
  connections: z.number(),
  sessions: z.number(),
  znodes: z.number(),
  watches: z.number(),
  outstanding: z.number(),
  received: z.number(),
  sent: z.number(),
  fsyncP99Ms: z.number().nullable(),
  latencyMs: z.object({ min: z.number(), average: z.number(), max: z.number() }),
  /** Longest delay of the member's event loop since its report before this one. */
  loopLagMs: z.number(),
  memoryBytes: z.number(),
  uptimeMs: z.number(),
  incarnation: z.string(),
  life: z.number(),
  /** The newest membership in this member's log, committed or not, and the index of its entry. */
  membership: membershipView,
  membershipIndex: z.number(),
  /** Leader only: who it is handing leadership to. */
  transferTo: z.number().nullable(),
  /** Its disk lost something that a leader has yet to replace: it does not campaign. */
  repairing: z.boolean(),
  /** Why it keeps out of everything for good, or null. */
  fenced: z.string().nullable(),
  disk: diskState,
  /** Newest first. */
  snapshots: z.array(snapshotView),
  logBytes: z.number(),
  /** Where the members compare digests: the newest such point. */
  checkpoint: z.object({ index: z.number(), digest: z.string() }).nullable(),
});
export type MemberReport = z.infer<typeof memberReport>;

export const memberView = z.object({
  id: z.number(),
  clientPort: z.number(),
  peerPort: z.number(),
  dataFolder: z.string(),
  logFile: z.string(),
  standing,
  process: processState,
  /** Members whose frames are cut by an injected partition, per direction. */
  blocked: z.object({ to: z.array(z.number()), from: z.array(z.number()) }),
  /** The last report and when it came (wall milliseconds); null before the first. */
  report: memberReport.nullable(),
  reportedAtMs: z.number().nullable(),
});
export type MemberView = z.infer<typeof memberView>;

/** Why the ensemble is in the state it is in, by name; the console translates, the CLI prints. */
export const healthReason = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('noQuorum'), working: z.number(), needed: z.number() }),
  z.object({ kind: z.literal('noLeader') }),
  z.object({
    kind: z.literal('memberDown'),
    member: z.number(),
    state: z.enum(['stopped', 'starting', 'stopping', 'crashed']),
  }),
  z.object({ kind: z.literal('memberPaused'), member: z.number() }),
  z.object({ kind: z.literal('memberSilent'), member: z.number(), silentMs: z.number() }),
  z.object({ kind: z.literal('memberLagging'), member: z.number(), behind: z.number() }),
  z.object({ kind: z.literal('linkCut'), from: z.number(), to: z.number() }),
  z.object({ kind: z.literal('diverged'), member: z.number(), index: z.number() }),
  /** Given up by a forced recovery, and not replaced yet. */
  z.object({ kind: z.literal('memberLost'), member: z.number() }),
  z.object({ kind: z.literal('memberRepairing'), member: z.number() }),
  z.object({ kind: z.literal('memberFenced'), member: z.number(), reason: z.string() }),
  z.object({ kind: z.literal('diskTrouble'), member: z.number(), disk: z.enum(['full', 'failing']) }),
  /** A change of members stopped half-way and waits for the operator. */
  z.object({ kind: z.literal('changeUnfinished'), change: z.string(), member: z.number() }),
]);
export type HealthReason = z.infer<typeof healthReason>;

export const health = z.object({
  level: z.enum(['healthy', 'degraded', 'noQuorum', 'stopped']),
  /** Voters that work: reporting, knowing the leader, keeping up. */
  working: z.number(),
  /** Voters. */
  total: z.number(),
  /** How many more can be lost before writes stop; 0 means none. */
  tolerance: z.number(),
  /** Since when the level is what it is (wall milliseconds). */
  sinceMs: z.number(),
  reasons: z.array(healthReason),
});
export type Health = z.infer<typeof health>;

export const ensembleView = z.object({
  name: z.string(),
  engine: z.literal('raft'),
  /** ZooKeeper connection string of all members. */
  connect: z.string(),
  leader: z.number().nullable(),
  term: z.number(),
  health,
  settings: ensembleSettings,
  /** All but those that were removed. */
  members: z.array(memberView),
  /** The change of members under way, or the last one. */
  change: ensembleChange.nullable(),
});
export type EnsembleView = z.infer<typeof ensembleView>;
