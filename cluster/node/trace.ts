/** A member's log file: one JSON object a line, in two files of bounded size. */
import { appendFileSync, existsSync, renameSync, statSync } from 'node:fs';
import type { Trace, TraceLevel } from '../ports/trace.ts';

/** Past this size the file becomes `<file>.1`, and the one before is dropped. */
const fileBytesMax = 8 * 1024 * 1024;

const ranks: Readonly<Record<TraceLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/**
 * Writes events of at least `level` to `file`. What is told must be rare: a line is a system call. A
 * line that the disk does not take is lost, for a full disk must not end the member; the next line
 * that it does take is preceded by how many were.
 */
export function createFileTrace(options: { readonly file: string; readonly level: TraceLevel }): Trace {
  const { file, level: lowest } = options;
  let bytes = existsSync(file) ? statSync(file).size : 0;
  let lost = 0;
  let reason = '';
  const append = (line: string): void => {
    if (bytes > fileBytesMax) {
      renameSync(file, `${file}.1`);
      bytes = 0;
    }
    appendFileSync(file, line);
    bytes += Buffer.byteLength(line);
  };
  return {
    emit: (level, event, facts = {}) => {
      if (ranks[level] < ranks[lowest]) return;
      try {
        if (lost > 0) append(lineOf('warn', 'traceLinesLost', { lines: lost, reason }));
        lost = 0;
        append(lineOf(level, event, facts));
      } catch (failure) {
        lost += 1;
        reason = failure instanceof Error ? failure.message : String(failure);
      }
    },
  };
}

function lineOf(level: TraceLevel, event: string, facts: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify({ at: new Date().toISOString(), level, event, ...facts })}\n`;
}
