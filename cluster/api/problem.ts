/** What is wrong with a value, in one line, from a failed check. */
import type { z } from 'zod';

/** `path: message; path: message`. */
export function describeProblem(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`))
    .join('; ');
}
