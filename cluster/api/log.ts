/** A member's replicated log as the console shows it: decoded entries, aligned by index. */
import { z } from 'zod';
import { decimalId } from './bytes.ts';

/** What an entry asks of the store; `noop` opens a leader's term, `membership` says who belongs, `unknown` could not be decoded. */
export const logOperation = z.enum([
  'noop',
  'membership',
  'createSession',
  'attachSession',
  'closeSession',
  'expireSession',
  'create',
  'delete',
  'setData',
  'setAcl',
  'check',
  'multi',
  'unknown',
]);
export type LogOperation = z.infer<typeof logOperation>;

export const logEntryView = z.object({
  index: z.number(),
  term: z.number(),
  kind: z.enum(['command', 'noop', 'membership']),
  operation: logOperation,
  /** The session that asked, decimal; null when the entry belongs to none. */
  session: decimalId.nullable(),
  /** The znode it is about; of a `multi`, that of its first part. */
  path: z.string().nullable(),
  /** The zxid its transaction has or would get, decimal; null for entries that consume none. */
  zxid: decimalId.nullable(),
  sizeBytes: z.number(),
  /** What a membership entry says, by member ids; null for all others. */
  membership: z
    .object({
      voters: z.array(z.number()),
      outgoing: z.array(z.number()),
      learners: z.array(z.number()),
      cause: z.enum(['founded', 'changed', 'recovered']),
    })
    .nullable(),
  /** Wall time of its proposer, milliseconds since 1970; null for entries that no client asked for. */
  timeMs: z.number().nullable(),
  /** The member that took the request from its client; null for entries that no client asked for. */
  origin: z.number().nullable(),
});
export type LogEntryView = z.infer<typeof logEntryView>;

/** A run of consecutive entries of one member, and where its log stood when it was read. */
export const logPage = z.object({
  member: z.number(),
  first: z.number(),
  last: z.number(),
  commit: z.number(),
  applied: z.number(),
  entries: z.array(logEntryView),
});
export type LogPage = z.infer<typeof logPage>;
