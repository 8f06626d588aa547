/** The lines in which Jepsen logs its operations: process, type, operation and value, apart by tabs or spaces. */
import type { Value } from './history.ts';
import { EdnReader, MalformedEdn } from './history-edn.ts';

const operationLine = /(?:^|[\s-])(:?[\w.-]+)\s+:(invoke|ok|fail|info)\s+:([\w./-]+)(?:\s+(.*))?$/;

/** The record of a line; null when it logs something else. */
export function logRecord(line: string): Value | null {
  const match = operationLine.exec(line.trimEnd());
  if (match === null) return null;
  const [, process = '', type = '', f = '', rest = ''] = match;
  return { process: /^\d+$/.test(process) ? Number(process) : process, type, f, value: firstForm(rest) };
}

/** The first form; what follows it, an error for instance, is for people. */
function firstForm(text: string): Value {
  try {
    return new EdnReader(text).next()?.value ?? null;
  } catch (failure) {
    if (failure instanceof MalformedEdn) return null;
    throw failure;
  }
}
