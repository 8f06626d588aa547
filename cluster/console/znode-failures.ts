/** A ZooKeeper failure as an error of the console API. */
import { type ApiError, type ApiErrorCode, apiErrorCode } from '../api/errors.ts';
import type { ZkFailure } from '../client/failure.ts';
import { apiFailure } from './failures.ts';

/** `quorum`: whether the supervisor sees a majority at work now. */
export function znodeFailure(failure: ZkFailure, { quorum }: { readonly quorum: boolean }): ApiError {
  return apiFailure(codeOf(failure, quorum), sentence(failure), {
    path: failure.path,
    operation: failure.operation,
  });
}

export function noZnode(path: string): ApiError {
  return apiFailure('noNode', `There is no znode ${path}.`, { path });
}

export function noQuorum(path: string): ApiError {
  return apiFailure('noQuorum', 'The ensemble has no majority at work.', { path });
}

/** Names that both sides share are the same code; the rest are about the way to the store. */
function codeOf(failure: ZkFailure, quorum: boolean): ApiErrorCode {
  const shared = apiErrorCode.safeParse(failure.code);
  if (shared.success) return shared.data;
  switch (failure.code) {
    case 'connectionLoss':
    case 'operationTimeout':
    case 'sessionExpired':
      if (failure.outcome === 'unknown') return 'outcomeUnknown';
      return quorum ? 'deadline' : 'noQuorum';
    case 'clientClosed':
      return 'closing';
    case 'tooManyRequests':
      return 'tooMany';
    case 'requestTooLarge':
      return 'badArguments';
    default:
      return 'operationFailed';
  }
}

function sentence({ code, operation, path, what }: ZkFailure): string {
  switch (code) {
    case 'noNode':
      return operation === 'create' ? `The parent of ${path} does not exist.` : `There is no znode ${path}.`;
    case 'nodeExists':
      return `The znode ${path} exists already.`;
    case 'badVersion':
      return `The znode ${path} has another version.`;
    case 'notEmpty':
      return `The znode ${path} has children.`;
    default:
      return `${what}.`;
  }
}
