/** The console's errors in words: what happened, what it means, what to do (DESIGN.md, promise 10). */
import type { ApiError, ApiErrorCode } from '../api/errors.ts';

type Facts = ApiError['facts'];

interface Words {
  readonly meaning: string;
  readonly todo: string;
}

const words: Readonly<Record<ApiErrorCode, Words>> = {
  noNode: {
    meaning: 'The path, or the parent of a znode to create, is not in the tree.',
    todo: 'Check the path, or create the parent first.',
  },
  nodeExists: {
    meaning: 'A znode with this path is there already; nothing was changed.',
    todo: 'Set its value instead, or choose another name.',
  },
  badVersion: {
    meaning: 'The znode changed since that version was read; nothing was overwritten.',
    todo: 'Read it again and repeat with its current version, or use version -1 to match any.',
  },
  notEmpty: {
    meaning: 'A znode with children cannot be deleted; nothing was changed.',
    todo: 'Delete its children first.',
  },
  noAuth: {
    meaning: 'The ACL of the znode does not grant this to the session of the console.',
    todo: 'Use a client that has the right identity, or have the ACL changed by one.',
  },
  noChildrenForEphemerals: {
    meaning: 'The parent is ephemeral, and an ephemeral znode cannot have children.',
    todo: 'Choose a persistent parent.',
  },
  invalidAcl: {
    meaning: 'The ACL is empty or has an identity or permission that the store does not accept.',
    todo: 'Correct the ACL; world:anyone with all permissions is open to everyone.',
  },
  badArguments: {
    meaning: 'The store refused the request as not well formed; nothing was changed.',
    todo: 'Check the path: absolute, no empty, "." or ".." part, no trailing slash.',
  },
  unimplemented: {
    meaning: 'The members do not offer this operation.',
    todo: 'See "where we differ" in cluster/README.md.',
  },
  noQuorum: {
    meaning: 'Fewer than a majority of the members work together, so nothing can be read or written safely.',
    todo: 'Start or resume members, or heal the partition, until a majority works; then repeat.',
  },
  deadline: {
    meaning: 'No answer came in time. A write may still happen, or may have happened.',
    todo: 'Look at the health of the ensemble, then read before repeating a write.',
  },
  outcomeUnknown: {
    meaning: 'The connection broke before the answer came: the write may or may not have happened.',
    todo: 'Read the znode to find out, then repeat if needed.',
  },
  unknownMember: {
    meaning: 'The ensemble has no member with this number.',
    todo: 'Ask for the status to see the members.',
  },
  wrongState: {
    meaning: "The member's process is not in a state in which this can be done; nothing was changed.",
    todo: 'Ask for the status to see the state of each member.',
  },
  operationFailed: {
    meaning: 'The operation on the member did not succeed.',
    todo: "Read the member's log file, named in the status, then repeat.",
  },
  refused: {
    meaning: 'It was not safe or not possible now; nothing was done.',
    todo: 'Ask for the status, put right what it shows, then repeat.',
  },
  invalidMessage: {
    meaning: 'The message is not of this protocol and was ignored.',
    todo: 'Use a client of the same version as the server.',
  },
  invalidInput: {
    meaning: 'The input of the command does not follow its schema; nothing was done.',
    todo: 'Correct the input and repeat.',
  },
  unknownCommand: {
    meaning: 'This server has no command with that name.',
    todo: 'Use a client of the same version as the server.',
  },
  notAuthenticated: {
    meaning: 'The console serves only those who know the token of this run.',
    todo: 'Open the address that `muster up` printed, or ask `muster status` for it.',
  },
  tooMany: {
    meaning: 'A bound of the server is reached; nothing was done.',
    todo: 'Wait for what is under way to finish, or close what is not needed.',
  },
  closing: {
    meaning: 'The instance is stopping and takes no more requests.',
    todo: 'Start it again with `muster up`.',
  },
  internal: {
    meaning: 'This is a defect of Muster, not of what you asked.',
    todo: 'Report it with the text above.',
  },
};

/** The error of this code; `what` says what happened, in this case. */
export function apiFailure(code: ApiErrorCode, what: string, facts: Facts = {}): ApiError {
  return { code, what, ...words[code], facts };
}
