/** Who belongs to the ensemble, as its members report it. */
import { z } from 'zod';

/** One data directory's place: a member id and the life of the directory, hexadecimal. */
export const seatView = z.object({ id: z.number(), incarnation: z.string() });
export type SeatView = z.infer<typeof seatView>;

export const membershipView = z.object({
  /** While joint, the voters to be. */
  voters: z.array(seatView),
  /** The voters that were, while a change of voters is under way (joint consensus); empty otherwise. */
  outgoing: z.array(seatView),
  learners: z.array(seatView),
  /** Seats given up, oldest first. */
  removed: z.array(seatView),
});
export type MembershipView = z.infer<typeof membershipView>;

/**
 * A member's place on the supervisor's record. `making`: its data directory is not complete yet.
 * `joining`: it runs and belongs to nothing yet. `lost`: given up by a forced recovery.
 */
export const standing = z.enum(['making', 'joining', 'learner', 'voter', 'lost']);
export type Standing = z.infer<typeof standing>;
