/**
 * The contract between the supervisor and a member's process: every message on the child's IPC
 * channel, checked on both sides. A member is born knowing nothing; `configure` tells it everything,
 * the secret included, so that neither shows in the process list.
 *
 *   new:    configure ──► created ──► proceed ──► ready ──► report, event …
 *   known:  configure ──► starting … ──► ready ──► report, event …
 */
import { z } from 'zod';
import { memberReport } from '../api/ensemble.ts';
import { logPage } from '../api/log.ts';
import { ensembleSettings } from '../api/settings.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { diskFaults, memberOperation, operationOutcome, peer, seat } from './member-operations.ts';

const member = z.number().int().min(1).max(255);
const port = z.number().int().min(1).max(65_535);
const milliseconds = z.number().positive();
const id48 = z
  .number()
  .int()
  .nonnegative()
  .max(2 ** 48 - 1);
/** Numbers a request; its answer carries the same number. */
const request = z.number().int().nonnegative();

export const memberTiming = z.object({
  heartbeatMs: milliseconds,
  electionMinMs: milliseconds,
  electionMaxMs: milliseconds,
});
export type MemberTiming = z.infer<typeof memberTiming>;

/** Per-cluster defaults (DESIGN.md 5.1). */
export const defaultTiming: MemberTiming = { heartbeatMs: 50, electionMinMs: 250, electionMaxMs: 500 };

const blockedLinks = z.object({ to: z.array(member), from: z.array(member) });
export type BlockedLinks = z.infer<typeof blockedLinks>;

const memberConfiguration = z.object({
  clusterId: id48,
  /** The per-cluster secret that members prove to each other, hexadecimal. */
  secret: z.string().regex(/^[0-9a-f]{64}$/),
  member,
  clientPort: port,
  /** Addresses of everyone, this member included. Who belongs to the ensemble is in the log, not here. */
  peers: z.array(peer).min(1),
  /** Seats given up: a directory of one of these is refused by name, and so is who speaks for one. */
  removed: z.array(seat),
  timing: memberTiming,
  settings: ensembleSettings,
  dataFolder: z.string(),
  logFile: z.string(),
  /**
   * `found` and `join` happen once in a directory's life; ever after it must be there and be the same
   * incarnation ("nothing on disk" is never taken for "new", DESIGN.md 5.2). A founder's log begins
   * with the founders; who joins belongs to nothing until the leader's log says so.
   */
  directory: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('found'), incarnation: id48, founders: z.array(seat).min(1) }),
    z.object({ kind: z.literal('join'), incarnation: id48 }),
    /** One that was started less often than it was seen to be is an older copy of itself. */
    z.object({ kind: z.literal('open'), incarnation: id48, livesSeen: z.number().int().nonnegative() }),
  ]),
  blocked: blockedLinks,
});
export type MemberConfiguration = z.infer<typeof memberConfiguration>;

const supervisorMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('configure'), configuration: memberConfiguration }),
  /** The new directory is on record, when founding every member's: the member may start to work. */
  z.object({ kind: z.literal('proceed') }),
  /** Entries from `from` on; null: the last `count`. Answered by `logPage`. */
  z.object({
    kind: z.literal('readLog'),
    request,
    from: z.number().int().min(1).nullable(),
    count: z.number().int().min(1),
  }),
  /** The links that an injected partition cuts, all of them. Answered by `done`. */
  z.object({ kind: z.literal('setBlocked'), request, blocked: blockedLinks }),
  /** The addresses, and the seats given up, from now on. Answered by `done`. */
  z.object({ kind: z.literal('setPeers'), request, peers: z.array(peer).min(1), removed: z.array(seat) }),
  /** The faults of the disk from now on: they replace those set before. Answered by `done`. */
  z.object({ kind: z.literal('setFaults'), request, disk: diskFaults }),
  /** Answered by `operated` at once; what comes of it shows in the reports. */
  z.object({ kind: z.literal('operate'), request, operation: memberOperation }),
  z.object({ kind: z.literal('stop') }),
]);
export type SupervisorMessage = z.infer<typeof supervisorMessage>;

/** What a member noticed that belongs on the timeline; the supervisor adds who and when. */
const memberEvent = z.object({
  kind: z.enum([
    'memberBecameLeader',
    'memberSteppedDown',
    'electionStarted',
    'tailCut',
    'membershipChanged',
    'leadershipTransferred',
    'transferGivenUp',
    'snapshotTaken',
    'snapshotFailed',
    'snapshotInstalled',
    'compacted',
    'repairStarted',
    'repaired',
    'diskFull',
    'diskFailing',
    'diskRecovered',
    'diverged',
    'fenced',
  ]),
  level: z.enum(['info', 'warn', 'error']),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type MemberEvent = z.infer<typeof memberEvent>;

/** Why a member refuses to run, in the three sentences of promise 10. */
const fatalReason = z.object({
  code: z.string(),
  what: z.string(),
  meaning: z.string(),
  todo: z.string(),
});
export type FatalReason = z.infer<typeof fatalReason>;

const memberMessage = z.discriminatedUnion('kind', [
  /** The directory was initialised; the member waits for `proceed`. */
  z.object({ kind: z.literal('created'), incarnation: id48 }),
  /** Bytes of a snapshot loaded so far: each such message starts the wait for `ready` anew. */
  z.object({ kind: z.literal('starting'), done: z.number(), total: z.number() }),
  /** Ports are open; the first report was sent. */
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('report'), report: memberReport }),
  z.object({ kind: z.literal('event'), event: memberEvent }),
  z.object({ kind: z.literal('logPage'), request, page: logPage }),
  z.object({ kind: z.literal('done'), request }),
  z.object({ kind: z.literal('operated'), request, outcome: operationOutcome }),
  /** Sent last, before a refusing exit. */
  z.object({ kind: z.literal('fatal'), reason: fatalReason }),
]);
export type MemberMessage = z.infer<typeof memberMessage>;

/** Checks what came from the supervisor; the failure says what is wrong with it. */
export function parseSupervisorMessage(value: unknown): Result<SupervisorMessage, string> {
  const parsed = supervisorMessage.safeParse(value);
  return parsed.success ? ok(parsed.data) : fail(z.prettifyError(parsed.error));
}

/** Checks what came from a member. */
export function parseMemberMessage(value: unknown): Result<MemberMessage, string> {
  const parsed = memberMessage.safeParse(value);
  return parsed.success ? ok(parsed.data) : fail(z.prettifyError(parsed.error));
}
