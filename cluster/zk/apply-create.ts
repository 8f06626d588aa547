/** Applies `create` and `create2` (`PrepRequestProcessor.pRequest2TxnCreate`, `DataTree.createNode`). */
import { type SessionId, sessionId } from '../base/ids.ts';
import { isResolvedAcl, permits } from './acl.ts';
import { findFlaw } from './admit.ts';
import { parentPath } from './path.ts';
import { permissions } from './records.ts';
import type { TreeWrite } from './requests.ts';
import { failures, type PartAnswer, type WriteContext } from './write-context.ts';
import { statOf } from './znode.ts';

type Create = Extract<TreeWrite, { readonly kind: 'create' }>;

const nobody = sessionId(0);
const sequenceDigits = 10;

export function applyCreate(context: WriteContext, create: Create): PartAnswer {
  const flaw = findFlaw(create);
  if (flaw !== null) return failures[flaw];
  if (!isResolvedAcl(create.acl)) return failures.invalidAcl;
  const { tree } = context;
  const parent = tree.parentOf(create.path);
  if (parent === undefined) return failures.noNode;
  if (!permits(parent.acl.acl, permissions.create, context.auth)) return failures.noAuth;
  const path = isSequential(create) ? create.path + sequenceSuffix(parent.childrenCreated) : create.path;
  if (tree.get(path) !== undefined) return failures.nodeExists;
  if (parent.owner !== nobody) return failures.noChildrenForEphemerals;

  const owner = ownerOf(create, context.session);
  const created = tree.create({ path, parent, data: create.data, acl: create.acl, owner }, context.moment);
  context.events.push({ kind: 'nodeCreated', path }, { kind: 'nodeChildrenChanged', path: parentPath(path) });
  return { kind: 'created', path, stat: create.wantsStat ? statOf(created) : null };
}

function isSequential(create: Create): boolean {
  return create.mode === 'persistentSequential' || create.mode === 'ephemeralSequential';
}

function ownerOf(create: Create, session: SessionId): SessionId {
  return create.mode === 'ephemeral' || create.mode === 'ephemeralSequential' ? session : nobody;
}

/** Java's `%010d` of a 32-bit counter: the sign takes one of the ten places. */
function sequenceSuffix(counter: number): string {
  return counter < 0
    ? `-${String(-counter).padStart(sequenceDigits - 1, '0')}`
    : String(counter).padStart(sequenceDigits, '0');
}
