/** Errors of the console API: what happened, what it means, what to do next (DESIGN.md, promise 10). */
import { z } from 'zod';

export const apiErrorCode = z.enum([
  // Answers of the store (`KeeperException.Code`).
  'noNode',
  'nodeExists',
  'badVersion',
  'notEmpty',
  'noAuth',
  'noChildrenForEphemerals',
  'invalidAcl',
  'badArguments',
  'unimplemented',
  // The ensemble cannot serve.
  'noQuorum',
  /** No answer within the deadline: whether a write happened is unknown. */
  'deadline',
  /** The connection broke while a write was under way: whether it happened is unknown. */
  'outcomeUnknown',
  // Operations on members.
  'unknownMember',
  'wrongState',
  'operationFailed',
  /** A change of members, or an action, that is not safe or not possible now; `facts.reason` says which. */
  'refused',
  // The API itself.
  'invalidMessage',
  'invalidInput',
  'unknownCommand',
  'notAuthenticated',
  'tooMany',
  'closing',
  'internal',
]);
export type ApiErrorCode = z.infer<typeof apiErrorCode>;

/** English sentences for the CLI and logs; a translating client goes by `code` and `facts`. */
export const apiError = z.object({
  code: apiErrorCode,
  what: z.string(),
  meaning: z.string(),
  todo: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type ApiError = z.infer<typeof apiError>;
