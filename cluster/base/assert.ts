/**
 * Assertions guard programmers, never users: they are always on, and a failed one stops the member.
 * Failures that a user or the world can cause are values (`Result`), not assertions.
 */

/** A broken invariant. `details` carries the values that make the failure readable in a log. */
export class AssertionFailure extends Error {
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, details: Readonly<Record<string, unknown>>) {
    super(Object.keys(details).length === 0 ? message : `${message} ${describe(details)}`);
    this.name = 'AssertionFailure';
    this.details = details;
  }
}

/** Throws `AssertionFailure` unless `condition` holds. State one fact per call. */
export function assert(
  condition: boolean,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): asserts condition {
  if (!condition) throw new AssertionFailure(message, details);
}

/** Ends an exhaustive switch: a new variant without a case is a type error here. */
export function unreachable(value: never): never {
  throw new AssertionFailure('unreachable variant', { value });
}

function describe(details: Readonly<Record<string, unknown>>): string {
  return Object.entries(details)
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(' ');
}
