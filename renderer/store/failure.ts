/** Why a command did not succeed, as the console shows it. */
import type { ApiError } from '../../cluster/api/errors.ts';

/** The server's errors, and the one that only a client can have. */
export type FailureCode = ApiError['code'] | 'notConnected';

/** `what` is an English sentence for this very case; meaning and advice are translated by `code`. */
export interface Failure {
  readonly code: FailureCode;
  readonly what: string;
}

/** The part of a server's error that the console keeps. */
export function failureOf(error: ApiError): Failure {
  return { code: error.code, what: error.what };
}
