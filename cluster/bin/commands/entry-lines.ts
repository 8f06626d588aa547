/** Log entries for people, one per line, the first few of many. */
import type { Entry } from '../../base/entry.ts';
import { viewOfEntry } from '../../replica/log-reader.ts';

/** Lines printed; JSON has more. */
export const entryLinesMax = 20;

export function entryLines(entries: readonly Entry[], total: number = entries.length): readonly string[] {
  const lines = entries.slice(0, entryLinesMax).map((entry) => {
    const { index, term, operation, path, membership, sizeBytes } = viewOfEntry(entry, null);
    const about = path ?? (membership === null ? '' : `voters ${membership.voters.join(',')}`);
    return `${index}  term ${term}  ${operation}${about === '' ? '' : ` ${about}`}  (${sizeBytes} bytes)`;
  });
  return total > lines.length ? [...lines, `… and ${total - lines.length} more`] : lines;
}
