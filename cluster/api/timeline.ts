/** Timeline events: past tense, one line each, sequence-numbered, about something that can be linked to. */
import { z } from 'zod';

/** `kind` picks the sentence (translated in the renderer); `facts` fill it in. */
export const timelineEvent = z.object({
  sequence: z.number(),
  atMs: z.number(),
  level: z.enum(['info', 'warn', 'error']),
  kind: z.enum([
    'ensembleStarted',
    'ensembleStopped',
    'memberStarted',
    'memberStopped',
    'memberKilled',
    'memberCrashed',
    'memberPaused',
    'memberResumed',
    'memberBecameLeader',
    'memberSteppedDown',
    'electionStarted',
    'leaderLost',
    'leaderElected',
    'partitioned',
    'healed',
    'healthChanged',
    'znodeCreated',
    'znodeChanged',
    'znodeDeleted',
    'tailCut',
  ]),
  member: z.number().nullable(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type TimelineEvent = z.infer<typeof timelineEvent>;
