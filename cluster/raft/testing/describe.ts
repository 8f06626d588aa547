/** Test support: a message on one line, for transcripts. */
import { decodeMessage } from '../codec.ts';

/** Kind and facts, in the order they are declared. */
export function describeMessage(bytes: Uint8Array): string {
  const decoded = decodeMessage(bytes);
  if (!decoded.ok) return `garbage (${decoded.error})`;
  const { kind, ...facts } = decoded.value;
  const told = Object.entries(facts).map(([name, value]) =>
    Array.isArray(value) ? `${name}=${value.length}` : `${name}=${String(value)}`,
  );
  return `${kind} ${told.join(' ')}`;
}
