/** Applies one write or a `multi`, which takes effect as a whole or not at all. */
import { unreachable } from '../base/assert.ts';
import { applyCreate } from './apply-create.ts';
import { applyDelete } from './apply-delete.ts';
import { applyCheck, applySetAcl, applySetData } from './apply-set.ts';
import type { MultiPartAnswer, TreeWrite, WriteAnswer, WriteRequest } from './requests.ts';
import { failures, type PartAnswer, type WriteContext } from './write-context.ts';

const rolledBack = { kind: 'rolledBack' } as const;

/** Total: every request has an answer on every tree. */
export function applyWrite(context: WriteContext, request: WriteRequest): WriteAnswer {
  if (request.kind === 'multi') return { kind: 'multi', parts: applyMulti(context, request.parts) };
  return applyPart(context, request);
}

/**
 * Applies the parts in order, each seeing the ones before it. When one fails, everything is taken
 * back: it answers its own error, those before it `rolledBack`, those after it
 * `runtimeInconsistency` (`PrepRequestProcessor`, `DataTree.processTxn`).
 */
function applyMulti(context: WriteContext, parts: readonly TreeWrite[]): readonly MultiPartAnswer[] {
  const { tree, events } = context;
  const eventsBefore = events.length;
  tree.beginJournal();
  const answers: MultiPartAnswer[] = [];
  for (const part of parts) {
    const answer = applyPart(context, part);
    if (answer.kind === 'error') {
      tree.undoChanges();
      events.length = eventsBefore;
      return parts.map((_, at) => {
        if (at < answers.length) return rolledBack;
        return at === answers.length ? answer : failures.runtimeInconsistency;
      });
    }
    answers.push(answer);
  }
  tree.keepChanges();
  return answers;
}

function applyPart(context: WriteContext, write: TreeWrite): PartAnswer {
  switch (write.kind) {
    case 'create':
      return applyCreate(context, write);
    case 'delete':
      return applyDelete(context, write);
    case 'setData':
      return applySetData(context, write);
    case 'setAcl':
      return applySetAcl(context, write);
    case 'check':
      return applyCheck(context, write);
    default:
      return unreachable(write);
  }
}
