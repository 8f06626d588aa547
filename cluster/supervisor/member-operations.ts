/** What the supervisor asks of a member beyond running: the parts of its messages that name peers, seats and requests. */
import { z } from 'zod';
import type { DiskFaults } from '../fault/disk-faults.ts';
import type { ConsensusRefusal } from '../ports/consensus.ts';

const member = z.number().int().min(1).max(255);
const id48 = z
  .number()
  .int()
  .nonnegative()
  .max(2 ** 48 - 1);

/** Where a member is reached by the others. */
export const peer = z.object({ member, peerPort: z.number().int().min(1).max(65_535) });
export type Peer = z.infer<typeof peer>;

/** One data directory's place in the ensemble. */
export const seat = z.object({ member, incarnation: id48 });
export type SeatRecord = z.infer<typeof seat>;

export const memberOperation = z.discriminatedUnion('kind', [
  /** To the leader. Null: to the follower that is furthest. */
  z.object({ kind: z.literal('transfer'), to: member.nullable() }),
  z.object({ kind: z.literal('campaign') }),
  /** To the leader, as are the next two. */
  z.object({ kind: z.literal('addLearner'), seat }),
  z.object({ kind: z.literal('promote'), members: z.array(member).min(1) }),
  z.object({ kind: z.literal('remove'), members: z.array(member).min(1) }),
  z.object({ kind: z.literal('snapshot') }),
]);
export type MemberOperationRequest = z.infer<typeof memberOperation>;

const refusal = z.enum([
  'notLeader',
  'full',
  'handingOver',
  'changing',
  'unknownMember',
  'alreadyMember',
  'notVoter',
  'notLearner',
  'lagging',
  'wouldLoseQuorum',
  'lastVoter',
  'removedSeat',
  'mayNotLead',
  'alreadyLeader',
  'snapshotUnderWay',
  'nothingApplied',
] as const satisfies readonly (ConsensusRefusal | 'snapshotUnderWay' | 'nothingApplied')[]);
export type OperationRefusal = z.infer<typeof refusal>;

/** `taken`: it was begun. */
export const operationOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('taken') }),
  z.object({ kind: z.literal('refused'), refusal }),
]);
export type OperationOutcome = z.infer<typeof operationOutcome>;

export const diskFaults = z.object({
  freeBytes: z.number().int().nonnegative().nullable(),
  writes: z.enum(['working', 'failing']),
  syncDelayMs: z.number().nonnegative(),
  sync: z.enum(['honest', 'lying']),
}) satisfies z.ZodType<DiskFaults>;
