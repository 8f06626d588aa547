/** Test support: a message on one line, for transcripts. */
import type { RaftMessage } from '../messages.ts';

/** Kind and facts, in the order they are declared. */
export function describeMessage({ kind, ...facts }: RaftMessage): string {
  const told = Object.entries(facts).map(([name, value]) =>
    Array.isArray(value) ? `${name}=${value.length}` : `${name}=${String(value)}`,
  );
  return `${kind} ${told.join(' ')}`;
}
