/** Why a request failed, in ZooKeeper's names and in words: what happened, what it means, what to do. */
import type { ZkError } from '../zk/errors.ts';
import type { ClientRequest } from '../zk/requests.ts';

/** ZooKeeper's names, and what only a client can say. */
export type ZkFailureCode = ZkError | 'clientClosed' | 'tooManyRequests' | 'requestTooLarge';

export interface ZkFailure {
  readonly code: ZkFailureCode;
  /**
   * `notDone`: the request changed nothing. `unknown`: it is a write that may have happened, or may
   * still happen; read before repeating it.
   */
  readonly outcome: 'notDone' | 'unknown';
  readonly operation: ClientRequest['kind'];
  readonly path: string | null;
  /** The first part of a multi that failed; null for other operations. */
  readonly part: number | null;
  readonly what: string;
  readonly meaning: string;
  readonly todo: string;
}

interface Words {
  readonly meaning: string;
  readonly todo: string;
}

/** What codes mean to the caller; the rest share `otherWords`. */
const words: Partial<Record<ZkFailureCode, Words>> = {
  noNode: {
    meaning: 'The znode, or the parent of the znode to create, does not exist.',
    todo: 'Check the path, or create the parent first.',
  },
  nodeExists: {
    meaning: 'A znode with this path exists; nothing was changed.',
    todo: 'Set its data instead, or choose another path.',
  },
  badVersion: {
    meaning: 'The znode changed since that version was read; nothing was overwritten.',
    todo: 'Read it again and repeat with its current version.',
  },
  notEmpty: {
    meaning: 'A znode with children cannot be deleted; nothing was changed.',
    todo: 'Delete its children first.',
  },
  noAuth: {
    meaning: "The znode's ACL does not grant this to this session.",
    todo: 'Add the identity it asks for, or have the ACL changed by a client that has it.',
  },
  noChildrenForEphemerals: {
    meaning: 'The parent is ephemeral, and an ephemeral znode cannot have children.',
    todo: 'Choose a persistent parent.',
  },
  invalidAcl: {
    meaning: 'The ACL is empty or names an identity that the server does not accept.',
    todo: 'Correct the ACL.',
  },
  badArguments: {
    meaning: 'The server refused the request as not well formed; nothing was changed.',
    todo: 'Check the path: absolute, no empty, "." or ".." part, no slash at the end.',
  },
  authFailed: {
    meaning: 'The server did not accept the credential, and closes the connection.',
    todo: 'Check the scheme and the credential.',
  },
  unimplemented: {
    meaning: 'The server does not offer this operation.',
    todo: 'Use another operation; see "where we differ" in cluster/README.md.',
  },
  sessionExpired: {
    meaning: 'The session is over: its ephemeral znodes are deleted and its watches are gone.',
    todo: 'Open a new session and set up its ephemeral znodes and watches again.',
  },
  clientClosed: {
    meaning: 'The client was closed by its user and sends nothing any more.',
    todo: 'Create a new client.',
  },
  tooManyRequests: {
    meaning: 'The queue of unsent requests is full; this one was not sent.',
    todo: 'Wait for answers before sending more.',
  },
  requestTooLarge: {
    meaning: 'The server would close the connection over a packet this large; it was not sent.',
    todo: 'Store less in one znode, or in one multi.',
  },
};

const otherWords: Words = {
  meaning: 'The server could not carry the request out; nothing was changed.',
  todo: "Look at the server's log.",
};

const lostWords: Record<ZkFailure['outcome'], Words> = {
  notDone: {
    meaning: 'The request was not carried out: it was never sent, or only reads.',
    todo: 'Check that a majority of the servers works, then repeat it.',
  },
  unknown: {
    meaning: 'The write was sent, but its answer did not come: it may have happened, or may still happen.',
    todo: 'Read the znode to find out before repeating it.',
  },
};

/** The server's answer was an error: nothing was changed. `part`: which part of a multi. */
export function refusal(request: ClientRequest, code: ZkFailureCode, part: number | null = null): ZkFailure {
  const step = part === null ? '' : ` (part ${part})`;
  return {
    code,
    outcome: 'notDone',
    operation: request.kind,
    path: pathOf(request, part),
    part,
    what: `${describe(request, part)}${step}: ${code}`,
    ...(words[code] ?? otherWords),
  };
}

/** No answer came, and `reason` says why. `sent`: whether the request had left this process. */
export function noAnswer(
  request: ClientRequest,
  loss: {
    readonly code: 'connectionLoss' | 'operationTimeout' | 'sessionExpired' | 'clientClosed';
    readonly sent: boolean;
    readonly reason: string;
  },
): ZkFailure {
  const outcome = loss.sent && isWrite(request) ? 'unknown' : 'notDone';
  const told = outcome === 'notDone' ? words[loss.code] : undefined;
  return {
    code: loss.code,
    outcome,
    operation: request.kind,
    path: pathOf(request, null),
    part: null,
    what: `${describe(request, null)}: ${loss.code}, ${loss.reason}`,
    ...(told ?? lostWords[outcome]),
  };
}

/** One line for logs and command lines. */
export function formatFailure({ what, meaning, todo }: ZkFailure): string {
  return `${what}. ${meaning} ${todo}`;
}

function describe(request: ClientRequest, part: number | null): string {
  const path = pathOf(request, part);
  return path === null ? request.kind : `${request.kind} ${path}`;
}

function pathOf(request: ClientRequest, part: number | null): string | null {
  if (request.kind === 'multi') return part === null ? null : (request.parts[part]?.path ?? null);
  return 'path' in request ? request.path : null;
}

function isWrite({ kind }: ClientRequest): boolean {
  return (
    kind === 'create' || kind === 'delete' || kind === 'setData' || kind === 'setAcl' || kind === 'multi'
  );
}
