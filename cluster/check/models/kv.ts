/**
 * A key-value store, key by key: `get`, `put`, `append`, `delete`, `cas`. An absent key reads as null, and
 * putting null deletes.
 */
import { fail, ok, type Result } from '../../base/result.ts';
import type { Operation } from '../history-operations.ts';
import { type CellAction, compileCell } from './cell.ts';
import { modelOf } from './model.ts';
import { understandCas } from './register.ts';

export const kvModel = modelOf({ name: 'kv', understand, compile: compileCell });

function understand(operation: Operation): Result<CellAction | null, string> {
  const { f, input, output, outcome } = operation;
  switch (f.toLowerCase()) {
    case 'get':
    case 'read':
    case 'r':
      return ok(outcome === 'ok' ? { kind: 'read', value: output } : null);
    case 'put':
    case 'set':
    case 'write':
    case 'w':
      return ok({ kind: 'write', value: input });
    case 'append':
      if (typeof input !== 'string') return fail('append takes a text');
      return ok({ kind: 'append', text: input });
    case 'delete':
    case 'del':
    case 'remove':
      return ok({ kind: 'write', value: null });
    case 'cas':
      return understandCas(operation);
    default:
      return fail(`the model kv has no operation "${f}"; expected get, put, append, delete or cas`);
  }
}
