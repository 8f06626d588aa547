/**
 * Changes of who belongs to the ensemble, and what else an operator asks of it: what would be done,
 * what is being done, how it went. One change at a time; it is on record before anything is touched,
 * so that a supervisor that was killed in the middle can say where it stands and go on.
 */
import { z } from 'zod';
import { apiError } from './errors.ts';

const member = z.number().int().min(1).max(255);

export const changeRequest = z.discriminatedUnion('kind', [
  /** A new member, as a learner; `promote`: then as a voter. */
  z.object({ kind: z.literal('add'), promote: z.boolean() }),
  z.object({ kind: z.literal('promote'), member }),
  z.object({ kind: z.literal('remove'), member }),
  /** The member's directory is given up and archived; the same id comes back under a new incarnation. */
  z.object({ kind: z.literal('replace'), member }),
]);
export type ChangeRequest = z.infer<typeof changeRequest>;
export type ChangeKind = ChangeRequest['kind'];

/** The steps of a change, in the order in which a change that has all of them takes them. */
export const changeStep = z.enum([
  /** Leadership goes to another member first. */
  'handOver',
  /** The old seat leaves the membership: a majority agrees. */
  'removeSeat',
  'stopProcess',
  /** The data directory is moved aside, never deleted. */
  'archive',
  /** A new data directory under a new incarnation, which belongs to nothing yet. */
  'makeDirectory',
  /** The running members learn the new one's address. */
  'introduce',
  'addLearner',
  /** The learner receives a snapshot and the log. */
  'catchUp',
  'promote',
]);
export type ChangeStep = z.infer<typeof changeStep>;

const plannedStep = z.object({
  step: changeStep,
  /** Already so: nothing to do. */
  done: z.boolean(),
  /** What it works on: folders, ports, members. */
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type PlannedStep = z.infer<typeof plannedStep>;

/** What exactly would happen, and everything that speaks against it. */
export const changePlan = z.object({
  kind: z.enum(['add', 'promote', 'remove', 'replace']),
  member: z.number(),
  steps: z.array(plannedStep),
  /** Empty: it would be begun. */
  refusals: z.array(apiError),
});
export type ChangePlan = z.infer<typeof changePlan>;

/** How a change stands. `interrupted`: the supervisor was stopped or killed meanwhile. */
export const ensembleChange = z.object({
  id: z.string(),
  kind: z.enum(['add', 'promote', 'remove', 'replace']),
  member: z.number(),
  state: z.enum(['running', 'done', 'failed', 'interrupted', 'abandoned']),
  /** The step it is in, or was in when it ended. */
  step: changeStep,
  /** How far within the step, such as entries received of those to receive; null: nothing to count. */
  progress: z.object({ done: z.number(), total: z.number() }).nullable(),
  /** Why it failed. */
  error: apiError.nullable(),
  startedAtMs: z.number(),
  /** Where the old data directory went, or will go. */
  archive: z.string().nullable(),
});
export type EnsembleChange = z.infer<typeof ensembleChange>;

/** What is asked of members without changing who they are. */
export const actionRequest = z.discriminatedUnion('kind', [
  /** Null: to the follower that is furthest. */
  z.object({ kind: z.literal('transfer'), to: member.nullable() }),
  z.object({ kind: z.literal('campaign'), member }),
  /** Null: every member that runs. */
  z.object({ kind: z.literal('snapshot'), member: member.nullable() }),
]);
export type ActionRequest = z.infer<typeof actionRequest>;

export const actionPlan = z.object({
  kind: z.enum(['transfer', 'campaign', 'snapshot']),
  /** The members it is about: the one to lead, or those that take a snapshot. */
  members: z.array(z.number()),
  /** Who leads before it. */
  leader: z.number().nullable(),
  refusals: z.array(apiError),
});
export type ActionPlan = z.infer<typeof actionPlan>;

/** What came of it. */
export const actionOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('leads'), member: z.number(), term: z.number(), tookMs: z.number() }),
  z.object({
    kind: z.literal('snapshots'),
    taken: z.array(z.object({ member: z.number(), index: z.number(), sizeBytes: z.number() })),
  }),
]);
export type ActionOutcome = z.infer<typeof actionOutcome>;
