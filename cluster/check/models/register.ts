/** A register: `read`, `write`, `cas`. The vocabulary of Jepsen's register and cas-register tests. */
import { fail, ok, type Result } from '../../base/result.ts';
import { isList, type Value } from '../history.ts';
import type { Operation } from '../history-operations.ts';
import { type CellAction, compileCell } from './cell.ts';
import { modelOf } from './model.ts';

export const registerModel = modelOf({ name: 'register', understand, compile: compileCell });

function understand(operation: Operation): Result<CellAction | null, string> {
  const { f, input, output, outcome } = operation;
  switch (f.toLowerCase()) {
    case 'read':
    case 'r':
    case 'get':
      return ok(outcome === 'ok' ? { kind: 'read', value: output } : null);
    case 'write':
    case 'w':
    case 'put':
    case 'set':
      return ok({ kind: 'write', value: input });
    case 'cas':
      return understandCas(operation);
    default:
      return fail(`the model register has no operation "${f}"; expected read, write or cas`);
  }
}

/** `[old, new]`; an ok with the answer false compared and did not match. */
export function understandCas({ input, output, outcome }: Operation): Result<CellAction, string> {
  if (!isList(input) || input.length !== 2)
    return fail('a cas takes a list of two values, the one expected and the new one');
  const [from, to] = input as readonly [Value, Value];
  return ok(outcome === 'ok' && output === false ? { kind: 'miss', from } : { kind: 'swap', from, to });
}
