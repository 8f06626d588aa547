/**
 * What a client can subscribe to. A subscription answers with a snapshot, then deltas; `revision`
 * rises by one with each message of a subscription, so that a client can tell that it saw them all.
 * A snapshot replaces everything that the client knew of that subscription.
 */
import { z } from 'zod';
import { ensembleView } from './ensemble.ts';
import { logPage } from './log.ts';
import { timelineEvent } from './timeline.ts';
import { childrenWatch, znodePath, znodeWatch } from './znode.ts';

/** Entries per member in a log snapshot or delta. */
export const logTailEntriesMax = 200;

/** The question: which view, of what. */
export const view = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ensemble') }),
  /** Resumes after the event with this sequence number; 0 starts with what is still kept. */
  z.object({ kind: z.literal('timeline'), after: z.number().int().nonnegative() }),
  /** The ends of these members' logs, following them. */
  z.object({
    kind: z.literal('log'),
    members: z.array(z.number().int().min(1).max(255)).min(1).max(7),
  }),
  /** One znode's value and stat. */
  z.object({ kind: z.literal('znode'), path: znodePath }),
  /** That a znode's children changed; the pages themselves come from `znode.children`. */
  z.object({ kind: z.literal('children'), path: znodePath }),
]);
export type View = z.infer<typeof view>;

/** The whole value of a view. */
export const viewSnapshot = z.discriminatedUnion('view', [
  z.object({ view: z.literal('ensemble'), ensemble: ensembleView }),
  z.object({
    view: z.literal('timeline'),
    events: z.array(timelineEvent),
    /** Events between the asked sequence and the first one here are no longer kept. */
    missed: z.number(),
  }),
  /** What is known at first, often nothing: each member's page follows as a delta when it answers. */
  z.object({ view: z.literal('log'), pages: z.array(logPage) }),
  z.object({ view: z.literal('znode'), znode: znodeWatch }),
  z.object({ view: z.literal('children'), children: childrenWatch }),
]);
export type ViewSnapshot = z.infer<typeof viewSnapshot>;

/** A change of a view. */
export const viewDelta = z.discriminatedUnion('view', [
  /** The whole value again: seven members are a few kilobytes, less than a diff is worth. */
  z.object({ view: z.literal('ensemble'), ensemble: ensembleView }),
  z.object({ view: z.literal('timeline'), events: z.array(timelineEvent) }),
  /**
   * One member's log went on. The entries replace all known ones from the first one's index on (an
   * uncommitted tail can be overwritten); with none, only the marks moved. When they do not join on
   * to what the client has, older ones in between were skipped.
   */
  z.object({ view: z.literal('log'), page: logPage }),
  z.object({ view: z.literal('znode'), znode: znodeWatch }),
  z.object({ view: z.literal('children'), children: childrenWatch }),
]);
export type ViewDelta = z.infer<typeof viewDelta>;
