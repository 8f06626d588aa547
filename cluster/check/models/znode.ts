/**
 * One znode of ZooKeeper: `create`, `delete`, `setData`, `getData`, `exists`. Its parent is taken to exist and
 * itself to be persistent. Answers with an error code are observations like any other.
 */
import { fail, ok, type Result } from '../../base/result.ts';
import { canonicalText, isObject, type Value } from '../history.ts';
import type { Operation } from '../history-operations.ts';
import { modelOf } from './model.ts';
import { anyVersion, compileZnode, type Refusal, type ZnodeAction } from './znode-automaton.ts';

export const znodeModel = modelOf({
  name: 'znode',
  understand,
  compile: (actions, initial) => compileZnode(actions, initial === null ? null : dataOf(initial)),
});

function understand(operation: Operation): Result<ZnodeAction | null, string> {
  const { f, input, output, outcome } = operation;
  const known = outcome === 'ok';
  const expected = numberIn(input, 'version') ?? anyVersion;
  const refusal = known ? refusalIn(output) : null;
  if (refusal !== null) {
    const possible = refusalsOf[f] ?? [];
    if (!possible.includes(refusal as Refusal))
      return fail(`${f} answered "${refusal}"; expected ${possible.join(', ') || 'no error'}`);
    return ok({ kind: 'refused', by: f, refusal: refusal as Refusal, expected });
  }
  const answered = isObject(output) ? output : {};
  switch (f) {
    case 'create':
      return ok({ kind: 'create', data: dataOf(input) });
    case 'delete':
      return ok({ kind: 'delete', expected });
    case 'setData':
      return ok({ kind: 'setData', data: dataOf(input), expected, version: numberIn(answered, 'version') });
    case 'getData':
      return ok(
        known ? { kind: 'getData', data: dataOf(output), version: numberIn(answered, 'version') } : null,
      );
    case 'exists':
      if (!known) return ok(null);
      if (output === null || output === false)
        return ok({ kind: 'refused', by: f, refusal: 'noNode', expected: anyVersion });
      return ok({ kind: 'exists', version: numberIn(answered, 'version') });
    default:
      return fail(
        `the model znode has no operation "${f}"; expected create, delete, setData, getData or exists`,
      );
  }
}

const refusalsOf: Readonly<Record<string, readonly Refusal[]>> = {
  create: ['nodeExists'],
  delete: ['noNode', 'badVersion'],
  setData: ['noNode', 'badVersion'],
  getData: ['noNode'],
  exists: ['noNode'],
};

/** The data alone, or an object that holds it, as text; none is stored as empty. */
function dataOf(value: Value): string {
  const data = isObject(value) ? value['data'] : value;
  return canonicalText(data ?? '');
}

function numberIn(value: Value, name: string): number | null {
  const found = isObject(value) ? value[name] : undefined;
  return typeof found === 'number' ? found : null;
}

function refusalIn(value: Value): string | null {
  const found = isObject(value) ? value['error'] : undefined;
  return typeof found === 'string' ? found : null;
}
