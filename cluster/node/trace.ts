/** A member's log file: one JSON object a line, in two files of bounded size. */
import { appendFileSync, existsSync, renameSync, statSync } from 'node:fs';
import type { Trace, TraceLevel } from '../ports/trace.ts';

/** Past this size the file becomes `<file>.1`, and the one before is dropped. */
const fileBytesMax = 8 * 1024 * 1024;

const ranks: Readonly<Record<TraceLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Writes events of at least `level` to `file`. What is told must be rare: a line is a system call. */
export function createFileTrace(options: { readonly file: string; readonly level: TraceLevel }): Trace {
  const { file, level: lowest } = options;
  let bytes = existsSync(file) ? statSync(file).size : 0;
  return {
    emit: (level, event, facts = {}) => {
      if (ranks[level] < ranks[lowest]) return;
      const line = `${JSON.stringify({ at: new Date().toISOString(), level, event, ...facts })}\n`;
      if (bytes > fileBytesMax) {
        renameSync(file, `${file}.1`);
        bytes = 0;
      }
      appendFileSync(file, line);
      bytes += Buffer.byteLength(line);
    },
  };
}
